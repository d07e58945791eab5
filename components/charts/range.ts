import { momentText } from "@/components/ui/format";
import { betweenText, type PresetRange, presetRanges, type Range, rangeLimits, rangeOf, spanOf } from "@/lib/range";
import { days, hours, type Instant, minutes, seconds, windowWords } from "@/lib/time";

/** A preset as its button says it. */
export const rangeWords: Record<PresetRange, string> = {
  "30m": "30 min",
  "1h": "1 h",
  "6h": "6 h",
  "24h": "24 h",
  "7d": "7 d",
  "30d": "30 d",
  "90d": "90 d",
  "400d": "400 d",
};

/** What a range shows, as a title: `Last 30 min`, `03:04 to 03:41`. */
export function rangeTitle(range: Range, now: Instant): string {
  if (range.to === null) return `Last ${windowWords(range.spanMs)}`;
  const { from, to } = spanOf(range, now);
  return `${momentText(from, now)} to ${momentText(to, now)}`;
}

type Incident = { since: Instant | null; oldest: Instant | null; troubled: boolean };

/**
 * The range that a zone opens with. Trouble is shown from its beginning, with half as much before it. A verdict that is young is looked
 * at closely, also when it is good again; anything else over a day.
 */
export function defaultRange({ since, oldest, troubled }: Incident, now: Instant): PresetRange {
  if (since === null) return "24h";
  const began = troubled ? Math.min(since, oldest ?? since) : since;
  if (!troubled) return now - began < minutes(15) ? "30m" : "24h";
  return presetRanges.find((preset) => rangeOf(preset)!.spanMs >= (now - began) * 1.5) ?? "400d";
}

/** How often a chart is worth asking for: a point is a step wide; what lies in the past stands still. */
export function chartIntervalMs(text: string, now: Instant): number | false {
  const range = rangeOf(text);
  if (range === null || (range.to !== null && range.to < now - minutes(2))) return false;
  return Math.min(minutes(5), Math.max(seconds(5), range.spanMs / 360));
}

/** One preset further out or in than a range, whatever range that is. */
export function steppedRange(text: string, by: 1 | -1): PresetRange {
  const span = rangeOf(text)?.spanMs ?? hours(24);
  const spans = presetRanges.map((preset) => rangeOf(preset)!.spanMs);
  const i = by > 0 ? spans.findIndex((each) => each > span) : spans.findLastIndex((each) => each < span);
  return presetRanges[i] ?? (by > 0 ? presetRanges.at(-1)! : presetRanges[0]);
}

/** Why a text is no range of at most so long, for who wrote it; null when it is one. */
export function wrongRange(text: string, relative: boolean, mostMs: number = rangeLimits.mostMs): string | null {
  const range = rangeOf(text);
  if (range !== null && range.spanMs <= mostMs) return null;
  const most = mostMs / days(1);
  if (relative) return `Write a number with m, h or d, at least 1m and at most ${most}d.`;
  const [from, to] = text.split("-").map(Number);
  if (!from || !to) return "Give both times.";
  return to <= from ? "The end lies before the beginning." : `At least a minute, at most ${most} days.`;
}

/** The range of a span that was drawn; of a shorter one than there are points for, the minute around it. */
export function zoomedText(from: Instant, to: Instant): string {
  const short = Math.max(0, rangeLimits.leastMs - (to - from)) / 2;
  return betweenText(Math.floor(from - short), Math.ceil(to + short));
}
