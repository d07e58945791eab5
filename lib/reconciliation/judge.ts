import { correction } from "../sources/clocks.rules";
import type { RelationRow } from "../sources/comparable";
import type { Instant } from "../time";
import { compareVersions, type Difference, digestOf, instantOfText } from "./compare";
import { graceMs, type Judged, limits } from "./rules";

/** What a re-read found: the projection's row first, the authority's second, with the authority's clock before it. */
export type Observation = {
  difference: Difference | null;
  authority: RelationRow | undefined;
  projection: RelationRow | undefined;
  authorityNow: Instant;
  now: Instant;
};

export type Bounds = { windowMs: number; usualLagMs: number; projectionTellsChange: boolean };

/**
 * What an observation makes of what was known. converged: both say the same. arrived: the projection has reached the version that was first
 * seen, and what differs now is another fact. anew: what was first seen can no longer be told from what came after it. Both of the latter
 * are judged from now on. opens: it is a divergence.
 */
export type Ruling = "converged" | "arrived" | "anew" | "opens" | "stays";

/**
 * A difference is a candidate until it is older than the window, seen twice a grace apart, and not explained by a newer version.
 * A newer version of the authority restarts nothing: what was first seen is judged, or a busy key would never be.
 */
export function rulingOf(known: Judged, seen: Observation, bounds: Bounds): Ruling {
  const { difference } = seen;
  if (difference === null) return "converged";
  if (hasArrived(known, seen)) return "arrived";
  if (sortOf(known) !== sortOf({ ...difference, version: known.version })) return "anew";
  if (isUnsure(known, seen, bounds)) return "anew";
  if (known.state !== "candidate") return "stays";
  const apart = seen.now - known.firstSeenAt >= graceMs(bounds.windowMs, bounds.usualLagMs);
  return apart && ageOf(known, seen) > bounds.windowMs ? "opens" : "stays";
}

/** The projection holds what was first seen or something newer, so that what differs now is on its way, or another fact. */
function hasArrived(known: Judged, { projection }: Observation): boolean {
  if (sortOf(known) !== "behind" || known.version === null || projection?.version == null) return false;
  return compareVersions(projection.version, known.version) >= 0;
}

/** What is missing and what is older are one fact that has not arrived; every other kind is a fact of its own. */
function sortOf({ kind, detail, version }: Pick<Judged, "kind" | "detail" | "version">): string {
  if (kind === "missing" || (kind === "mismatch" && (detail === "older" || version === null))) return "behind";
  return detail ?? kind;
}

/**
 * Whether a row moved between two looks in a way that what was first seen may have been settled in between: without a version the
 * authority's, which the projection may have followed; of what the authority does not have, the projection's. What is open stays so
 * while its projection has provably not moved.
 */
function isUnsure(known: Judged, { authority, projection }: Observation, { projectionTellsChange }: Bounds): boolean {
  const sort = sortOf(known);
  const moved = (digestOf(projection) ?? null) !== known.projectionDigest;
  if (sort === "mismatch" || (sort === "behind" && known.version === null))
    return digestOf(authority) !== known.authorityDigest && (known.state === "candidate" || moved || !projectionTellsChange);
  return known.state === "candidate" && (sort === "unexpected" || sort === "duplicate") && moved;
}

/** By the authority's own clock since the row changed; since it was first seen, where no such time says how long the projection has had. */
function ageOf(known: Judged, seen: Observation): number {
  const changedAt = sortOf(known) === "behind" ? instantOfText(known.changedAt) : null;
  const isTime = changedAt !== null && changedAt <= seen.authorityNow;
  return isTime ? seen.authorityNow - changedAt : seen.now - known.firstSeenAt;
}

/**
 * How long a candidate may wait for its next look: as it is looked at anyway, or sooner, when it may open before that, and the first time,
 * since most of them have converged by then.
 */
export function dueIn(known: Judged, seen: Observation, bounds: Bounds, everyMs: number): number {
  if (known.state !== "candidate") return everyMs;
  const grace = known.firstSeenAt + graceMs(bounds.windowMs, bounds.usualLagMs) - seen.now;
  const age = bounds.windowMs - ageOf(known, seen);
  return Math.min(everyMs, Math.max(grace, known.seenN < 2 ? 0 : age, 0) + 50);
}

/** A candidate that was begun anew so often cannot be judged: its key is changed faster than two looks at it. */
export const isBusy = (restarts: number): boolean => restarts >= limits.restartsMax;

/** Whether the projection has applied nothing since the authority's change: then what delays all of it explains this key too. */
export function isBehind(
  changedAt: string | null,
  changedUpTo: string | null,
  offsets: { authority: number; projection: number },
): boolean {
  const [changed, upTo] = [instantOfText(changedAt), instantOfText(changedUpTo)];
  if (changed === null || upTo === null) return false;
  return upTo - correction(offsets.projection) < changed - correction(offsets.authority);
}
