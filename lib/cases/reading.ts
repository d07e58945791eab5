import { approvalOf } from "../approvals/ask";
import { actorId, type Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { assignableIn } from "../operators/assigning";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { selectSources } from "../sources/read.sql";
import type { Instant } from "../time";
import { zoneTags } from "../verdicts/service";
import { plain } from "../words";
import { causeOf } from "./cause";
import type { CasesInput } from "./input";
import { countCases, selectCases, selectHistory, selectSiblings, selectTicks } from "./read.sql";
import { caseState, resolutions, whyNotResolve } from "./rules";
import { sidesOf } from "./sides";
import { type StoredCase, selectCase } from "./sql";
import { selectStands } from "./standing.sql";
import { type CaseRow, type CasesView, type CaseView, COUNTED_MAX, HISTORY_MAX } from "./views";
import { caseSentence, consequenceOf } from "./words";

const PAGE = 50;

/** A page of cases in the actor's zones: what is due first, or the resolved ones, the latest first. */
export async function listCases(ctx: Ctx, input: CasesInput): Promise<CasesView> {
  const { who, state, zone = null, kind = null } = input;
  const [at, id] = (input.after ?? "").split("-").map(Number);
  const after = input.after === undefined ? null : { at: at!, id: id! };
  const me = actorId(ctx.actor);
  const mine = ctx.actor.kind === "worker" ? null : me;
  const scope = zoneFilter(ctx.actor);
  const [found, counts, contracts] = await Promise.all([
    selectCases(ctx.db, { who, me: mine, zone, state, kind, after }, scope, ctx.now, PAGE + 1),
    countCases(ctx.db, scope, mine, ctx.now, COUNTED_MAX),
    readContracts(ctx.db),
  ]);
  const last = found.length > PAGE ? found[PAGE - 1]! : null;
  const zoneIds = contracts.map(({ zoneId }) => zoneId).filter((zoneId) => canRead(ctx.actor, zoneId));
  return {
    now: ctx.now,
    cases: await rowsOf(ctx, found.slice(0, PAGE)),
    counts,
    zones: await zoneTags(ctx.db, zoneIds, ctx.now),
    after: last && `${last.place}-${last.caseId}`,
  };
}

/** One case: what is true, what differs, its runbook, its history, and how it may be resolved. A permanent link. */
export async function readCase(ctx: Ctx, { caseId }: { caseId: number }): Promise<CaseView> {
  const stored = await selectCase(ctx.db, caseId);
  if (!stored || !canRead(ctx.actor, stored.zoneId))
    throw new Refusal("not_found", `There is no CASE-${caseId}, or it is not in your zones.`);
  const contract = (await readContracts(ctx.db)).find((one) => one.zoneId === stored.zoneId) ?? null;
  const [[row], sources, stands, history, ticks, approval, people, siblings] = await Promise.all([
    rowsOf(ctx, [stored]),
    selectSources(ctx.db),
    selectStands(ctx.db, caseId, ctx.now),
    selectHistory(ctx.db, caseId, HISTORY_MAX),
    selectTicks(ctx.db, caseId),
    approvalOf(ctx.db, "case", caseId),
    assignableIn(ctx.db, "case.assign", [stored.zoneId]),
    selectSiblings(ctx.db, stored),
  ]);
  const serviceOf = (sourceId: string) => sources.find((source) => source.sourceId === sourceId)?.service ?? sourceId;
  const sides = contract ? sidesOf(stored.facts, contract, serviceOf) : { wrong: "the projection", right: null };
  const { now: causeNow, view: cause } = await causeOf(ctx.db, stored, sides, ctx.now);
  const done = new Map(ticks.map((tick) => [tick.step, tick]));
  const steps = stored.runbook?.steps ?? [];
  return {
    now: ctx.now,
    one: {
      ...row!,
      acknowledged: stored.acknowledgedAt === null ? null : { at: stored.acknowledgedAt, by: stored.acknowledgedByName! },
      openedBy: stored.openedByName,
      resolvedBy: stored.resolvedByName,
      resolutionReason: stored.resolutionReason,
      acceptedUntil: stored.acceptedUntil,
      reopenedN: stored.reopenedN,
      ...ownersOf(contract),
    },
    sentence: contract
      ? caseSentence(stored, causeNow, sides, contract, ctx.now)
      : [plain("No contract names its zone any more; its cause is not followed.")],
    cause,
    runbook: stored.runbook && {
      title: stored.runbook.title,
      when: stored.runbook.when,
      steps: steps.map((text, i) => {
        const tick = done.get(i + 1);
        return { n: i + 1, text, done: tick ? { at: tick.at, by: tick.by } : null };
      }),
    },
    history: history.map(({ byName, byId, ...event }) => ({ ...event, by: byName, person: byId !== null })),
    resolutions: resolutions.map((resolution) => ({
      resolution,
      consequence: consequenceOf(resolution, sides),
      people: resolution === "accepted" ? 2 : 1,
      blocked: whyNotResolve({ ...stored, stands }, resolution),
    })),
    approval,
    people,
    related: siblings.map((other) => ({ caseId: String(other.caseId), title: other.title })),
  };
}

const ownersOf = (contract: Contract | null) => ({
  owner: contract?.accountability.owner ?? "",
  onCall: contract?.accountability.onCall?.team ?? null,
  dueMs: contract?.recovery.cases.dueMs ?? 0,
});

/** Cases as lists show them, with the verdict that their zones have now. */
export async function rowsOf(ctx: Ctx, stored: readonly StoredCase[]): Promise<CaseRow[]> {
  const [tags, contracts] = await Promise.all([
    zoneTags(ctx.db, [...new Set(stored.map(({ zoneId }) => zoneId))], ctx.now),
    readContracts(ctx.db),
  ]);
  const dueMsOf = (zoneId: string) => contracts.find((one) => one.zoneId === zoneId)?.recovery.cases.dueMs;
  return stored.map((one) => rowOf(one, tags, dueMsOf(one.zoneId), ctx.now));
}

function rowOf(one: StoredCase, tags: Awaited<ReturnType<typeof zoneTags>>, dueMs: number | undefined, now: Instant): CaseRow {
  const state = caseState(one, now);
  return {
    caseId: String(one.caseId),
    title: one.title,
    zone: tags.find((tag) => tag.zoneId === one.zoneId) ?? { zoneId: one.zoneId, title: one.zoneId, verdict: "unknown" },
    causeKind: one.causeKind,
    businessKey: one.businessKey,
    state,
    openedAt: one.openedAt,
    clockAt: one.reopenedN === 0 || dueMs === undefined ? one.openedAt : one.dueAt - dueMs,
    dueAt: one.dueAt,
    assignee: one.assignee === null ? null : { id: one.assignee, name: one.assigneeName! },
    tickedN: one.tickedN,
    stepsN: one.runbook?.steps.length ?? 0,
    snoozedUntil: state === "snoozed" ? one.snoozedUntil : null,
    causeGoneAt: one.causeKind === "manual" ? null : one.causeGoneAt,
    askedBy: one.askedBy,
    resolvedAt: one.resolvedAt,
    resolution: one.resolution,
  };
}
