import { createHash } from "node:crypto";
import { audited } from "../audited";
import { actorId, type Ctx, type Person, type Service } from "../context";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { correction } from "../observation/rules";
import { can, canRead } from "../permissions";
import { Refusal } from "../refusal";
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
  selectHoldByKey,
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
/** Where the wish stands; `until` null is a release. */
type Wish = { kind: "hold" | "release"; selection: SagaSelection; until: Instant | null; reason: string | null; key: string };

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

/** Asks to hold the compensations of what was selected for some time; their sources are told by a worker. The same key again is the same wish. */
export async function requestHold(ctx: Ctx, wish: HoldInput): Promise<Asked> {
  const hash = hashOf(["hold", wish.selection, wish.forMs, wish.reason]);
  const before = await beforeUnder(ctx, wish.key, hash);
  return (
    before ??
    request(ctx, hash, {
      kind: "hold",
      selection: wish.selection,
      until: ctx.now + wish.forMs,
      reason: wish.reason,
      key: wish.key,
    })
  );
}

/** Asks to let compensations go, of what was selected or of what one hold did, where that still stands. The same key again is the same wish. */
export async function requestRelease(ctx: Ctx, wish: ReleaseInput): Promise<Asked> {
  const hash = hashOf(["release", wish.selection, wish.undoes, wish.reason]);
  const before = await beforeUnder(ctx, wish.key, hash);
  if (before) return before;
  if (wish.selection !== null)
    return request(ctx, hash, { kind: "release", selection: wish.selection, until: null, reason: wish.reason, key: wish.key });
  return takeBack(ctx, hash, wish.undoes!, wish);
}

async function request(ctx: Ctx, requestHash: string, wish: Wish): Promise<Asked> {
  const caller = callerOf(ctx);
  const { chosen } = await chosenOf(ctx.db, wish.selection, ctx.now, wish.kind === "hold" ? wish.until : null);
  // Nothing stands in no zone: what has ended by now is no matter of permission for whoever may act at all.
  if (chosen.length === 0 && can(caller, `saga.${wish.kind}`, caller.zones ?? ["any"]).ok) throw nothingOpen(wish);
  return write(ctx, requestHash, wish, targetZones(chosen), null, async (tx, holdId) => {
    const why = await refusal(tx, chosen);
    if (why) throw why;
    const offsets = await selectClockOffsets(tx);
    const named = chosen.map(({ sourceId, sagaId }) => ({ sourceId, sagaId, offMs: correction(offsets.get(sourceId) ?? 0) }));
    const frozen = await freezeSagas(tx, holdId, named, zonesOf(chosen), wish.until);
    if (frozen === 0) throw nothingOpen(wish);
    return frozen;
  });
}

async function takeBack(ctx: Ctx, requestHash: string, undoes: number, { reason, key }: ReleaseInput): Promise<Asked> {
  const hold = await visibleHold(ctx, undoes);
  if (hold.kind !== "hold") throw new Refusal("conflict", "This is a release; hold again what should be held.");
  const wish: Wish = { kind: "release", selection: { sagas: [], cause: null }, until: null, reason, key };
  return write(ctx, requestHash, wish, hold.zones, undoes, async (tx, holdId) => {
    const frozen = await freezeUndone(tx, holdId, undoes, ctx.now);
    if (frozen === 0) throw new Refusal("conflict", "This hold held nothing that could be released.");
    return frozen;
  });
}

/** The wish with its frozen list and its entry in the audit, in one transaction. */
async function write(
  ctx: Ctx,
  requestHash: string,
  { kind, until, reason, key }: Wish,
  zones: string[],
  undoes: number | null,
  freeze: (tx: Db, holdId: number) => Promise<number>,
): Promise<Asked> {
  const caller = callerOf(ctx);
  const holdId = await nextHoldId(ctx.db);
  try {
    const sagasN = await audited(
      ctx,
      `saga.${kind}`,
      { kind: "hold", id: String(holdId), zones },
      async (tx) => {
        const fresh = await insertHold(tx, {
          holdId,
          kind,
          requestedBy: actorId(caller),
          requestedByName: caller.name,
          requestedAt: ctx.now,
          requestKey: key,
          requestHash,
          reason,
          until,
          undoes,
          zones,
          sagasN: 0,
        });
        if (!fresh) throw new Repeated();
        const frozen = await freeze(tx, holdId);
        await setSagasN(tx, holdId, frozen);
        return frozen;
      },
      {
        reason: reason ?? undefined,
        detail: (n) => ({ sagas: n, ...(until !== null && { until }), ...(undoes !== null && { undoes }) }),
      },
    );
    return { holdId: String(holdId), sagasN, until, repeated: false };
  } catch (error) {
    if (!(error instanceof Repeated)) throw error;
    return (await beforeUnder(ctx, key, requestHash))!;
  }
}

/** What came of a wish so far, as the sources say. */
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

/** Which sagas a selection means now, and whether more match than one wish may hold. Of a cause those that no hold keeps until then anyway. */
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

async function beforeUnder(ctx: Ctx, key: string, requestHash: string): Promise<Asked | null> {
  const before = await selectHoldByKey(ctx.db, actorId(callerOf(ctx)), key);
  if (before === null) return null;
  if (before.requestHash !== requestHash)
    throw new Refusal("conflict", "This Idempotency-Key was used for another wish. Send a new key.", {
      holdId: String(before.holdId),
    });
  return { holdId: String(before.holdId), sagasN: before.sagasN, until: before.until, repeated: true };
}

/** The key was used while this request was on its way: the other request made the wish. */
class Repeated extends Error {}

function callerOf(ctx: Ctx): Person | Service {
  if (ctx.actor.kind === "worker") throw new Refusal("forbidden", "Only a person or a service may ask for this.");
  return ctx.actor;
}

const nothingOpen = ({ kind }: Pick<Wish, "kind">): Refusal =>
  new Refusal("not_found", `Nothing of the selection runs any more: there is nothing to ${kind}.`);
const hashOf = (wish: unknown): string => createHash("sha256").update(JSON.stringify(wish)).digest("hex");
const zonesOf = (sagas: readonly Holdable[]): string[] => [...new Set(sagas.map((saga) => saga.zoneId))].sort();
// What no contract names is for administrators, and so is a selection with such a saga in it.
const targetZones = (sagas: readonly Holdable[]): string[] => (sagas.some((saga) => saga.zoneId === "") ? [] : zonesOf(sagas));
