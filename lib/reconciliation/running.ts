import { auditedOnce } from "../audited";
import type { Ctx } from "../context";
import { noZone } from "../contracts/words";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { aboutRules, tagsOf } from "./about";
import { countUnsettled } from "./read.sql";
import { markRequested, type RuleRow, selectRules } from "./rule.sql";
import type { RulesView, RuleView } from "./views";

/** How the rules of one zone, or of all that the actor sees, go: schedule, last run, what it covered, and what is wrong. */
export async function readRules(ctx: Ctx, { zone }: { zone?: string | undefined }): Promise<RulesView> {
  if (zone !== undefined && !canRead(ctx.actor, zone)) throw noZone();
  const scope = zone === undefined ? zoneFilter(ctx.actor) : [zone];
  const [about, states, counts] = await Promise.all([
    aboutRules(ctx),
    selectRules(ctx.db, scope),
    countUnsettled(ctx.db, scope, { zone: zone ?? null, rule: null, prefix: null }),
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
          candidatesN: count("candidate"),
          ...runOf(state, ctx.now),
        },
      ];
    }),
  );
  return { now: ctx.now, rules };
}

/** Asks that a rule be run at once; the same key again is the same request. */
export async function requestRun(
  ctx: Ctx,
  { zoneId, rule, key }: { zoneId: string; rule: string; key: string },
): Promise<{ zoneId: string; rule: string; repeated: boolean }> {
  const { value, repeated } = await auditedOnce(ctx, "rule.run", { zoneId, rule, key }, async () => {
    const known = canRead(ctx.actor, zoneId) && (await selectRules(ctx.db, [zoneId])).some((one) => one.rule === rule);
    if (!known) throw new Refusal("not_found", "There is no such rule, or it is not in your zones.");
    return {
      target: { kind: "rule", id: `${zoneId}/${rule}`, zones: [zoneId] },
      change: async (tx) => {
        await markRequested(tx, { zoneId, rule }, ctx.now);
        return { zoneId, rule };
      },
    };
  });
  return { ...value, repeated };
}

function runOf(state: RuleRow, now: number) {
  const { cursor, ranAt, authorityN, projectionN, matchedN } = state;
  const lastN = authorityN === null ? null : Math.max(authorityN, projectionN ?? 0);
  const keysN = cursor === null ? 0 : Math.max(cursor.authorityN, cursor.projectionN);
  return {
    nextRunAt: state.nextRunAt,
    running:
      cursor === null
        ? null
        : { startedAt: cursor.startedAt, keysN, share: lastN === null || lastN === 0 ? null : Math.min(0.99, keysN / lastN) },
    ranAt,
    runMs: state.runMs,
    keysN: lastN,
    matched: projectionN === null || projectionN === 0 ? null : { n: matchedN ?? 0, of: projectionN },
    coverage: state.coverage,
    sourceMs: state.sourceMs,
    bytesN: state.bytesN,
    error: state.error === null ? null : { message: state.error, since: state.errorSince ?? now },
    notes: state.notes,
    mass: state.bulkSince === null ? null : { since: state.bulkSince, n: state.bulkN ?? 0 },
  };
}
