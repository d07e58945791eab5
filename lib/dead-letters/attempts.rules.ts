import { INSTANT_MAX } from "../parsing";
import type { Instant } from "../time";

/** One attempt as a consumer logged it; what it left out, or wrote otherwise, is null. */
type ReadAttempt = { at: Instant | null; errorType: string | null; errorMessage: string | null; durationMs: number | null };

/** The attempt log as far as it can be read: services write it, and a line that is none is left out. */
export function attemptsOf(log: unknown): ReadAttempt[] {
  if (!Array.isArray(log)) return [];
  return log.slice(0, 100).flatMap((entry: unknown) => {
    if (entry === null || typeof entry !== "object" || "left_out" in entry) return [];
    const { at, error_type, error_message, duration_ms } = entry as Record<string, unknown>;
    const instant = typeof at === "string" ? Date.parse(at) : typeof at === "number" ? at : Number.NaN;
    const text = (value: unknown) => (typeof value === "string" ? value.slice(0, 2_000) : null);
    return [
      {
        at: Math.abs(instant) <= INSTANT_MAX ? instant : null,
        errorType: text(error_type),
        errorMessage: text(error_message),
        durationMs: typeof duration_ms === "number" && duration_ms >= 0 ? Math.min(duration_ms, INSTANT_MAX) : null,
      },
    ];
  });
}

/** What the source left out of a log that was too long. */
export function leftOutOf(log: unknown): { afterN: number; n: number | null } | null {
  if (!Array.isArray(log)) return null;
  const afterN = log.findIndex((entry) => entry !== null && typeof entry === "object" && "left_out" in entry);
  if (afterN < 0) return null;
  const n: unknown = log[afterN].left_out;
  return { afterN, n: typeof n === "number" ? n : null };
}
