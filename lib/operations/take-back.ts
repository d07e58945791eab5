import { auditedOnce } from "../audited";
import { actorId, type Ctx, callerOf } from "../context";
import type { Db } from "../db/pool";
import { can } from "../permissions";
import { Refusal } from "../refusal";
import { counted } from "../words";
import { selectClosedGroups } from "./closing.sql";
import { beginOperation, freezeItems, insertOperation, nextOperationId } from "./freeze.sql";
import type { TakeBackInput } from "./input";
import { readVisible } from "./known";
import { noPlan, openingOf } from "./plan.rules";
import type { Requested } from "./service";
import { titleOf } from "./title-words";

/**
 * Asks to park again what operators discarded or resolved by hand: messages by their numbers, or all that an operation closed. What its source keeps no
 * more stays closed and says so.
 */
export async function requestTakeBack(ctx: Ctx, request: TakeBackInput): Promise<Requested> {
  const person = callerOf(ctx);
  const { value, repeated } = await auditedOnce(ctx, "dead_letter.take_back", request, async () => {
    if (request.operationId !== null) await readVisible(ctx, request.operationId);
    const groups = await selectClosedGroups(ctx.db, request);
    if (groups.length === 0 && can(person, "dead_letter.take_back", person.zones ?? ["any"]).ok) throw nothingClosed();
    const operationId = await nextOperationId(ctx.db);
    const zones = groups.some((group) => group.zones.length === 0)
      ? []
      : [...new Set(groups.flatMap((group) => group.zones))].sort();
    return {
      target: { kind: "operation", id: String(operationId), zones },
      change: (tx) => make(tx, ctx, operationId, request, groups),
      entry: {
        reason: request.reason,
        detail: ({ itemsN }) => ({
          items: itemsN,
          ticket: request.ticket,
          ...(request.operationId !== null && { takesBack: request.operationId }),
        }),
      },
    };
  });
  return { ...value, repeated };
}

type Group = Awaited<ReturnType<typeof selectClosedGroups>>[number];

async function make(
  tx: Db,
  ctx: Ctx,
  operationId: number,
  request: TakeBackInput,
  groups: readonly Group[],
): Promise<Omit<Requested, "repeated">> {
  const person = callerOf(ctx);
  const scope =
    request.operationId === null ? counted(request.messages.length, "message") : `what OP-${request.operationId} closed`;
  await insertOperation(tx, {
    ...{ operationId, kind: "take_back", code: null, evidence: null, plan: noPlan, retryOf: request.operationId },
    ...{ requestedBy: actorId(person), requestedByName: person.name, requestedAt: ctx.now },
    ...{ reason: request.reason, ticket: request.ticket, scope, zones: [] },
    consumers: [...new Set(groups.map((group) => group.consumer))].sort(),
  });
  const frozen = await freezeItems(tx, operationId, "take_back", { closed: request });
  if (frozen.itemsN === 0) throw nothingClosed();
  // Between the check and the freeze more may have been closed: the rules hold for what was frozen.
  const permission = can(ctx.actor, "dead_letter.take_back", frozen.outside > 0 ? [] : frozen.zones);
  if (!permission.ok) throw new Refusal("forbidden", permission.reason);
  const title = titleOf("take_back", frozen.itemsN, groups);
  await beginOperation(tx, operationId, { title, frozen, state: "running" }, openingOf(noPlan, ctx.now));
  return { operationId: String(operationId), itemsN: frozen.itemsN, awaiting: false };
}

const nothingClosed = () =>
  new Refusal(
    "conflict",
    "Nothing of it stands closed by an operator and free any more: it was taken back, parked again, or is kept no longer.",
  );
