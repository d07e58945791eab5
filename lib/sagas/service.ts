import type { Ctx } from "../context";
import { type Contract, contractOfSaga } from "../contracts/rules";
import { bestRunbook, type Runbook, sagaRunbookRequest } from "../contracts/runbooks.rules";
import { readContracts } from "../contracts/service";
import { canRead } from "../permissions";
import { selectSourceStatuses } from "../sources/read.sql";
import { days, hours, type Instant, minutes } from "../time";
import { zoneTags } from "../verdicts/service";
import { plain } from "../words";
import { placeOfStep, sagaZone, shownError, shownName } from "./causes";
import { selectHoldsOf } from "./holds.sql";
import { noSaga, placeText } from "./input";
import { sagaNext, waitsFor } from "./next-words";
import { type SagaRecord, selectJudgedSagas, selectLacked, selectSaga, selectSagas, selectSuccess } from "./read.sql";
import { holdableN, type SagaCause, type SagaFilter, type SagaZone, type SuccessSpan, stageOf } from "./rules";
import { selectSteps } from "./steps.sql";
import type { SagaGroup, SagaRow, SagaStep, SagaStepPair, SagasView, SagaView, SuccessView, ZoneTag } from "./views";
import { causeEvidence, causeNext, causeWords, outcomeWords, sagaSentence, sagasSentence } from "./words";

const PAGE = 50;
// What no contract names has no window to be measured by.
const outside: SagaZone = { zoneId: "", windowMs: 0, atRiskRatio: 1 };

/** Sagas in the actor's zones that match, nearest deadline first; and all that need somebody, by type and step. */
export async function listSagas(ctx: Ctx, filter: SagaFilter): Promise<SagasView> {
  const seen = (await readContracts(ctx.db)).filter((contract) => canRead(ctx.actor, contract.zoneId));
  const chosen = seen.filter((contract) => filter.zones.length === 0 || filter.zones.includes(contract.zoneId));
  const zones = [...chosen.map(sagaZone), ...(canRead(ctx.actor, null) && filter.zones.length === 0 ? [outside] : [])];
  const [found, judged, tags, acts] = await Promise.all([
    selectSagas(ctx.db, zones, filter.state, filter, filter.after, ctx.now, PAGE + 1),
    selectJudgedSagas(
      ctx.db,
      seen.map((contract) => contract.zoneId),
    ),
    tagsOf(ctx, seen),
    actsOf(ctx),
  ]);
  const groups = judged.flatMap(({ zoneId, sagas }) =>
    (sagas ?? []).map((cause) => groupOf(cause, tags.get(zoneId)!, seen.find((one) => one.zoneId === zoneId)!, ctx.now)),
  );
  const last = found.length > PAGE ? found[PAGE - 1]! : null;
  const ruled = seen.flatMap((contract) => contract.recovery.sagas);
  return {
    now: ctx.now,
    sentence: sagasSentence(
      judged.flatMap(({ sagas }) => sagas ?? []),
      ctx.now,
    ),
    groups,
    sagas: found.slice(0, PAGE).map((saga) => rowOf(ctx, saga, seen, tags, acts)),
    after: last && placeText(last),
    facets: {
      zone: seen.filter((contract) => contract.recovery.sagas.length > 0).map((contract) => contract.zoneId),
      type: ruled.map((saga) => saga.sagaType),
      step: [
        ...new Set(
          ruled.flatMap((saga) =>
            saga.steps.flatMap(({ step, compensation }) => [step, ...(compensation ? [compensation] : [])]),
          ),
        ),
      ],
    },
  };
}

function groupOf(cause: SagaCause, zone: ZoneTag, { businessKey }: Contract, now: Instant): SagaGroup {
  const { lacks: _, ...shown } = cause;
  const { sagaType: type, step, firstDueAt } = shown;
  const n = holdableN(cause);
  return {
    ...shown,
    zone,
    title: [plain(`The ${type} saga ${causeWords(cause, businessKey.name)}`)],
    evidence: causeEvidence(cause, now),
    next: causeNext(cause),
    hold: n > 0 ? { zone: zone.zoneId, type, step, n, firstDueAt } : null,
  };
}

/** One saga: its steps with what reverses each, what it waits for, and what people requested of it. */
export async function readSaga(ctx: Ctx, id: { sourceId: string; sagaId: string }): Promise<SagaView> {
  const contracts = await readContracts(ctx.db);
  const contractIn = (zoneId: string) => contracts.find((contract) => contract.zoneId === zoneId);
  const zoneOf = (zoneId: string) => {
    const contract = contractIn(zoneId);
    return contract ? sagaZone(contract) : outside;
  };
  const record = await selectSaga(ctx.db, id, zoneOf, ctx.now);
  if (!record || !canRead(ctx.actor, record.zoneId || null)) throw noSaga();
  const contract = contractIn(record.zoneId);
  const [steps, lacked, holds, tags, acts] = await Promise.all([
    selectSteps(ctx.db, id.sourceId, id.sagaId),
    record.zoneId === "" ? [] : selectLacked(ctx.db, record.zoneId, record.businessKey, 20),
    selectHoldsOf(ctx.db, id, ctx.now, 20),
    tagsOf(ctx, contract ? [contract] : []),
    actsOf(ctx),
  ]);
  const saga = rowOf(ctx, record, contracts, tags, acts);
  const shown = steps.map(({ sagaId: _, kind, compensates, ...step }) => ({
    kind,
    compensates,
    step: contract
      ? { ...step, errorType: shownName(step.errorType, contract), errorMessage: shownError(step.errorMessage, contract) }
      : step,
  }));
  const all = shown.map(({ step }) => step);
  const undo = contract ? placeOfStep(contract, record.sagaType, null).undo : [];
  return {
    now: ctx.now,
    saga,
    sentence: sagaSentence(saga, undo, ctx.now),
    correlationId: contract ? shownName(record.correlationId, contract) : record.correlationId,
    stepsAt: steps.length === 0 ? null : (record.stepsAt ?? record.startedAt),
    steps: pairsOf(contract ?? null, record.sagaType, shown),
    waitsFor: waitsFor({ ...record, stage: saga.stage }, all, lacked),
    next: sagaNext(saga, {
      zoneId: record.zoneId || null,
      steps: all,
      lacked,
      runbook: contract ? runbookOf(contract, record) : null,
    }),
    windowMs: contract?.expectation.windowMs ?? null,
    holds: holds.map((hold) => ({
      holdId: String(hold.holdId),
      kind: hold.kind,
      by: hold.requestedByName,
      at: hold.requestedAt,
      until: hold.until,
      reason: hold.reason,
      outcome: outcomeWords(hold, ctx.now),
    })),
  };
}

const runbookOf = (contract: Contract, saga: SagaRecord): Runbook | null =>
  bestRunbook(contract, sagaRunbookRequest(contract, { ...saga, failed: true }));

type Shown = { kind: "forward" | "compensation"; compensates: number | null; step: SagaStep };

/** Forward steps in their order, each with the compensation that reverses it; what reverses nothing known stands alone at the end. */
function pairsOf(contract: Contract | null, sagaType: string, steps: readonly Shown[]): SagaStepPair[] {
  const plan = contract?.recovery.sagas.find((saga) => saga.sagaType === sagaType)?.steps ?? [];
  const planOf = (name: string) => plan.find((one) => one.step === name)?.compensation ?? null;
  if (steps.length === 0)
    return plan.map(({ step, compensation }) => ({ step: null, plan: step, compensation: null, compensationPlan: compensation }));
  const forward = steps.filter(({ kind }) => kind === "forward");
  const backward = steps.filter(({ kind }) => kind === "compensation");
  const reverses = (at: Shown) => backward.find(({ compensates }) => compensates === at.step.position);
  const alone = backward.filter(({ compensates }) => !forward.some(({ step }) => step.position === compensates));
  return [
    ...forward.map((at) => ({
      step: at.step,
      plan: at.step.name,
      compensation: reverses(at)?.step ?? null,
      compensationPlan: planOf(at.step.name),
    })),
    ...alone.map(({ step }) => ({ step: null, plan: "", compensation: step, compensationPlan: step.name })),
  ];
}

const spanMs: Record<SuccessSpan, number> = { "24h": hours(24), "7d": days(7), "30d": days(30) };

/** How compensations ended per zone and step in a span, with those that are open and late beside. */
export async function readSuccess(ctx: Ctx, { zone, span }: { zone: string | null; span: SuccessSpan }): Promise<SuccessView> {
  const seen = (await readContracts(ctx.db)).filter(
    ({ zoneId, recovery }) => canRead(ctx.actor, zoneId) && (zone === null || zoneId === zone) && recovery.sagas.length > 0,
  );
  const grain = span === "24h" ? minutes(1) : hours(1);
  const since = Math.ceil((ctx.now - spanMs[span]) / grain) * grain;
  const [found, tags] = await Promise.all([
    selectSuccess(
      ctx.db,
      seen.map(({ zoneId }) => zoneId),
      since,
      span,
      ctx.now,
    ),
    tagsOf(ctx, seen),
  ]);
  return {
    now: ctx.now,
    since,
    span,
    zones: seen.map((contract) => {
      const known = found.filter(({ zoneId }) => zoneId === contract.zoneId).map(({ zoneId: _, ...step }) => step);
      // A compensation that never ran is in the contract all the same: none run, which is not 100 %.
      const never = contract.recovery.sagas.flatMap(({ sagaType, steps }) =>
        steps.flatMap(({ compensation }) =>
          compensation === null || known.some((step) => step.sagaType === sagaType && step.name === compensation)
            ? []
            : [{ sagaType, name: compensation, ok: 0, failed: 0, openN: 0, lateN: 0 }],
        ),
      );
      const total = (of: (step: (typeof known)[number]) => number) => known.reduce((sum, step) => sum + of(step), 0);
      return {
        zone: tags.get(contract.zoneId)!,
        ok: total((step) => step.ok),
        failed: total((step) => step.failed),
        openN: total((step) => step.openN),
        lateN: total((step) => step.lateN),
        steps: [...known, ...never],
      };
    }),
  };
}

async function tagsOf(ctx: Ctx, contracts: readonly Contract[]): Promise<Map<string, ZoneTag>> {
  const ids = contracts.map((contract) => contract.zoneId);
  return new Map((await zoneTags(ctx.db, ids, ctx.now)).map((tag) => [tag.zoneId, tag]));
}

const actsOf = async (ctx: Ctx): Promise<Set<string>> =>
  new Set((await selectSourceStatuses(ctx.db)).filter(({ act }) => act).map(({ sourceId }) => sourceId));

function rowOf(
  ctx: Ctx,
  saga: SagaRecord,
  contracts: readonly Contract[],
  tags: ReadonlyMap<string, ZoneTag>,
  acts: ReadonlySet<string>,
): SagaRow {
  const contract = contractOfSaga(contracts, saga.sagaType);
  const { stepNo, stepsN } = contract ? placeOfStep(contract, saga.sagaType, saga.step) : { stepNo: null, stepsN: 0 };
  return {
    sourceId: saga.sourceId,
    sagaId: saga.sagaId,
    sagaType: saga.sagaType,
    zone: tags.get(saga.zoneId) ?? null,
    businessKey: saga.businessKey,
    stage: stageOf(saga, ctx.now),
    state: saga.state,
    step: saga.step,
    stepNo,
    stepsN,
    startedAt: saga.startedAt,
    deadlineAt: saga.deadlineAt,
    endedAt: saga.endedAt,
    holdUntil: saga.holdUntil,
    act: acts.has(saga.sourceId),
  };
}
