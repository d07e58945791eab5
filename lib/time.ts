/** A point in time: epoch milliseconds. Instants cross the wire as numbers, so that fetched and hydrated values are the same value. */
export type Instant = number;

/** The last day that stands for "without an end": a hold until then is one for ever. */
export const FOR_EVER: Instant = Date.UTC(9000, 11, 31);
export const isForEver = (at: Instant): boolean => at >= Date.UTC(9000, 11, 30);

export const seconds = (n: number): number => n * 1_000;
export const minutes = (n: number): number => n * 60_000;
export const hours = (n: number): number => n * 3_600_000;
export const days = (n: number): number => n * 86_400_000;

/** A duration in words, two units at most: `0.4 s`, `22 s`, `7m 40s`, `1h 05m`, `2d 4h`. Milliseconds in; never negative. */
export function durationWords(ms: number): string {
  if (Number.isNaN(ms)) return "–";
  const value = Math.min(Math.max(0, ms), days(999_999));
  if (value < 9_950) return `${(value / 1_000).toFixed(1)} s`;
  const s = Math.round(value / 1_000);
  if (s < 60) return `${s} s`;
  const m = Math.floor(s / 60);
  if (m < 60) return `${m}m ${String(s % 60).padStart(2, "0")}s`;
  const h = Math.floor(m / 60);
  if (h < 24) return `${h}h ${String(m % 60).padStart(2, "0")}m`;
  return `${Math.floor(h / 24)}d ${h % 24}h`;
}

/** A duration in one unit, as in the sidebar: `7m`, `22s`, `2d`. */
export function durationShort(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000));
  if (s < 60) return `${s}s`;
  if (s < 3_600) return `${Math.floor(s / 60)}m`;
  if (s < 86_400) return `${Math.floor(s / 3_600)}h`;
  return `${Math.floor(s / 86_400)}d`;
}

/** A contract's window in words: `5 min`, `30 s`, `24 h`, `90 min`, `30 days`. */
export function windowWords(ms: number): string {
  if (ms % days(1) === 0 && ms >= days(2)) return `${ms / days(1)} days`;
  if (ms % hours(1) === 0 && ms >= hours(2)) return `${ms / hours(1)} h`;
  if (ms % minutes(1) === 0) return `${ms / minutes(1)} min`;
  return `${ms / 1_000} s`;
}
