import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { resolutionFor } from "../lag/rules";
import { zoneLags } from "../lag/service";
import { canRead } from "../permissions";
import { type Range, spanOf } from "../range";
import { selectCompensationSteps } from "../sagas/read.sql";
import { minutes } from "../time";
import { selectSamples } from "../verdicts/samples.sql";
import type { ZoneTrendsView } from "./views";

// Small pictures: more points than this would lie on one another, and all zones are read at once.
const POINTS_MAX = 75;
const ZONES_MAX = 50;

/** Lag, oldest key and compensations of every zone that the actor sees, over a range, in the order of the files: three reads for all of them. */
export async function readZoneTrends(ctx: Ctx, { range }: { range: Range }): Promise<ZoneTrendsView> {
  const contracts = (await readContracts(ctx.db)).filter(({ zoneId }) => canRead(ctx.actor, zoneId));
  const shown = contracts.slice(0, ZONES_MAX);
  const zoneIds = shown.map(({ zoneId }) => zoneId);
  const { from: began, to } = spanOf(range, ctx.now);
  const { level, stepMs } = resolutionFor(to - began, ctx.now - began, POINTS_MAX);
  // Compensations are counted by the minute: no step is finer.
  const step = Math.max(stepMs, minutes(1));
  const from = Math.floor(began / step) * step;
  const span = { from, to, level, stepMs: step };
  const [lags, samples, compensations] = await Promise.all([
    zoneLags(ctx.db, zoneIds, span),
    selectSamples(ctx.db, zoneIds, level, from, to),
    selectCompensationSteps(ctx.db, zoneIds, span),
  ]);
  const n = Math.ceil((to - from) / step);
  const zones = shown.map(({ zoneId, title, expectation }) => ({
    zoneId,
    title,
    windowMs: expectation.windowMs,
    lagMsP95: lags.get(zoneId) ?? [],
    oldestMs: Array.from({ length: n }, (): number | null => null),
    compensationsOk: Array.from({ length: n }, () => 0),
    compensationsFailed: Array.from({ length: n }, () => 0),
  }));
  const byZone = new Map(zones.map((zone) => [zone.zoneId, zone]));
  for (const { zoneId, at, oldestMs } of samples) {
    const points = byZone.get(zoneId)!.oldestMs;
    const i = Math.floor((at - from) / step);
    // Judged with nothing open is zero; what nobody judged stays a gap.
    if (i >= 0 && i < n) points[i] = Math.max(points[i] ?? 0, Math.round(oldestMs ?? 0));
  }
  for (const { zoneId, step: i, ok, failed } of compensations) {
    const zone = byZone.get(zoneId)!;
    if (i < 0 || i >= n) continue;
    zone.compensationsOk[i] = ok;
    zone.compensationsFailed[i] = failed;
  }
  return { from, to, stepMs: step, zones, moreN: contracts.length - shown.length };
}
