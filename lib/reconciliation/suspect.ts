import { sinceOf } from "../observation/rules";
import type { Instant } from "../time";
import { type Difference, instantOfText, newest, type Pair, printOf } from "./compare";
import { dueIn, isBehind, isBusy, type Observation } from "./judge";
import type { NewSuspect } from "./record.sql";
import { type Judged, limits, type Moment, recheckMs } from "./rules";
import type { Turn } from "./turn";
import { seenWords } from "./words";

/** What a re-read of one key found, as it is judged. */
export type Seen = Observation & { pair: Pair; changedUpTo: string | null };

export const seenOf = (turn: Turn, pair: Pair, at: { authorityNow: number; changedUpTo: string | null }): Seen => ({
  pair,
  difference: turn.comparison.differenceOf(pair),
  authority: newest(pair.authority),
  projection: newest(pair.projection),
  authorityNow: at.authorityNow,
  changedUpTo: at.changedUpTo,
  now: turn.now,
});

/** A difference as a suspect that is first seen now, or is begun anew. */
export function suspectOf(
  turn: Turn,
  seen: Seen & { difference: Difference },
  before: { restarts: number; history: Moment[] } = { restarts: 0, history: [] },
): NewSuspect {
  const { difference, authority, projection, pair, now } = seen;
  const { contract } = turn.rule;
  const judged: Judged = {
    ...difference,
    state: "suspect",
    firstSeenAt: now,
    // One side's version alone tells nothing about the other's.
    version: contract.projection.version === null ? null : (authority?.version ?? null),
    changedAt: authority?.changedAt ?? null,
    authorityPrint: printOf(authority),
    projectionPrint: printOf(projection),
    seenN: 1,
    restarts: before.restarts,
  };
  return {
    ...judged,
    key: pair.key,
    since: sinceOfFact(turn, judged, now),
    fields: turn.comparison.fieldsOf(pair),
    explainedBy: explained(turn, judged.changedAt, seen),
    history: remembered(before.history, { at: now, text: seenWords(difference) }),
    dueAt: now + dueIn(judged, seen, turn.bounds, everyMs(turn)),
  };
}

/** How often this rule looks at a key again. */
export const everyMs = (turn: Turn): number => recheckMs(turn.bounds.windowMs);

/** What delays the whole projection, if that explains this key; a busy key says so itself. */
export function explained(turn: Turn, changedAt: string | null, { changedUpTo }: Seen, restarts = 0): string | null {
  if (isBehind(changedAt, changedUpTo, turn.offsets)) return "lag";
  return isBusy(restarts) ? "busy" : null;
}

/** The newest moments of a divergence; the first one stays. */
export const remembered = (history: readonly Moment[], moment: Moment): Moment[] =>
  history.length < limits.historyMax
    ? [...history, moment]
    : [history[0]!, ...history.slice(history.length - limits.historyMax + 2), moment];

// What only the projection has, or has newer, has no time at the authority that its age could count from.
function sinceOfFact(turn: Turn, { kind, detail, changedAt }: Judged, now: Instant): Instant {
  const counts = kind === "missing" || (kind === "mismatch" && detail !== "newer");
  return counts ? sinceOf(instantOfText(changedAt), turn.offsets.authority, now).since : now;
}
