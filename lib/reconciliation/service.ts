import { auditedOnce } from "../audited";
import type { Ctx } from "../context";
import { type Kind, kinds } from "../facts/rules";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { type About, aboutRules, tagsOf } from "./about";
import { comparedOf } from "./compared.rules";
import type { DivergenceFilter, Place } from "./input";
import {
  countOpenKeys,
  countUnsettled,
  type ListedDivergence,
  selectDivergences,
  selectOpenCases,
  selectOtherFacts,
} from "./read.sql";
import { type RuleRow, selectRules } from "./rule.sql";
import { markDue, selectDivergence } from "./sql";
import type { DivergenceRow, DivergencesView, DivergenceView } from "./views";
import { explanationWords } from "./words";

const PAGE = 100;

/** A page of divergences across the zones that the actor may see; the oldest first, what is resolved newest first. */
export async function listDivergences(
  ctx: Ctx,
  { filter, after }: { filter: DivergenceFilter; after: Place | null },
): Promise<DivergencesView> {
  const scope = zoneFilter(ctx.actor);
  const [about, found, counts, openKeysN, states] = await Promise.all([
    aboutRules(ctx),
    selectDivergences(ctx.db, scope, filter, after, PAGE + 1),
    countUnsettled(ctx.db, scope, filter),
    countOpenKeys(ctx.db, scope, filter),
    selectRules(ctx.db, scope),
  ]);
  const page = found.slice(0, PAGE);
  const last = found.length > PAGE ? page.at(-1)! : null;
  const count = (of: (one: (typeof counts)[number]) => boolean) => counts.filter(of).reduce((sum, one) => sum + one.n, 0);
  const asked = states.filter(
    (state) => (filter.zone === null || state.zoneId === filter.zone) && (filter.rule === null || state.rule === filter.rule),
  );
  return {
    now: ctx.now,
    divergences: await rowsOf(ctx, page, about),
    counts: Object.fromEntries(kinds.map((kind) => [kind, count((one) => one.state === "open" && one.kind === kind)])) as Record<
      Kind,
      number
    >,
    openKeysN,
    candidatesN: count((one) => one.state === "candidate"),
    acceptedN: count((one) => one.state === "accepted"),
    compared: comparedOf(asked),
    zones: about.contracts
      .filter((contract) => contract.recovery.reconciliation.length > 0)
      .map(({ zoneId, title }) => ({ zoneId, title })),
    rules: about.contracts.flatMap(({ zoneId, recovery }) => recovery.reconciliation.map(({ rule }) => ({ zoneId, rule }))),
    failing: asked.flatMap(({ zoneId, rule, error, errorSince }) =>
      error === null ? [] : [{ zoneId, rule, error, since: errorSince ?? ctx.now }],
    ),
    ranAt: oldestRun(asked),
    after: last && `${last.place}-${last.divergenceId}`,
  };
}

/** Null while one of them has never run: then nothing tells that nothing differs. */
function oldestRun(rules: readonly RuleRow[]): number | null {
  const ran = rules.flatMap(({ ranAt }) => ranAt ?? []);
  return rules.length > 0 && ran.length === rules.length ? Math.min(...ran) : null;
}

/** One divergence: both sides side by side, and what looking at it found. */
export async function readDivergence(ctx: Ctx, { divergenceId }: { divergenceId: number }): Promise<DivergenceView> {
  const found = await selectDivergence(ctx.db, divergenceId);
  if (!found || !canRead(ctx.actor, found.zoneId)) throw noDivergence(divergenceId);
  const columns = found.fields.filter((field) => field.differs).map((field) => field.column);
  const [row] = await rowsOf(ctx, [{ ...found, columns }], await aboutRules(ctx));
  const { fields, history, version, changedAt, lastSeenAt, dueAt, confirmedAt } = found;
  return { now: ctx.now, divergence: row!, fields, history, version, changedAt, lastSeenAt, dueAt, confirmedAt };
}

/** Asks that a divergence be looked at at once; asked again it is the same request. */
export async function requestRecheck(
  ctx: Ctx,
  { divergenceId, key }: { divergenceId: number; key: string },
): Promise<{ divergenceId: string; askedAt: number }> {
  const { value } = await auditedOnce(ctx, "divergence.recheck", { divergenceId, key }, async () => {
    const found = await selectDivergence(ctx.db, divergenceId);
    if (!found || !canRead(ctx.actor, found.zoneId)) throw noDivergence(divergenceId);
    const target = { kind: "divergence", id: String(divergenceId), zones: [found.zoneId] };
    return {
      target,
      change: async (tx) => {
        if (!(await markDue(tx, divergenceId, ctx.now)))
          throw new Refusal("conflict", `The divergence of ${found.key} is settled: there is nothing to look at again.`);
        return { divergenceId: String(divergenceId), askedAt: ctx.now };
      },
      entry: { detail: { rule: found.rule, key: found.businessKey } },
    };
  });
  return value;
}

type Listed = Omit<ListedDivergence, "place">;

async function rowsOf(ctx: Ctx, found: readonly Listed[], about: About): Promise<DivergenceRow[]> {
  const unsettled = found.filter(isUnsettled);
  const [tags, facts, cases] = await Promise.all([
    tagsOf(ctx, found),
    selectOtherFacts(ctx.db, unsettled),
    selectOpenCases(
      ctx.db,
      unsettled.map(({ zoneId, rule, key, kind }) => ({ zoneId, rule, key, kind })),
    ),
  ]);
  const caseOf = ({ zoneId, rule, key }: Listed) =>
    cases.find((one) => one.zoneId === zoneId && one.rule === rule && one.key === key)?.caseId ?? null;
  return found.map((one) => {
    const contract = about.contracts.find(({ zoneId }) => zoneId === one.zoneId);
    const rule = contract?.recovery.reconciliation.find((each) => each.rule === one.rule);
    const fact = facts.find((each) => each.zoneId === one.zoneId && each.businessKey === one.businessKey);
    const service = fact && (fact.consumer || about.side({ sourceId: fact.sourceId, relation: "" }).service);
    const { divergenceId, kind, detail, state, columns, since, firstSeenAt, seenN, resolvedAt, resolution, acceptedUntil } = one;
    return {
      divergenceId: String(divergenceId),
      key: one.businessKey,
      zone: tags(one.zoneId),
      rule: one.rule,
      authority: rule ? about.side(rule.authority) : null,
      projection: rule ? about.side(rule.projection) : null,
      kind,
      detail,
      state,
      columns,
      since,
      windowMs: contract?.expectation.windowMs ?? 0,
      firstSeenAt,
      seenN,
      resolvedAt,
      resolution,
      acceptedUntil,
      caseId: isUnsettled(one) ? caseOf(one) : null,
      explainedBy: isUnsettled(one)
        ? explanationWords(one.explainedBy, fact ? { reason: fact.reason, service: service! } : null)
        : null,
    };
  });
}

const isUnsettled = ({ state }: Pick<Listed, "state">): boolean => state !== "resolved";

const noDivergence = (divergenceId: number) =>
  new Refusal("not_found", `There is no divergence ${divergenceId}, or it is not in your zones.`);
