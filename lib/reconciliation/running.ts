import { audited } from "../audited";
import type { Ctx } from "../context";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { aboutRules, tagsOf } from "./about";
import { countUnsettled } from "./read.sql";
import { markWished, type RuleRow, selectRules } from "./rule.sql";
import type { RulesView, RuleView } from "./views";

/** How the rules of one zone, or of all that the actor sees, go: schedule, last run, what it covered, and what is wrong. */
export async function readRules(ctx: Ctx, { zone }: { zone?: string | undefined }): Promise<RulesView> {
  if (zone !== undefined && !canRead(ctx.actor, zone)) throw noZone();
  const sight = zone === undefined ? zoneFilter(ctx.actor) : [zone];
  const [about, states, counts] = await Promise.all([
    aboutRules(ctx),
    selectRules(ctx.db, sight),
    countUnsettled(ctx.db, sight, { zone: zone ?? null, rule: null, prefix: null }),
  ]);
  const contracts = about.contracts.filter((contract) => zone === undefined || contract.zoneId === zone);
  if (zone !== undefined && contracts.length === 0) throw noZone();
  const tags = await tagsOf(ctx, contracts);
  const rules = contracts.flatMap(({ zoneId, recovery }) =>
    recovery.reconciliation.flatMap((rule): RuleView[] => {
      const state = states.find((one) => one.zoneId === zoneId && one.rule === rule.rule);
      if (!state) return [];
      const count = (is: string) =>
        counts
          .filter((one) => one.zoneId === zoneId && one.rule === rule.rule && one.state === is)
          .reduce((sum, one) => sum + one.n, 0);
      return [
        {
          zone: tags(zoneId),
          rule: rule.rule,
          authority: about.side(rule.authority),
          projection: about.side(rule.projection),
          everyMs: rule.everyMs,
          repair: rule.repair,
          openN: count("open"),
          suspectsN: count("suspect"),
          ...runOf(state, ctx.now),
        },
      ];
    }),
  );
  return { now: ctx.now, rules };
}

/** Asks that a rule be run at once; the same key again is the same wish. */
export async function requestRun(
  ctx: Ctx,
  { zoneId, rule, key }: { zoneId: string; rule: string; key: string },
): Promise<{ zoneId: string; rule: string; repeated: boolean }> {
  const known = canRead(ctx.actor, zoneId) && (await selectRules(ctx.db, [zoneId])).some((one) => one.rule === rule);
  if (!known) throw new Refusal("not_found", "There is no such rule, or it is not in your zones.");
  const made = await audited(
    ctx,
    "rule.run",
    { kind: "rule", id: `${zoneId}/${rule}`, zones: [zoneId] },
    (tx) => markWished(tx, { zoneId, rule }, key, ctx.now),
    { key },
  );
  return { zoneId, rule, repeated: !made };
}

function runOf(state: RuleRow, now: number) {
  const { place, ranAt, authorityN, projectionN, matchedN } = state;
  const lastN = authorityN === null ? null : Math.max(authorityN, projectionN ?? 0);
  const keysN = place === null ? 0 : Math.max(place.authorityN, place.projectionN);
  return {
    nextRunAt: state.nextRunAt,
    running:
      place === null
        ? null
        : { startedAt: place.startedAt, keysN, share: lastN === null || lastN === 0 ? null : Math.min(0.99, keysN / lastN) },
    ranAt,
    runMs: state.runMs,
    keysN: lastN,
    matched: projectionN === null || projectionN === 0 ? null : { n: matchedN ?? 0, of: projectionN },
    coverage: state.coverage,
    sourceMs: state.sourceMs,
    bytesN: state.bytesN,
    error: state.error === null ? null : { message: state.error, since: state.errorSince ?? now },
    notes: state.notes,
    mass: state.massSince === null ? null : { since: state.massSince, n: state.massN ?? 0 },
  };
}

const noZone = () => new Refusal("not_found", "There is no such zone, or it is not among yours.");
