import type { ReconciliationContract } from "../contracts/rules";
import type { Db } from "../db/pool";
import { lagSeries } from "../lag/service";
import { Fenced, fromSource } from "../observation/failures";
import type { Source } from "../sources/source";
import { selectClockOffsets, takeLease } from "../sources/sql";
import { type Instant, minutes } from "../time";
import { type Comparison, comparisonOf } from "./compare";
import type { Bounds } from "./judge";
import { relationOf, type Sides } from "./pages";
import { stillLeased } from "./record.sql";
import type { RuleId } from "./rule.sql";
import { limits, problemOf, type ShapeNote } from "./rules";

/** A rule that this worker may run: what the contract says, and how to reach both sides. */
export type RunnableRule = RuleId & {
  contract: ReconciliationContract;
  windowMs: number;
  masking: string[];
  authority: Source;
  projection: Source;
};

/** `duty` is the share of the time that a run may keep a source busy; 1 is no pause. */
export type Reconciler = { db: Db; workerId: string; duty?: number; pageSize?: number };

/** One turn of one worker at one rule, under a lease that every write stands on. */
export type Turn = Reconciler & {
  rule: RunnableRule;
  lease: { name: string; epoch: number };
  /** The store's clock at the last renewal. */
  now: Instant;
  sides: Sides;
  comparison: Comparison;
  bounds: Bounds;
  offsets: { authority: number; projection: number };
};

/** The relations cannot be compared, for a reason that a person must remove. */
export class NotComparable extends Error {}

/** Looks up both relations and what the zone's deliveries usually take: what the rest of the turn stands on. */
export async function beginTurn(
  reconciler: Reconciler,
  rule: RunnableRule,
  lease: { name: string; epoch: number; now: Instant },
): Promise<{ turn: Turn; notes: ShapeNote[] }> {
  const { contract, windowMs, zoneId } = rule;
  const sideOf = async (side: "authority" | "projection") => {
    const relation = relationOf(contract[side]);
    const shape = await fromSource(rule[side].compared.describe(relation));
    if (shape.problem !== null) throw new NotComparable(problemOf(contract[side].sourceId, shape.problem));
    return { relation, shape, compared: rule[side].compared };
  };
  const sides = { authority: await sideOf("authority"), projection: await sideOf("projection") };
  const [clocks, lags] = await Promise.all([
    selectClockOffsets(reconciler.db),
    lagSeries(reconciler.db, zoneId, lease.now - minutes(10), lease.now),
  ]);
  const turn: Turn = {
    ...reconciler,
    rule,
    lease,
    now: lease.now,
    sides,
    comparison: comparisonOf(contract, { authority: sides.authority.shape, projection: sides.projection.shape }, rule.masking),
    bounds: {
      windowMs,
      usualLagMs: Math.max(0, ...lags.series.processing.map((point) => point.p99 ?? 0)),
      projectionTellsChange: contract.projection.changedAt !== null,
    },
    offsets: {
      authority: clocks.get(contract.authority.sourceId) ?? 0,
      projection: clocks.get(contract.projection.sourceId) ?? 0,
    },
  };
  const notes = (["authority", "projection"] as const).flatMap((side) => sides[side].shape.notes.map((text) => ({ side, text })));
  return { turn, notes };
}

export const leaseName = ({ zoneId, rule }: RuleId): string => `reconcile ${zoneId}/${rule}`;

/** Keeps the lease for a while longer; who has lost it stops. */
export async function renew(turn: Turn): Promise<void> {
  const held = await takeLease(turn.db, turn.lease.name, turn.workerId, limits.leaseMs);
  if (held === null || held.epoch !== turn.lease.epoch) throw new Fenced();
  turn.now = held.now;
}

/** A transaction that stands only while the lease is this worker's. */
export function fenced<T>(turn: Turn, work: (tx: Db) => Promise<T>): Promise<T> {
  return turn.db.transaction(async (tx) => {
    if (!(await stillLeased(tx, turn.lease.name, turn.workerId, turn.lease.epoch))) throw new Fenced();
    return work(tx);
  });
}
