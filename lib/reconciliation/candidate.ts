import { sinceOf } from "../sources/clocks.rules";
import type { Instant } from "../time";
import { type Difference, digestOf, instantOfText, newest, type Pair } from "./compare";
import { dueIn, isBehind, isBusy, type Observation } from "./judge";
import type { NewCandidate } from "./record.sql";
import { type Judged, limits, type Moment, recheckMs } from "./rules";
import { byNow, type Run } from "./run";
import { seenWords } from "./words";

/** What a re-read of one key found, as it is judged; `readAt` is when it had been read. */
export type Seen = Observation & { pair: Pair; changedUpTo: string | null; readAt: Instant };

export const seenOf = (run: Run, pair: Pair, at: { authorityNow: number; changedUpTo: string | null }): Seen => ({
  pair,
  difference: run.comparison.differenceOf(pair),
  authority: newest(pair.authority),
  projection: newest(pair.projection),
  authorityNow: at.authorityNow,
  changedUpTo: at.changedUpTo,
  now: run.now,
  readAt: byNow(run),
});

/** A difference as a candidate that is first seen now, or is begun anew. */
export function candidateOf(
  run: Run,
  seen: Seen & { difference: Difference },
  before: { restarts: number; history: Moment[] } = { restarts: 0, history: [] },
): NewCandidate {
  // It may have begun to differ while it was read: its age counts from afterwards.
  const { difference, authority, projection, pair, now, readAt } = seen;
  const { contract } = run.rule;
  const judged: Judged = {
    ...difference,
    state: "candidate",
    firstSeenAt: readAt,
    // One side's version alone tells nothing about the other's.
    version: contract.projection.version === null ? null : (authority?.version ?? null),
    changedAt: authority?.changedAt ?? null,
    authorityDigest: digestOf(authority),
    projectionDigest: digestOf(projection),
    seenN: 1,
    restarts: before.restarts,
  };
  return {
    ...judged,
    key: pair.key,
    since: sinceOfFact(run, judged, readAt, before.restarts === 0 ? run.agreedAt : null),
    fields: run.comparison.fieldsOf(pair),
    explainedBy: explained(run, judged.changedAt, seen),
    history: remembered(before.history, { at: now, text: seenWords(difference) }),
    dueAt: now + dueIn(judged, seen, run.bounds, everyMs(run)),
  };
}

/** How often this rule looks at a key again. */
export const everyMs = (run: Run): number => recheckMs(run.bounds.windowMs);

/** What delays the whole projection, if that explains this key; a busy key says so itself. */
export function explained(run: Run, changedAt: string | null, { changedUpTo }: Seen, restarts = 0): string | null {
  if (isBehind(changedAt, changedUpTo, run.offsets)) return "lag";
  return isBusy(restarts) ? "busy" : null;
}

/** The newest moments of a divergence; the first one stays. */
export const remembered = (history: readonly Moment[], moment: Moment): Moment[] =>
  history.length < limits.historyMax
    ? [...history, moment]
    : [history[0]!, ...history.slice(history.length - limits.historyMax + 2), moment];

// What only the projection has, or has newer, has no time at the authority that its age could count from. And what agreed is no older than that:
// a projection that goes wrong by itself differs from a row that was changed long ago.
function sinceOfFact(run: Run, { kind, detail, changedAt }: Judged, now: Instant, agreedAt: Instant | null): Instant {
  const counts = kind === "missing" || (kind === "mismatch" && detail !== "newer");
  return counts ? Math.max(sinceOf(instantOfText(changedAt), run.offsets.authority, now).since, agreedAt ?? 0) : now;
}
