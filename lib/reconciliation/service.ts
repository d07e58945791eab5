import { audited } from "../audited";
import { selectOpenByCause } from "../cases/read.sql";
import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { type ListedSource, selectSources } from "../sources/read.sql";
import { zoneTags } from "../verdicts/service";
import type { ZoneTag } from "../verdicts/views";
import type { DivergenceFilter, Place } from "./input";
import { countUnsettled, type ListedDivergence, selectDivergences, selectOtherFacts } from "./read.sql";
import { markWished, type RuleRow, selectRules } from "./rule.sql";
import { type Kind, kinds } from "./rules";
import { markDue, selectDivergence } from "./sql";
import type { DivergenceRow, DivergencesView, DivergenceView, RulesView, RuleView, SideTag } from "./views";
import { explanationWords } from "./words";

const PAGE = 100;

/** A page of divergences across the zones that the actor may see; the oldest first, what is resolved newest first. */
export async function listDivergences(
  ctx: Ctx,
  { filter, after }: { filter: DivergenceFilter; after: Place | null },
): Promise<DivergencesView> {
  const sight = zoneFilter(ctx.actor);
  const [about, found, counts, states] = await Promise.all([
    aboutRules(ctx),
    selectDivergences(ctx.db, sight, filter, after, PAGE + 1),
    countUnsettled(ctx.db, sight, filter),
    selectRules(ctx.db, sight),
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
    suspectsN: count((one) => one.state === "suspect"),
    acceptedN: count((one) => one.state === "accepted"),
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

/** Asks that a divergence be looked at at once; asked again it is the same wish. */
export async function requestRecheck(
  ctx: Ctx,
  { divergenceId, key }: { divergenceId: number; key: string },
): Promise<{ divergenceId: string; askedAt: number }> {
  const found = await selectDivergence(ctx.db, divergenceId);
  if (!found || !canRead(ctx.actor, found.zoneId)) throw noDivergence(divergenceId);
  const target = { kind: "divergence", id: String(divergenceId), zones: [found.zoneId] };
  return audited(
    ctx,
    "divergence.recheck",
    target,
    async (tx) => {
      if (!(await markDue(tx, divergenceId, ctx.now)))
        throw new Refusal("conflict", `The divergence of ${found.key} is settled: there is nothing to look at again.`);
      return { divergenceId: String(divergenceId), askedAt: ctx.now };
    },
    { key, detail: { rule: found.rule, key: found.businessKey } },
  );
}

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

type About = { contracts: Contract[]; side: (side: { sourceId: string; relation: string }) => SideTag; sources: ListedSource[] };

/** The contracts that the actor may see, and how their sources are called. */
async function aboutRules(ctx: Ctx): Promise<About> {
  const [contracts, sources] = await Promise.all([readContracts(ctx.db), selectSources(ctx.db)]);
  const serviceOf = (sourceId: string) => sources.find((source) => source.sourceId === sourceId)?.service ?? sourceId;
  return {
    contracts: contracts.filter((contract) => canRead(ctx.actor, contract.zoneId)),
    side: ({ sourceId, relation }) => ({ sourceId, service: serviceOf(sourceId), relation }),
    sources,
  };
}

async function tagsOf(ctx: Ctx, zones: readonly { zoneId: string }[]): Promise<(zoneId: string) => ZoneTag> {
  const tags = await zoneTags(ctx.db, [...new Set(zones.map(({ zoneId }) => zoneId))], ctx.now);
  return (zoneId) => tags.find((tag) => tag.zoneId === zoneId) ?? { zoneId, title: zoneId, verdict: "unknown" };
}

type Listed = Omit<ListedDivergence, "place">;

async function rowsOf(ctx: Ctx, found: readonly Listed[], about: About): Promise<DivergenceRow[]> {
  const unsettled = found.filter(isUnsettled);
  const [tags, facts, cases] = await Promise.all([
    tagsOf(ctx, found),
    selectOtherFacts(ctx.db, unsettled),
    selectOpenByCause(
      ctx.db,
      "divergence",
      unsettled.map(({ zoneId, rule, key }) => ({ zoneId, ref: `${rule}/${key}` })),
    ),
  ]);
  const caseOf = ({ zoneId, rule, key }: Listed) =>
    cases.find((one) => one.zoneId === zoneId && one.ref === `${rule}/${key}`)?.caseId ?? null;
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

const noDivergence = (divergenceId: number) =>
  new Refusal("not_found", `There is no divergence ${divergenceId}, or it is not in your zones.`);
const noZone = () => new Refusal("not_found", "There is no such zone, or it is not among yours.");
