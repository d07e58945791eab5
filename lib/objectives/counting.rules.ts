import { type Instant, seconds } from "../time";

/** Levels of the counts in seconds. */
export const levels = [60, 3_600, 86_400] as const;
export type Level = (typeof levels)[number];

/** How deliveries, or compared rows, went: kept · of these within a fifth of the window · missed · of these converged since, and within twice the window. */
export type Counts = { keptN: number; fifthN: number; missedN: number; lateN: number; doubleN: number };
export const noCounts: Counts = { keptN: 0, fifthN: 0, missedN: 0, lateN: 0, doubleN: 0 };

/** What stood in a delivery's way when its window ended; `late` where it had converged before anybody knew, `group:12` a group of dead letters. */
export type CauseCode = "unpublished" | "undelivered" | "held" | "late" | `group:${number}`;

/** Of a fact that was open before anything counted. */
export const BEFORE = "before";

/** A delivery that converged. `missed`: what it was counted under when its window ended, null where it was not counted yet. */
export type Converged = { since: Instant; processedAt: Instant; missed: string | null };

/** One change to the counts of the moment `at`; `cause` where it is about what was missed. */
export type Change = { at: Instant; counts: Partial<Counts>; cause?: string };

/**
 * What a converged delivery changes in the counts. It is judged once: when it was processed, or, where its window had ended by then, at
 * that end. A row that became visible only after its delivery was counted as missed, and says that it was in time, moves it.
 */
export function changesOf({ since, processedAt, missed }: Converged, windowMs: number): Change[] {
  if (missed === BEFORE) return [];
  const end = since + windowMs;
  // Times have microseconds, and a double of this size not quite: compared as whole ones.
  const lagMs = Math.round((processedAt - since) * 1_000) / 1_000;
  if (lagMs <= windowMs) {
    const kept = { at: processedAt, counts: { keptN: 1, fifthN: Number(lagMs <= windowMs / 5) } };
    return missed === null ? [kept] : [kept, { at: end, counts: { missedN: -1 }, cause: missed }];
  }
  const late = { lateN: 1, doubleN: Number(lagMs <= windowMs * 2) };
  return missed === null
    ? [{ at: end, counts: { missedN: 1, ...late }, cause: "late" satisfies CauseCode }]
    : [{ at: end, counts: late }];
}

/** The beginning of the bucket of a level that a moment lies in. Days are those of UTC. */
export const bucketAt = (at: Instant, level: Level): Instant => Math.floor(at / seconds(level)) * seconds(level);
