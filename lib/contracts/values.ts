import { days, hours, minutes, seconds } from "../time";

const unitMs = { ms: 1, s: seconds(1), m: minutes(1), h: hours(1), d: days(1) } as const;

/** As JSON Schema says it too. */
export const durationPattern = /^\d+(\.\d+)?(ms|s|m|h|d)$/;
export const percentPattern = /^\d{1,3}(\.\d+)?%$/;

// Beyond ten years somebody mistyped a unit.
const longestMs = days(3_650);

/** `5m` as milliseconds; null for anything that is no positive duration up to ten years. */
export function durationMs(text: string): number | null {
  if (!durationPattern.test(text)) return null;
  const unit = /[a-z]+$/.exec(text)![0] as keyof typeof unitMs;
  const ms = Number.parseFloat(text) * unitMs[unit];
  return ms >= 1 && ms <= longestMs ? Math.round(ms) : null;
}

/** `99.9%` as 0.999; null for anything but a percentage above 0 and up to 100. */
export function percentRatio(text: string): number | null {
  if (!percentPattern.test(text)) return null;
  const percent = Number.parseFloat(text);
  // Rounded, so that 99.9 % is 0.999 and not 0.9990000000000001.
  return percent > 0 && percent <= 100 ? Number((percent / 100).toFixed(10)) : null;
}

/** A day such as 2027-01-31 as the first instant of the day after it, UTC; null when the calendar has no such day. */
export function dayEnd(text: string): number | null {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== text) return null;
  return start + days(1);
}

/** Whether a regular expression compiles. */
export function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the runtime knows a time zone by this name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
