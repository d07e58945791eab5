import type { Contract } from "../contracts/rules";
import type { Db } from "../db/pool";
import { selectSources } from "../sources/read.sql";
import type { Instant } from "../time";
import { type Counts, noCounts } from "./counting.rules";
import { type Asked, deleteOldCounts, selectSpans } from "./read.sql";
import { budgetLeft, burnOf, convergedOf, limits, type Objective, objectiveOf, segmentsOf } from "./rules";

/** How a promise stands: over its period, and over each span asked for. */
export type Figures = { objective: Objective; counts: Counts; spans: Map<number, Counts> };

/** How the promises of these zones stand, with the counts of further spans of each, all in one read. */
export async function readFigures(
  db: Db,
  contracts: readonly Contract[],
  at: Instant,
  spansOf: (contract: Contract) => readonly number[] = () => [],
): Promise<Map<string, Figures>> {
  const sources = await selectSources(db);
  const objectives = contracts.map((contract) => ({ objective: objectiveOf(contract, sources), spans: spansOf(contract) }));
  const asked = objectives.flatMap(({ objective: { zoneId, basis, periodMs }, spans }) =>
    [...new Set([periodMs, ...spans])].flatMap((spanMs): Asked[] =>
      segmentsOf(at - spanMs, at).map((segment) => ({ ...segment, zoneId, measure: basis, spanMs })),
    ),
  );
  const found = new Map((await selectSpans(db, asked)).map((row) => [`${row.zoneId}\n${row.spanMs}`, row]));
  return new Map(
    objectives.map(({ objective, spans }) => {
      const of = (spanMs: number): Counts => found.get(`${objective.zoneId}\n${spanMs}`) ?? noCounts;
      return [
        objective.zoneId,
        { objective, counts: of(objective.periodMs), spans: new Map(spans.map((spanMs) => [spanMs, of(spanMs)])) },
      ];
    }),
  );
}

/** What conditions ask of a promise: parts of one, and burns by span; null and absent where nothing was judged. */
export function promisedOf({ objective: { target }, counts, spans }: Figures): {
  converged: number | null;
  left: number | null;
  burns: Record<string, number>;
} {
  const burns = [...spans].flatMap(([spanMs, of]): [string, number][] => {
    const burn = target === null ? null : burnOf(of, target);
    return burn === null ? [] : [[String(spanMs), burn]];
  });
  return {
    converged: convergedOf(counts),
    left: target === null ? null : budgetLeft(counts, target),
    burns: Object.fromEntries(burns),
  };
}

/** Forgets what is past its use. */
export const forgetObjectives = (db: Db, now: Instant): Promise<void> =>
  deleteOldCounts(db, now - limits.minutesKeptMs, now - limits.keptMs);
