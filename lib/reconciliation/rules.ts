import type { Kind } from "../facts/rules";
import { type Instant, minutes, seconds } from "../time";
/** What a mismatch is: the projection holds an older version · the same version with other values · a newer one than the authority. */
export type Detail = "older" | "other_values" | "newer";

export const divergenceStates = ["candidate", "open", "accepted", "resolved"] as const;
export type DivergenceState = (typeof divergenceStates)[number];
/** superseded: the authority changed again before it was settled, and is judged anew. */
export type Resolution = "converged" | "superseded" | "rule gone";

/** A value as it may be shown: text, the shape of what is masked, or null. */
export type Shown = string | { $masked: string } | null;

/** One compared column of one key, both sides side by side; a side that has no row has null everywhere. */
export type FieldDifference = {
  column: string;
  projectionColumn: string;
  authority: Shown;
  projection: Shown;
  differs: boolean;
  /** Why two values that are not the same agree. */
  why: string | null;
};

/** What looking at a divergence found that was new. */
export type Moment = { at: Instant; text: string };

/** What a divergence is judged by: the fact as it was first seen, and how often it has been seen since. */
export type Judged = {
  kind: Kind;
  detail: Detail | null;
  state: DivergenceState;
  firstSeenAt: Instant;
  version: string | null;
  changedAt: string | null;
  authorityDigest: string | null;
  projectionDigest: string | null;
  seenN: number;
  restarts: number;
};

/** Where a run stands, so that another worker can go on: the last key that was compared, and what was counted up to there. */
export type RunCursor = {
  startedAt: Instant;
  /** 1: from the authority's side · 2: what only the projection has, when the two are not sorted alike. */
  pass: 1 | 2;
  after: string | null;
  authorityN: number;
  projectionN: number;
  matchedN: number;
  candidatesN: number;
  /** Those of them that are older than the window: what the circuit breaker counts. */
  oldN: number;
  sourceMs: number;
  bytesN: number;
};

/** Why a source's relation cannot be compared, as it is noted on the rule. */
export const problemOf = (sourceId: string, problem: string): string => `${sourceId}: ${problem}`;
/** The same read back, for one source; null when the trouble is another one. */
export const problemAt = (sourceId: string, noted: string | null): string | null =>
  noted?.startsWith(`${sourceId}: `) ? noted.slice(sourceId.length + 2) : null;

/** The relations, or a key of them, cannot be compared, for a reason that a person must remove. */
export class NotComparable extends Error {}

/** What a relation lacks that makes comparing it weaker, in words. */
export type ShapeNote = { side: "authority" | "projection"; text: string };

/** Facts about a rule's open divergences; sentences are made of them when they are read. */
export type DivergenceCause = {
  rule: string;
  /** The services behind both sides. */
  authority: string;
  projection: string;
  repair: "auto" | "case";
  openN: number;
  byKind: Record<Kind, number>;
  /** Keys of which nothing else is known that would explain them. */
  keysN: number;
  /** Those that differ because the projection has applied nothing since. */
  lagN: number;
  oldest: Instant;
  oldestKey: string;
  /** Set when a run was stopped because more differs than is read key by key: at least `n` of `ofN` compared keys. */
  mass: { since: Instant; n: number; ofN: number } | null;
};

export const limits = {
  /** Rows that a statement asks a side for: adapted so that it takes about `chunkMs`. */
  pageMin: 200,
  pageMax: 5_000,
  chunkMs: 250,
  /** The share of the time that a run may keep a source's database busy. */
  duty: 0.25,
  /** Keys that one statement asks for by key. */
  keysPerStatement: 1_000,
  /** A longer key fits into no index. */
  keyCharsMax: 500,
  /** Candidates that one run records; the next run sees the rest. */
  candidatesMax: 10_000,
  /** More old differences than this, or more than a hundredth of the keys, are not read one by one: the run stops. */
  bulkN: 10_000,
  bulkShare: 0.01,
  bulkShareFromN: 1_000,
  /** Of a bulk divergence so many keys are looked at, as a sample. */
  sampleN: 1_000,
  /** Observations begun anew before a candidate is called too busy to be judged. */
  restartsMax: 5,
  leaseMs: seconds(15),
  /** A run gives way to other rules after this long, and goes on later. */
  sliceMs: seconds(5),
  firstRunWithinMs: seconds(20),
  retryMs: minutes(1),
  keepResolvedDays: 90,
  historyMax: 20,
} as const;

/** How far apart two observations are at least: half a minute or what delivery usually takes, and never more than the window. */
export const graceMs = (windowMs: number, usualLagMs: number): number =>
  Math.min(windowMs, Math.max(seconds(30), Number.isFinite(usualLagMs) ? usualLagMs : 0));

/** How often what is a candidate or open is looked at again. */
export const recheckMs = (windowMs: number): number => Math.min(windowMs, Math.max(seconds(30), windowMs / 5));

/** Whether so much differs that a run stops: then it is one divergence of the rule, not thousands of keys. */
export function isBulk({ oldN, authorityN, projectionN }: RunCursor, estimatedN: number): boolean {
  const keysN = Math.max(authorityN, projectionN, estimatedN);
  return oldN > limits.bulkN || (oldN > limits.bulkShareFromN && oldN > keysN * limits.bulkShare);
}
