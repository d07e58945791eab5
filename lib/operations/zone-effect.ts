import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { resolutionFor } from "../lag/rules";
import type { Instant } from "../time";
import { ageMs, isSilent, isUnvouched, type Verdict, type ZoneFacts, zoneVerdict } from "../verdicts/rules";
import { selectSamples } from "../verdicts/samples.sql";
import { selectTags } from "../verdicts/sql";
import {
  type EffectView,
  effectPoints,
  effectSpan,
  isFineEnough,
  lastPoint,
  limits,
  pointAtBegin,
  type ZoneEffect,
} from "./zone-effect.rules";

type Of = { begunAt: Instant | null; endedAt: Instant | null };

/**
 * What became of an operation's zones since it was first carried out: unresolved keys and the oldest, then and now, from the samples that
 * every judgement leaves. `contracts` are those of the zones that the actor may see; two small reads for all of them.
 */
export async function readEffect(ctx: Ctx, contracts: readonly Contract[], { endedAt, begunAt }: Of): Promise<EffectView> {
  const zoneIds = contracts.slice(0, limits.zonesMax).map(({ zoneId }) => zoneId);
  const span = begunAt === null ? { from: ctx.now, to: ctx.now, over: false } : effectSpan({ begunAt, endedAt }, ctx.now);
  const { level, stepMs } = resolutionFor(span.to - span.from, ctx.now - span.from, limits.pointsMax);
  const from = Math.floor(span.from / stepMs) * stepMs;
  const kept = begunAt !== null && isFineEnough(span, stepMs);
  const [tags, samples] = await Promise.all([
    selectTags(ctx.db, zoneIds),
    kept && zoneIds.length > 0 ? selectSamples(ctx.db, zoneIds, level, from, span.to) : [],
  ]);
  const axis = { begunAt, from, to: span.to, stepMs };
  return {
    ...axis,
    over: span.over,
    kept,
    zones: tags.map(({ facts, ...tag }) => {
      const own = samples.filter(({ zoneId }) => zoneId === tag.zoneId);
      const points = kept ? effectPoints(own, axis, facts !== null && isUnvouched(facts)) : [];
      const { verdict, judged } = standing(facts, ctx.now);
      return {
        ...tag,
        verdict,
        keyName: contracts.find(({ zoneId }) => zoneId === tag.zoneId)!.businessKey.name,
        points: points.map((point) => point?.keysN ?? null),
        before: begunAt === null ? null : pointAtBegin(points, { ...axis, begunAt }),
        last: span.over ? lastPoint(points, axis) : judged,
      };
    }),
  };
}

/** How a zone stands now; what is not seen has no figures. */
function standing(facts: ZoneFacts | null, now: Instant): { verdict: Verdict; judged: ZoneEffect["last"] } {
  if (facts === null) return { verdict: "unknown", judged: null };
  const judgement = zoneVerdict(facts, now);
  const { verdict } = judgement;
  const { judgedAt, oldest, keysN } = facts;
  if (isSilent(judgement) || judgedAt === null) return { verdict, judged: null };
  return {
    verdict,
    judged: { at: judgedAt, keysN, oldestMs: oldest === null ? null : Math.round(ageMs(oldest.since, judgedAt)) },
  };
}
