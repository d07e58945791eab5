import { durationWords, type Instant } from "@/lib/time";

const NBSP = " ";

/** A duration that does not break: `7m 40s`. Milliseconds in. */
export const durationText = (ms: number): string => durationWords(ms).replace(" ", NBSP);

/** A duration in a table of traces: `38 ms` under a second, else as words. */
export const traceText = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)}${NBSP}ms` : durationText(ms));

/** Exact to 99,999 with separators, then `128 k` (show the exact figure on hover). */
export function countText(n: number): string {
  if (n <= 99_999) return n.toLocaleString("en-US");
  if (n < 999_500) return `${Math.round(n / 1_000)}${NBSP}k`;
  return `${(n / 1_000_000).toFixed(1)}${NBSP}M`;
}

/** A share as percent: `98.2 %`. Never rounds to 100 % unless it is. */
export function percentText(share: number, digits = 1): string {
  if (share === 1) return `100${NBSP}%`;
  const floor = 10 ** digits;
  const value = Math.min(Math.round(share * 100 * floor) / floor, 100 - 1 / floor);
  return `${value.toFixed(digits)}${NBSP}%`;
}

type Zone = string | undefined;

// What every time on the page is written in: the browser's own unless the viewer chose UTC.
let viewerZone: Zone;
/** Has every time written in a zone from the next drawing on; undefined is the browser's. */
export function writeTimesIn(zone: Zone): void {
  viewerZone = zone;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatter(name: string, named: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zone = named ?? viewerZone;
  const key = `${name}|${zone ?? ""}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone, hourCycle: "h23" });
    formats.set(key, found);
  }
  return found;
}

/** `03:05:31`, in the viewer's zone unless one is named. */
export const clockText = (at: Instant, zone?: string): string =>
  formatter("clock", zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);

/** `03:05` */
export const minuteText = (at: Instant, zone?: string): string =>
  formatter("minute", zone, { hour: "2-digit", minute: "2-digit" }).format(at);

/** `16 Jun` */
export const dayText = (at: Instant, zone?: string): string =>
  formatter("day", zone, { day: "numeric", month: "short" }).format(at);

/** `16 Jun`, in another year `16 Jun 2027`. */
export const dateText = (at: Instant, now: Instant, zone?: string): string =>
  dateKey(at, zone).slice(-4) === dateKey(now, zone).slice(-4)
    ? dayText(at, zone)
    : formatter("dated", zone, { day: "numeric", month: "short", year: "numeric" }).format(at);

const weekdayText = (at: Instant, zone?: string): string => formatter("weekday", zone, { weekday: "short" }).format(at);
const dateKey = (at: Instant, zone?: string): string =>
  formatter("date", zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(at);

/** `03:05:31` today, `Mon 22:14` this week, `16 Jun 22:14` after, `16 Jun 2025 22:14` in another year. */
export function whenText(at: Instant, now: Instant, zone?: string): string {
  if (dateKey(at, zone) === dateKey(now, zone)) return clockText(at, zone);
  const within = Math.abs(now - at) < 6 * 86_400_000;
  return `${within ? weekdayText(at, zone) : dateText(at, now, zone)} ${minuteText(at, zone)}`;
}

/** As inside a sentence: `03:05` today, `Mon 22:14` this week, `16 Jun 22:14` after. */
export function momentText(at: Instant, now: Instant, zone?: string): string {
  return dateKey(at, zone) === dateKey(now, zone) ? minuteText(at, zone) : whenText(at, now, zone);
}

/** The same instant in UTC, for hovers and records: `2026-06-16 01:05:31 UTC`. */
export const utcText = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** The same instant as the viewer does not read it: in UTC, or for who reads UTC in the browser's zone. */
export function otherText(at: Instant): string {
  if (viewerZone !== "UTC") return utcText(at);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `${dayText(at, own)} ${clockText(at, own)} ${own}`;
}

/** An instant as a field for dates and times takes it, in the viewer's zone: `2026-06-16T03:05`. */
export function inputTime(at: Instant): string {
  const [day, month, year] = dateKey(at).split("/");
  return `${year}-${month}-${day}T${minuteText(at)}`;
}

/** The instant that such a field holds; NaN while it holds none. */
export const readInputTime = (text: string): Instant => Date.parse(viewerZone === "UTC" ? `${text}Z` : text);

/** `CEST`, or `GMT+2` where the zone has no name. */
export function zoneName(at: Instant): string {
  const parts = formatter("zone", undefined, { timeZoneName: "short", hour: "2-digit" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "UTC";
}

/** `M. Keller` becomes `MK`. */
export const initials = (name: string): string =>
  name
    .split(/[\s.@_-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase())
    .join("");
