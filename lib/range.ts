import { days, hours, type Instant, minutes } from "./time";

/** What a chart shows: a span that ends now, or one between two instants. */
export type Range = { spanMs: number; to: Instant | null };

/** Ranges that a press of a button or a key gives. */
export const presetRanges = ["30m", "1h", "6h", "24h", "7d", "30d", "90d", "400d"] as const;
export type PresetRange = (typeof presetRanges)[number];

/**
 * History is kept for 400 days; below a minute there is less than a handful of points. All zones at once are charted over a week at most:
 * a month of 50 zones is 36,000 histograms, a second of work for a look at the overview.
 */
export const rangeLimits = { leastMs: minutes(1), mostMs: days(400), allZonesMostMs: days(7) } as const;

const units = { m: minutes(1), h: hours(1), d: days(1) } as const;

/** A range as a link has it: `45m`, `6h`, `400d`, or two instants in milliseconds, `1767225600000-1767229200000`; null is none. */
export function rangeOf(text: string): Range | null {
  const relative = /^(\d{1,6})([mhd])$/.exec(text);
  if (relative) return within({ spanMs: Number(relative[1]) * units[relative[2] as keyof typeof units], to: null });
  const absolute = /^(\d{12,14})-(\d{12,14})$/.exec(text);
  if (!absolute) return null;
  const [from, to] = [Number(absolute[1]), Number(absolute[2])];
  return within({ spanMs: to - from, to });
}

const within = (range: Range): Range | null =>
  range.spanMs >= rangeLimits.leastMs && range.spanMs <= rangeLimits.mostMs ? range : null;

/** The text of the range between two instants. */
export const betweenText = (from: Instant, to: Instant): string => `${Math.round(from)}-${Math.round(to)}`;

/** From when to when a range goes, now; nothing is shown of what is still to come. */
export function spanOf({ spanMs, to }: Range, now: Instant): { from: Instant; to: Instant } {
  const end = Math.min(to ?? now, now);
  return { from: (to ?? now) - spanMs, to: Math.max(end, (to ?? now) - spanMs + rangeLimits.leastMs) };
}

/** The period of the same length before. */
export function beforeText(range: Range, now: Instant): string {
  const { from, to } = spanOf(range, now);
  return betweenText(from - (to - from), from);
}
