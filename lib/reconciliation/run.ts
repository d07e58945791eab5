import type { ReconciliationContract } from "../contracts/rules";
import type { Db } from "../db/pool";
import { lagSeries } from "../lag/service";
import { takeLease } from "../leases/sql";
import type { RelationShape } from "../sources/comparable";
import { Fenced, fromSource } from "../sources/failures.rules";
import type { Source } from "../sources/source";
import { selectClockOffsets } from "../sources/sql";
import { type Instant, minutes } from "../time";
import { type Comparison, comparisonOf } from "./compare";
import type { Bounds } from "./judge";
import { pairingOf } from "./keys";
import { relationOf, type Sides } from "./pages";
import { stillLeased } from "./record.sql";
import { type RuleId, selectAgreedAt } from "./rule.sql";
import { limits, NotComparable, problemOf, type ShapeNote } from "./rules";

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

/** One run of one worker at one rule, under a lease that every write stands on. */
export type Run = Reconciler & {
  rule: RunnableRule;
  lease: { name: string; epoch: number };
  /** The store's clock at the last renewal. */
  now: Instant;
  /** This process's own clock at the last renewal. */
  renewedAtMs: number;
  sides: Sides;
  comparison: Comparison;
  bounds: Bounds;
  offsets: { authority: number; projection: number };
  /** When every key was compared last, on the store's clock: a key that differs now and was not known to differ agreed then. */
  agreedAt: Instant | null;
};

/** Looks up both relations and what the zone's deliveries usually take: what the rest of the run stands on. */
export async function beginRun(
  reconciler: Reconciler,
  rule: RunnableRule,
  lease: { name: string; epoch: number; now: Instant },
): Promise<{ run: Run; notes: ShapeNote[] }> {
  const renewedAtMs = performance.now();
  const { contract, windowMs, zoneId } = rule;
  const sides = await sidesOf(rule);
  const shapes = { authority: sides.authority.shape, projection: sides.projection.shape };
  const [clocks, agreedAt, lags] = await Promise.all([
    selectClockOffsets(reconciler.db),
    selectAgreedAt(reconciler.db, rule),
    lagSeries(reconciler.db, zoneId, lease.now - minutes(10), lease.now),
  ]);
  const run: Run = {
    ...reconciler,
    rule,
    agreedAt,
    lease,
    now: lease.now,
    renewedAtMs,
    sides,
    comparison: comparisonOf(contract, shapes, rule.masking),
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
  return { run, notes: [...notes, ...precisionNotes(contract, shapes)] };
}

/** How both relations are read, as they stand now; throws `NotComparable` where one cannot be. */
export async function sidesOf(rule: Pick<RunnableRule, "contract" | "authority" | "projection">): Promise<Sides> {
  const sideOf = async (side: "authority" | "projection") => {
    const relation = relationOf(rule.contract[side]);
    const { comparable } = rule[side];
    if (comparable === null)
      throw new NotComparable(problemOf(rule.contract[side].sourceId, "Its preset cannot compare the service's own tables."));
    const shape = await fromSource(comparable.describe(relation));
    if (shape.problem !== null) throw new NotComparable(problemOf(rule.contract[side].sourceId, shape.problem));
    return { relation, shape, compared: comparable };
  };
  const [authority, projection] = [await sideOf("authority"), await sideOf("projection")];
  return { authority, projection, pairing: pairingOf({ authority: authority.shape, projection: projection.shape }) };
}

/** Times that one side keeps with fewer digits differ in every row, unless the rule tolerates it: said before anybody counts them. */
function precisionNotes(
  { authority, projection, map, tolerance }: ReconciliationContract,
  shapes: { authority: RelationShape; projection: RelationShape },
): ShapeNote[] {
  return authority.columns.flatMap((column, i): ShapeNote[] => {
    const other = map[column] ?? column;
    const [a, p] = [
      shapes.authority.precisions[i] ?? null,
      shapes.projection.precisions[projection.columns.indexOf(other)] ?? null,
    ];
    if (a === null || p === null || a === p || tolerance[column] !== undefined) return [];
    const text = `${other} keeps ${p} digits of a second, the authority's ${column} ${a}: rows differ by what is cut off, unless the rule has a tolerance such as ${column}: 1ms.`;
    return [{ side: "projection", text }];
  });
}

export const leaseName = ({ zoneId, rule }: RuleId): string => `reconcile ${zoneId}/${rule}`;

/** Keeps the lease for a while longer; who has lost it stops. */
export async function renew(run: Run): Promise<void> {
  const held = await takeLease(run.db, run.lease.name, run.workerId, limits.leaseMs);
  if (held === null || held.epoch !== run.lease.epoch) throw new Fenced();
  run.now = held.now;
  run.renewedAtMs = performance.now();
}

/** What the store's clock says by now: reading takes a while after a renewal. */
export const byNow = (run: Run): Instant => run.now + Math.ceil(performance.now() - run.renewedAtMs);

/** A transaction that stands only while the lease is this worker's. */
export function fenced<T>(run: Run, work: (tx: Db) => Promise<T>): Promise<T> {
  return run.db.transaction(async (tx) => {
    if (!(await stillLeased(tx, run.lease.name, run.workerId, run.lease.epoch))) throw new Fenced();
    return work(tx);
  });
}
