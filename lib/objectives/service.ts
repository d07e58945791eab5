import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { noZone } from "../contracts/words";
import { canRead } from "../permissions";
import { days, hours, type Instant } from "../time";
import { bucketAt, type Counts } from "./counting.rules";
import { type Figures, readFigures } from "./figures";
import { countOpenMissed, selectCauses, selectCompared, selectDays } from "./read.sql";
import {
  budgetLeft,
  burnOf,
  burnSpansShown,
  type CauseCount,
  convergedOf,
  goneInMs,
  limits,
  ninesOf,
  type Objective,
  total,
} from "./rules";
import type { CauseView, ObjectiveRow, ObjectiveView } from "./views";
import { causeWords, objectiveSentence, ruleCauseWords } from "./words";

/** A promise over its period, as every zone's row has it. */
export function rowOf({ basis, target, periodMs }: Objective, counts: Pick<Counts, "keptN" | "missedN">): ObjectiveRow {
  const { keptN, missedN } = counts;
  return {
    ...{ basis, target, periodMs, keptN, missedN },
    converged: convergedOf(counts),
    budgetLeft: target === null ? null : budgetLeft(counts, target),
  };
}

/** How the promises of these zones stand. */
export async function readObjectives(ctx: Ctx, contracts: readonly Contract[]): Promise<Map<string, ObjectiveRow>> {
  const figures = await readFigures(ctx.db, contracts, ctx.now);
  return new Map([...figures].map(([zoneId, { objective, counts }]) => [zoneId, rowOf(objective, counts)]));
}

const CAUSES_SHOWN = 6;

/** The promise of one zone as a figure: what is left of its budget, how fast it goes, what used it up, and a year of days. */
export async function readObjective(ctx: Ctx, { zoneId }: { zoneId: string }): Promise<ObjectiveView> {
  const contract = (await readContracts(ctx.db)).find((one) => one.zoneId === zoneId);
  if (!contract || !canRead(ctx.actor, zoneId)) throw noZone();
  const figures = (await readFigures(ctx.db, [contract], ctx.now, () => burnSpansShown)).get(zoneId)!;
  const { objective, counts } = figures;
  const { basis, periodMs, windowMs } = objective;
  const daysFrom = bucketAt(ctx.now, 86_400) - days(limits.stripDays - 1);
  const from = bucketAt(ctx.now - periodMs, 3_600);
  const [strip, causes, openN] = await Promise.all([
    selectDays(ctx.db, zoneId, basis, daysFrom, ctx.now + 1),
    readCauses(ctx, [objective], from, ctx.now + 1),
    basis === "delivery" ? countOpenMissed(ctx.db, zoneId) : 0,
  ]);
  const row = rowOf(objective, counts);
  const burns = burnsOf(figures);
  const lately = burns.find(({ spanMs }) => spanMs === hours(1))?.burn ?? null;
  const told = {
    ...row,
    windowMs,
    goneInMs: lately === null || row.budgetLeft === null ? null : goneInMs(row.budgetLeft, lately, periodMs),
  };
  const shown = shownCauses(zoneId, causes, counts.missedN);
  return {
    ...told,
    ...{ now: ctx.now, zoneId, title: contract.title, owner: contract.accountability.owner, from, burns, openN, daysFrom },
    sentence: objectiveSentence(told),
    nines: row.converged === null ? null : ninesOf(row.converged),
    lateN: counts.lateN,
    by: byOf(basis, counts),
    ...{ causes: shown, otherN: Math.max(0, counts.missedN - shown.reduce((sum, { missedN }) => sum + missedN, 0)) },
    days: strip.map(({ at, keptN, missedN }) => ({ at, keptN, missedN })),
  };
}

function burnsOf({ objective: { target }, spans }: Figures): ObjectiveView["burns"] {
  return [...spans].map(([spanMs, counts]) => ({
    ...{ spanMs, n: total(counts), missedN: counts.missedN },
    burn: target === null ? null : burnOf(counts, target),
  }));
}

function byOf(basis: Objective["basis"], counts: Counts): ObjectiveView["by"] {
  const n = total(counts);
  if (basis === "comparison" || n === 0) return null;
  return { fifth: counts.fifthN / n, window: counts.keptN / n, double: (counts.keptN + counts.doubleN) / n };
}

/** What was in the way in several zones: of deliveries what stood there, of compared rows the rules that found them. */
export async function readCauses(
  ctx: Ctx,
  objectives: readonly Pick<Objective, "zoneId" | "basis">[],
  from: Instant,
  to: Instant,
): Promise<CauseCount[]> {
  const of = (basis: Objective["basis"]) => objectives.filter((one) => one.basis === basis).map(({ zoneId }) => zoneId);
  const [delivered, compared] = await Promise.all([
    selectCauses(ctx.db, of("delivery"), from, to),
    selectCompared(ctx.db, of("comparison"), bucketAt(from, 86_400), to),
  ]);
  return [...delivered, ...compared];
}

/** The causes that a screen shows, each with its share of what was missed. */
export function shownCauses(zoneId: string, causes: readonly CauseCount[], missedN: number, most = CAUSES_SHOWN): CauseView[] {
  return causes
    .filter((one) => one.zoneId === zoneId)
    .slice(0, most)
    .map((one) => ({
      ...(one.cause === "rule" ? ruleCauseWords(zoneId, one.eventType) : causeWords(zoneId, one)),
      missedN: one.missedN,
      share: missedN > 0 ? Math.min(1, one.missedN / missedN) : 0,
    }));
}
