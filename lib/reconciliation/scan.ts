import { setTimeout as sleep } from "node:timers/promises";
import { fromSource, SourceFailure } from "../observation/failures";
import type { Instant } from "../time";
import { type Difference, instantOfText, type Pair } from "./compare";
import { readKeys, readPairs } from "./pages";
import { deleteSuspectsBeyond, insertSuspects, type NewSuspect } from "./record.sql";
import { markPlace, markRan, type RuleRow, selectRule } from "./rule.sql";
import { isMass, limits, type RunPlace } from "./rules";
import { type Seen, seenOf, suspectOf } from "./suspect";
import { fenced, NotComparable, renew, type Turn } from "./turn";

type Step = { place: RunPlace; suspects: NewSuspect[]; next: Pick<RunPlace, "pass" | "after"> | null; readMs: number };

/**
 * Goes on with the run that is due, page by page and with pauses, until it ends or its slice is over; whoever comes next goes on at the
 * last page that was stored. Answers whether more is to be read.
 */
export async function scanDue(turn: Turn, signal?: AbortSignal): Promise<"done" | "more"> {
  const state = await selectRule(turn.db, turn.rule);
  const started = state && placeOf(state, turn.now);
  if (!started) return "done";
  let place = started;
  let most = turn.pageSize ?? limits.pageMin * 5;
  const until = performance.now() + limits.sliceMs;
  for (;;) {
    if (signal?.aborted) return "more";
    await renew(turn);
    const step = await readStep(turn, place, most).catch((error) => {
      if (!isTimeout(error) || most <= limits.pageMin) throw error;
      return null;
    });
    if (step === null) {
      most = Math.max(limits.pageMin, Math.floor(most / 4));
      continue;
    }
    place = step.place;
    if (await store(turn, step)) return "done";
    if (performance.now() >= until) return "more";
    most = turn.pageSize ?? pageAfter(most, step.readMs);
    await pause(step.readMs * (1 / (turn.duty ?? limits.duty) - 1), signal);
  }
}

function placeOf({ place, nextRunAt }: RuleRow, now: Instant): RunPlace | null {
  if (place !== null) return place;
  if (nextRunAt > now) return null;
  const zero = { authorityN: 0, projectionN: 0, matchedN: 0, suspectsN: 0, oldN: 0, sourceMs: 0, bytesN: 0 };
  return { startedAt: now, pass: 1, after: null, ...zero };
}

/** Reads a page of both sides; what differs is read again by key before it is suspected: most of it was read at two moments. */
async function readStep(turn: Turn, place: RunPlace, most: number): Promise<Step> {
  const startedAt = performance.now();
  const { pairs, next } = await fromSource(readPairs(turn.sides, place, most));
  const keys = pairs.filter((pair) => turn.comparison.differenceOf(pair) !== null).map((pair) => pair.key);
  const endless = keys.find((key) => key.length > limits.keyCharsMax);
  if (endless !== undefined)
    throw new NotComparable(
      `A key has more than ${limits.keyCharsMax} characters, so it is no business key: ${endless.slice(0, 40)}…`,
    );
  const differing: (Seen & { difference: Difference })[] = [];
  for (let i = 0; i < keys.length; i += limits.keysPerStatement) {
    const read = await fromSource(readKeys(turn.sides, keys.slice(i, i + limits.keysPerStatement)));
    for (const pair of read.pairs) {
      const seen = seenOf(turn, pair, read);
      if (seen.difference !== null) differing.push({ ...seen, difference: seen.difference });
    }
  }
  const readMs = performance.now() - startedAt;
  const authorityN = sum(pairs, (pair) => pair.authority.length);
  const projectionN = sum(pairs, (pair) => pair.projection.length);
  const wrongN = sum(differing, (seen) => seen.pair.projection.length);
  return {
    place: {
      ...place,
      ...(next ?? { after: null }),
      authorityN: place.authorityN + authorityN,
      projectionN: place.projectionN + projectionN,
      matchedN: place.matchedN + Math.max(0, projectionN - wrongN),
      suspectsN: place.suspectsN + differing.length,
      oldN: place.oldN + sum(differing, (seen) => (isOld(turn, seen) ? 1 : 0)),
      sourceMs: place.sourceMs + readMs,
      bytesN: place.bytesN + sum(pairs, bytesOf),
    },
    suspects: differing.slice(0, Math.max(0, limits.suspectsMax - place.suspectsN)).map((seen) => suspectOf(turn, seen)),
    next,
    readMs,
  };
}

/** Stores a page with the place after it; true when the run ended with it. */
async function store(turn: Turn, { place, suspects, next }: Step): Promise<boolean> {
  const estimatedN = Math.max(turn.sides.authority.shape.estimatedN ?? 0, turn.sides.projection.shape.estimatedN ?? 0);
  const mass = isMass(place, estimatedN);
  const ends = mass || next === null;
  const keysN = Math.max(place.authorityN, place.projectionN);
  await fenced(turn, async (tx) => {
    await insertSuspects(tx, turn.rule, suspects);
    if (mass) await deleteSuspectsBeyond(tx, turn.rule, limits.sampleN);
    if (!ends) return markPlace(tx, turn.rule, place);
    await markRan(tx, turn.rule, place, {
      now: turn.now,
      everyMs: turn.rule.contract.everyMs,
      // Stopped before its end, and without statistics nobody knows how much is left.
      coverage: next === null ? 1 : estimatedN > keysN ? keysN / estimatedN : null,
      mass,
    });
  });
  return ends;
}

/** Old enough that the projection should have it: what is younger is work under way, however much of it there is. */
function isOld(turn: Turn, { authority, projection, authorityNow }: Seen): boolean {
  const changedAt = instantOfText((authority ?? projection)?.changedAt ?? null);
  return changedAt === null || authorityNow - changedAt > turn.bounds.windowMs;
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);

function bytesOf({ key, authority, projection }: Pair): number {
  return sum([...authority, ...projection], (row) =>
    row.values.reduce(
      (n, value) => n + (value?.length ?? 0),
      key.length + (row.changedAt?.length ?? 0) + (row.version?.length ?? 0),
    ),
  );
}

/** So many rows that reading them takes about as long as a chunk may; the last measure counts less than those before it. */
function pageAfter(most: number, readMs: number): number {
  const fitting = most * (limits.chunkMs / Math.max(1, readMs));
  return Math.round(Math.min(limits.pageMax, Math.max(limits.pageMin, 0.7 * most + 0.3 * fitting)));
}

const isTimeout = (error: unknown): boolean =>
  error instanceof SourceFailure && (error.cause as { code?: string } | undefined)?.code === "57014";

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms >= 1) await sleep(ms, undefined, signal ? { signal } : {}).catch(() => {});
}
