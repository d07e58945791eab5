import { auditedOnce } from "../audited";
import { actorId, type Ctx, callerOf } from "../context";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { can, canRead } from "../permissions";
import { Refusal } from "../refusal";
import { correction } from "../sources/clocks.rules";
import { selectSources } from "../sources/read.sql";
import { selectClockOffsets } from "../sources/sql";
import type { Instant } from "../time";
import { zoneTags } from "../verdicts/service";
import { listed } from "../words";
import { placeOfStep, sagaZone } from "./causes";
import {
  freezeSagas,
  freezeUndone,
  type Holdable,
  type HoldRecord,
  insertHold,
  nextHoldId,
  selectHold,
  selectHoldOutcomes,
  selectNamed,
  setSagasN,
} from "./holds.sql";
import type { HoldInput, ReleaseInput } from "./input";
import { selectSagas } from "./read.sql";
import { holdLimits, isHeld, isOpen, type SagaSelection } from "./rules";
import type { HoldPreviewView, HoldView } from "./views";
import { holdSentence } from "./words";

type Asked = { holdId: string; sagasN: number; until: Instant | null; repeated: boolean };
/** Where the request stands; `until` null is a release. */
type Request = { kind: "hold" | "release"; until: Instant | null; reason: string | null };

/** What a hold of this selection would do now: over how many, when the first would compensate, what has begun. Changes nothing. */
export async function previewHold(ctx: Ctx, selection: SagaSelection): Promise<HoldPreviewView> {
  const { chosen, more } = await chosenOf(ctx.db, selection, ctx.now, null);
  // What stands in nobody's zones but others' is not shown, whoever guesses its number.
  const sagas = chosen.filter((saga) => canRead(ctx.actor, saga.zoneId || null));
  const contracts = await readContracts(ctx.db);
  const deadlines = sagas.flatMap(({ state, deadlineAt }) => (state === "running" && deadlineAt !== null ? [deadlineAt] : []));
  const zones = zonesOf(sagas);
  const permission = can(ctx.actor, "saga.hold", targetZones(sagas));
  const groups = new Map<string, HoldPreviewView["groups"][number]>();
  for (const { sagaType, step, zoneId } of sagas) {
    const contract = contracts.find((one) => one.zoneId === zoneId);
    const undo = contract ? placeOfStep(contract, sagaType, step).undo : [];
    const group = groups.get(`${sagaType}/${step}`) ?? { sagaType, step, n: 0, undo };
    groups.set(`${sagaType}/${step}`, { ...group, n: group.n + 1 });
  }
  return {
    now: ctx.now,
    sagasN: sagas.length,
    moreThan: more ? holdLimits.sagasMax : null,
    groups: [...groups.values()],
    firstDeadlineAt: deadlines.length === 0 ? null : Math.min(...deadlines),
    pastN: deadlines.filter((at) => at < ctx.now).length,
    begunN: sagas.filter((saga) => saga.state === "compensating").length,
    heldN: sagas.filter((saga) => isHeld(saga, ctx.now)).length,
    zones: await zoneTags(ctx.db, zones.filter(Boolean), ctx.now),
    refusal: permission.ok ? ((await refusal(ctx.db, sagas))?.message ?? null) : permission.reason,
  };
}

/** Asks to hold the compensations of what was selected for some time; their sources are told by a worker. The same key again is the same request. */
export async function requestHold(ctx: Ctx, request: HoldInput): Promise<Asked> {
  const until = ctx.now + request.forMs;
  const { value, repeated } = await auditedOnce(ctx, "saga.hold", request, () =>
    ofSelection(ctx, { kind: "hold", selection: request.selection, until, reason: request.reason }),
  );
  return { ...value, repeated };
}

/** Asks to let compensations go, of what was selected or of what one hold did, where that still stands. The same key again is the same request. */
export async function requestRelease(ctx: Ctx, request: ReleaseInput): Promise<Asked> {
  const { selection, undoes, reason } = request;
  const { value, repeated } = await auditedOnce(ctx, "saga.release", request, () =>
    selection === null ? ofHold(ctx, undoes!, reason) : ofSelection(ctx, { kind: "release", selection, until: null, reason }),
  );
  return { ...value, repeated };
}

async function ofSelection(ctx: Ctx, request: Request & { selection: SagaSelection }) {
  const caller = callerOf(ctx);
  const { chosen } = await chosenOf(ctx.db, request.selection, ctx.now, request.kind === "hold" ? request.until : null);
  // Nothing stands in no zone: what has ended by now is no matter of permission for whoever may act at all.
  if (chosen.length === 0 && can(caller, `saga.${request.kind}`, caller.zones ?? ["any"]).ok) throw nothingOpen(request);
  return written(ctx, request, targetZones(chosen), null, async (tx, holdId) => {
    const why = await refusal(tx, chosen);
    if (why) throw why;
    const offsets = await selectClockOffsets(tx);
    const named = chosen.map(({ sourceId, sagaId }) => ({ sourceId, sagaId, offMs: correction(offsets.get(sourceId) ?? 0) }));
    const frozen = await freezeSagas(tx, holdId, named, zonesOf(chosen), request.until);
    if (frozen === 0) throw nothingOpen(request);
    return frozen;
  });
}

async function ofHold(ctx: Ctx, undoes: number, reason: string | null) {
  const hold = await visibleHold(ctx, undoes);
  if (hold.kind !== "hold") throw new Refusal("conflict", "This is a release; hold again what should be held.");
  return written(ctx, { kind: "release", until: null, reason }, hold.zones, undoes, async (tx, holdId) => {
    const frozen = await freezeUndone(tx, holdId, undoes, ctx.now);
    if (frozen === 0) throw new Refusal("conflict", "This hold held nothing that could be released.");
    return frozen;
  });
}

/** The request with its frozen list, as one change. */
async function written(
  ctx: Ctx,
  { kind, until, reason }: Request,
  zones: string[],
  undoes: number | null,
  freeze: (tx: Db, holdId: number) => Promise<number>,
) {
  const caller = callerOf(ctx);
  const holdId = await nextHoldId(ctx.db);
  const by = { requestedBy: actorId(caller), requestedByName: caller.name, requestedAt: ctx.now };
  return {
    target: { kind: "hold", id: String(holdId), zones },
    change: async (tx: Db) => {
      await insertHold(tx, { holdId, kind, ...by, reason, until, undoes, zones, sagasN: 0 });
      const sagasN = await freeze(tx, holdId);
      await setSagasN(tx, holdId, sagasN);
      return { holdId: String(holdId), sagasN, until };
    },
    entry: {
      reason: reason ?? undefined,
      detail: ({ sagasN }: { sagasN: number }) => ({
        sagas: sagasN,
        ...(until !== null && { until }),
        ...(undoes !== null && { undoes }),
      }),
    },
  };
}

/** What came of a request so far, as the sources say. */
export async function readHold(ctx: Ctx, { holdId }: { holdId: number }): Promise<HoldView> {
  const hold = await visibleHold(ctx, holdId);
  const outcomes = (await selectHoldOutcomes(ctx.db, holdId, ctx.now)).map(({ outcome, uncertain, n }) => ({
    outcome: outcome ?? (uncertain ? ("uncertain" as const) : ("waiting" as const)),
    n,
  }));
  const over = hold.until !== null && hold.until <= ctx.now;
  return {
    now: ctx.now,
    holdId: String(holdId),
    kind: hold.kind,
    by: hold.requestedByName,
    at: hold.requestedAt,
    until: hold.until,
    reason: hold.reason,
    sagasN: hold.sagasN,
    outcomes,
    settled: hold.settledAt !== null,
    over,
    sentence: holdSentence({ kind: hold.kind, until: hold.until, outcomes, over }, ctx.now),
  };
}

async function visibleHold(ctx: Ctx, holdId: number): Promise<HoldRecord> {
  const hold = await selectHold(ctx.db, holdId);
  const zones = hold?.zones ?? [];
  if (!hold || !(zones.length === 0 ? canRead(ctx.actor, null) : zones.some((zone) => canRead(ctx.actor, zone))))
    throw new Refusal("not_found", "There is no such hold, or it is not in your zones.");
  return hold;
}

/** Which sagas a selection means now, and whether more match than one request may hold. Of a cause those that no hold keeps until then anyway. */
async function chosenOf(
  db: Db,
  { sagas, cause }: SagaSelection,
  now: Instant,
  until: Instant | null,
): Promise<{ chosen: Holdable[]; more: boolean }> {
  if (cause === null) return { chosen: await selectNamed(db, sagas), more: false };
  const contract = (await readContracts(db)).find((one) => one.zoneId === cause.zone);
  if (!contract) return { chosen: [], more: false };
  const most = holdLimits.sagasMax + 1;
  const narrowing = { types: [cause.type], steps: cause.step === null ? [] : [cause.step], key: null };
  const found = await Promise.all(
    (["stuck", "due"] as const).map((state) => selectSagas(db, [sagaZone(contract)], state, narrowing, null, now, most)),
  );
  const open = found
    .flat()
    .filter((saga) => isOpen(saga) && !(until !== null && saga.holdUntil !== null && saga.holdUntil >= until))
    .sort((a, b) => (a.deadlineAt ?? Number.POSITIVE_INFINITY) - (b.deadlineAt ?? Number.POSITIVE_INFINITY));
  return { chosen: open.slice(0, holdLimits.sagasMax), more: open.length > holdLimits.sagasMax };
}

async function refusal(db: Db, chosen: readonly Holdable[]): Promise<Refusal | null> {
  const observedOnly = (await selectSources(db)).filter(
    (source) => !source.act && chosen.some((saga) => saga.sourceId === source.sourceId),
  );
  return observedOnly.length === 0
    ? null
    : new Refusal(
        "conflict",
        `Accord only observes ${listed(observedOnly.map((source) => source.sourceId))}: act is false in accord.yaml.`,
      );
}

const nothingOpen = ({ kind }: Pick<Request, "kind">): Refusal =>
  new Refusal("not_found", `Nothing of the selection runs any more: there is nothing to ${kind}.`);
const zonesOf = (sagas: readonly Holdable[]): string[] => [...new Set(sagas.map((saga) => saga.zoneId))].sort();
// What no contract names is for administrators, and so is a selection with such a saga in it.
const targetZones = (sagas: readonly Holdable[]): string[] => (sagas.some((saga) => saga.zoneId === "") ? [] : zonesOf(sagas));
