import { cell, type Export } from "../audit/export";
import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { canRead } from "../permissions";
import { selectSources } from "../sources/read.sql";
import { type Counts, noCounts } from "./counting.rules";
import type { Month } from "./input";
import { selectZoneDays, type ZoneDay } from "./read.sql";
import { type CauseCount, convergedOf, ninesOf, type Objective, objectiveOf } from "./rules";
import { readCauses, rowOf, shownCauses } from "./service";
import type { ReportView, ReportZone } from "./views";
import { percentWords, reportSentence, targetWords } from "./words";

const CAUSES_SHOWN = 3;

export type ReportInput = { month: Month | null; owner: string | null };

/** How the promises of a month were kept, in the zones that the actor may see: days and causes in one read each. */
export async function readReport(ctx: Ctx, { month, owner }: ReportInput): Promise<ReportView> {
  const { name, from, to } = month ?? monthOf(ctx.now);
  const [contracts, sources] = await Promise.all([readContracts(ctx.db), selectSources(ctx.db)]);
  const seen = contracts.filter(({ zoneId }) => canRead(ctx.actor, zoneId));
  const asked = seen
    .filter(({ accountability }) => owner === null || accountability.owner === owner)
    .map((contract) => ({ contract, objective: objectiveOf(contract, sources) }));
  const [found, causes] = await Promise.all([
    selectZoneDays(
      ctx.db,
      asked.map(({ objective: { zoneId, basis } }) => ({ zoneId, measure: basis })),
      from,
      to,
    ),
    readCauses(
      ctx,
      asked.map(({ objective }) => objective),
      from,
      to,
    ),
  ]);
  const zones = asked
    .map((one) => zoneOf(one, found, causes))
    .sort((a, b) => (a.budgetLeft ?? 2) - (b.budgetLeft ?? 2) || a.title.localeCompare(b.title));
  return {
    ...{ now: ctx.now, month: name, from, to, owner },
    owners: [...new Set(seen.map(({ accountability }) => accountability.owner))].sort(),
    sentence: reportSentence({ zones, owner }),
    byOwner: ownersOf(zones),
    zones,
  };
}

function zoneOf(
  { contract, objective }: { contract: Contract; objective: Objective },
  found: readonly ZoneDay[],
  causes: readonly CauseCount[],
): ReportZone {
  const days = found.filter(({ zoneId }) => zoneId === contract.zoneId);
  const counts = days.reduce<Counts>(
    (sum, day) => ({
      keptN: sum.keptN + day.keptN,
      fifthN: sum.fifthN + day.fifthN,
      missedN: sum.missedN + day.missedN,
      lateN: sum.lateN + day.lateN,
      doubleN: sum.doubleN + day.doubleN,
    }),
    noCounts,
  );
  const row = rowOf(objective, counts);
  const judged = days.filter((day) => convergedOf(day) !== null);
  const worst = judged.toSorted((a, b) => b.missedN - a.missedN)[0];
  return {
    ...row,
    ...{ zoneId: contract.zoneId, title: contract.title, owner: contract.accountability.owner, windowMs: objective.windowMs },
    nines: row.converged === null ? null : ninesOf(row.converged),
    lateN: counts.lateN,
    daysN: judged.length,
    missedDaysN: objective.target === null ? 0 : judged.filter((day) => convergedOf(day)! < objective.target!).length,
    worst: worst && worst.missedN > 0 ? { at: worst.at, keptN: worst.keptN, missedN: worst.missedN } : null,
    causes: shownCauses(contract.zoneId, causes, counts.missedN, CAUSES_SHOWN),
  };
}

function ownersOf(zones: readonly ReportZone[]): ReportView["byOwner"] {
  return [...new Set(zones.map(({ owner }) => owner))].sort().map((owner) => {
    const own = zones.filter((zone) => zone.owner === owner);
    const sum = (of: (zone: ReportZone) => number) => own.reduce((all, zone) => all + of(zone), 0);
    // Rows that were compared are no deliveries: each has its own sum, and only deliveries are added up.
    const delivered = (of: (zone: ReportZone) => number) => sum((zone) => (zone.basis === "delivery" ? of(zone) : 0));
    const counts = { keptN: delivered(({ keptN }) => keptN), missedN: delivered(({ missedN }) => missedN) };
    return {
      ...{ owner, zonesN: own.length, ...counts, converged: convergedOf(counts) },
      brokenN: sum(({ converged, target }) => Number(converged !== null && target !== null && converged < target)),
    };
  });
}

const monthOf = (now: number): Month => {
  const at = new Date(now);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  return { name: at.toISOString().slice(0, 7), from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
};

const columns: [string, (zone: ReportZone) => string][] = [
  ["zone", ({ zoneId }) => zoneId],
  ["title", ({ title }) => title],
  ["owner", ({ owner }) => owner],
  ["measured_from", ({ basis }) => (basis === "delivery" ? "deliveries" : "reconciliation")],
  ["window_seconds", ({ windowMs }) => String(windowMs / 1_000)],
  ["promised", ({ target }) => (target === null ? "" : targetWords(target))],
  ["judged", ({ keptN, missedN }) => String(keptN + missedN)],
  ["kept", ({ keptN }) => String(keptN)],
  ["missed", ({ missedN }) => String(missedN)],
  ["late", ({ lateN }) => String(lateN)],
  ["converged", ({ converged }) => (converged === null ? "" : percentWords(converged))],
  ["nines", ({ nines }) => (nines === null ? "" : nines.toFixed(2))],
  ["budget_left", ({ budgetLeft }) => (budgetLeft === null ? "" : budgetLeft.toFixed(4))],
  ["days_judged", ({ daysN }) => String(daysN)],
  ["days_missed", ({ missedDaysN }) => String(missedDaysN)],
  ["worst_day", ({ worst }) => (worst === null ? "" : new Date(worst.at).toISOString().slice(0, 10))],
];

/** The same as a file: a line a zone. What is not known is empty, never zero. */
export async function exportReport(ctx: Ctx, input: ReportInput): Promise<Export> {
  const report = await readReport(ctx, input);
  const lines = [
    ["month", ...columns.map(([name]) => name)],
    ...report.zones.map((zone) => [report.month, ...columns.map(([, of]) => of(zone))]),
  ];
  return {
    fileName: `accord-promises-${report.month}.csv`,
    contentType: "text/csv; charset=utf-8",
    chunks: (async function* () {
      yield lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
    })(),
  };
}
