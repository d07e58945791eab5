import { setTimeout as sleep } from "node:timers/promises";
import { addCompared } from "../objectives/compared";
import { fromSource, SourceFailure } from "../sources/failures.rules";
import type { Instant } from "../time";
import { candidateOf, type Seen, seenOf } from "./candidate";
import { type Difference, instantOfText, type Pair } from "./compare";
import { readKeys, readPairs } from "./pages";
import { deleteCandidatesBeyond, insertCandidates, type NewCandidate } from "./record.sql";
import { markPlace, markRan, type RuleRow, selectRule } from "./rule.sql";
import { isBulk, limits, NotComparable, type RunCursor } from "./rules";
import { fenced, type Run, renew } from "./run";

type Step = { cursor: RunCursor; candidates: NewCandidate[]; next: Pick<RunCursor, "pass" | "after"> | null; readMs: number };

/**
 * Goes on with the run that is due, page by page and with pauses, until it ends or its slice is over; whoever comes next goes on at the
 * last page that was stored. Answers whether more is to be read.
 */
export async function scanDue(run: Run, signal?: AbortSignal): Promise<"done" | "more"> {
  const state = await selectRule(run.db, run.rule);
  const started = state && placeOf(state, run.now);
  if (!started) return "done";
  let cursor = started;
  let most = run.pageSize ?? limits.pageMin * 5;
  const until = performance.now() + limits.sliceMs;
  for (;;) {
    if (signal?.aborted) return "more";
    await renew(run);
    const step = await readStep(run, cursor, most).catch((error) => {
      if (!isTimeout(error) || most <= limits.pageMin) throw error;
      return null;
    });
    if (step === null) {
      most = Math.max(limits.pageMin, Math.floor(most / 4));
      continue;
    }
    cursor = step.cursor;
    if (await store(run, step)) return "done";
    if (performance.now() >= until) return "more";
    most = run.pageSize ?? pageAfter(most, step.readMs);
    await pause(step.readMs * (1 / (run.duty ?? limits.duty) - 1), signal);
  }
}

function placeOf({ cursor, nextRunAt }: RuleRow, now: Instant): RunCursor | null {
  if (cursor !== null) return cursor;
  if (nextRunAt > now) return null;
  const zero = { authorityN: 0, projectionN: 0, matchedN: 0, candidatesN: 0, oldN: 0, sourceMs: 0, bytesN: 0 };
  return { startedAt: now, pass: 1, after: null, ...zero };
}

/** Reads a page of both sides; what differs is read again by key before it is a candidate: most of it was read at two moments. */
async function readStep(run: Run, cursor: RunCursor, most: number): Promise<Step> {
  const startedAt = performance.now();
  const { pairs, next } = await fromSource(readPairs(run.sides, cursor, most));
  const held = new Map(pairs.filter((pair) => run.comparison.differenceOf(pair) !== null).map((pair) => [pair.key, pair]));
  const keys = [...held.keys()];
  const endless = keys.find((key) => key.length > limits.keyCharsMax);
  if (endless !== undefined)
    throw new NotComparable(
      `A key has more than ${limits.keyCharsMax} characters, so it is no business key: ${endless.slice(0, 40)}…`,
    );
  const differing: (Seen & { difference: Difference })[] = [];
  for (let i = 0; i < keys.length; i += limits.keysPerStatement) {
    const read = await fromSource(readKeys(run.sides, keys.slice(i, i + limits.keysPerStatement), held));
    for (const pair of read.pairs) {
      const seen = seenOf(run, pair, read);
      if (seen.difference !== null) differing.push({ ...seen, difference: seen.difference });
    }
  }
  const readMs = performance.now() - startedAt;
  const authorityN = sum(pairs, (pair) => pair.authority.length);
  const projectionN = sum(pairs, (pair) => pair.projection.length);
  const wrongN = sum(differing, (seen) => seen.pair.projection.length);
  return {
    cursor: {
      ...cursor,
      ...(next ?? { after: null }),
      authorityN: cursor.authorityN + authorityN,
      projectionN: cursor.projectionN + projectionN,
      matchedN: cursor.matchedN + Math.max(0, projectionN - wrongN),
      candidatesN: cursor.candidatesN + differing.length,
      oldN: cursor.oldN + sum(differing, (seen) => (isOld(run, seen) ? 1 : 0)),
      sourceMs: cursor.sourceMs + readMs,
      bytesN: cursor.bytesN + sum(pairs, bytesOf),
    },
    candidates: differing.slice(0, Math.max(0, limits.candidatesMax - cursor.candidatesN)).map((seen) => candidateOf(run, seen)),
    next,
    readMs,
  };
}

/** Stores a page with the place after it; true when the run ended with it. */
async function store(run: Run, { cursor, candidates, next }: Step): Promise<boolean> {
  const estimatedN = Math.max(run.sides.authority.shape.estimatedN ?? 0, run.sides.projection.shape.estimatedN ?? 0);
  const bulk = isBulk(cursor, estimatedN);
  const ends = bulk || next === null;
  const keysN = Math.max(cursor.authorityN, cursor.projectionN);
  await fenced(run, async (tx) => {
    await insertCandidates(tx, run.rule, candidates);
    if (bulk) await deleteCandidatesBeyond(tx, run.rule, limits.sampleN);
    if (!ends) return markPlace(tx, run.rule, cursor);
    await markRan(tx, run.rule, cursor, {
      now: run.now,
      everyMs: run.rule.contract.everyMs,
      // Stopped before its end, and without statistics nobody knows how much is left.
      coverage: next === null ? 1 : estimatedN > keysN ? keysN / estimatedN : null,
      bulk,
    });
    await addCompared(tx, run.rule, run.now, { agreedN: cursor.matchedN, differN: cursor.oldN });
  });
  return ends;
}

/** Old enough that the projection should have it: what is younger is work under way, however much of it there is. */
function isOld(run: Run, { authority, projection, authorityNow }: Seen): boolean {
  const changedAt = instantOfText((authority ?? projection)?.changedAt ?? null);
  return changedAt === null || authorityNow - changedAt > run.bounds.windowMs;
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
