import { type Hours, type Weekday, weekdays } from "../channels/rules";
import type { Instant } from "../time";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const parts = {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  } as const;
  const made = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...parts });
  formats.set(timeZone, made);
  return made;
}

/** What the clock on the wall of a time zone shows: day, minute since midnight, and the date. */
export function wallClock(at: Instant, timeZone: string): { day: Weekday; minute: number; date: string } {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: parts.weekday!.slice(0, 3).toLowerCase() as Weekday,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
    date: `${parts.year}-${parts.month}-${parts.day}`,
  };
}

const dayBefore = (day: Weekday): Weekday => weekdays[(weekdays.indexOf(day) + 6) % 7]!;

/** Whether a moment is within days and hours, by the clock on the wall: what goes over midnight belongs to the day that it begins on. */
export function isWithin(
  { days, hours, timeZone }: { days: readonly Weekday[]; hours: Hours | null; timeZone: string },
  at: Instant,
): boolean {
  if (days.length === 0 && hours === null) return true;
  const { day, minute } = wallClock(at, timeZone);
  const isDay = (one: Weekday): boolean => days.length === 0 || days.includes(one);
  if (hours === null) return isDay(day);
  if (hours.from < hours.to) return isDay(day) && minute >= hours.from && minute < hours.to;
  return (isDay(day) && minute >= hours.from) || (isDay(dayBefore(day)) && minute < hours.to);
}
