import { audited } from "../audited";
import { actorId, type Ctx, type Person, type Service } from "../context";
import type { Db } from "../db/pool";
import { type Action, canRead } from "../permissions";
import { Refusal } from "../refusal";
import type { Part } from "../words";
import { caseState } from "./rules";
import { type CaseBy, type EventKind, insertCaseEvent, lockCase, type StoredCase, selectCase, selectEventByKey } from "./sql";

/** What every act on a case answers with. */
export type CaseAnswer = { caseId: string; state: string };
/** Who works on cases: a person, or a service with a token. */
export type Caller = Person | Service;

type Change = (tx: Db, one: StoredCase, by: CaseBy & { id: string }, caller: Caller) => Promise<Part[]>;

/** One change of one case: in sight, allowed, under the case's lock, once per key, with its entry in history and audit. */
export async function step(
  ctx: Ctx,
  action: Action,
  kind: EventKind,
  wish: { caseId: number; key: string },
  change: Change,
  entry: { reason?: string; detail?: Record<string, unknown> } = {},
): Promise<CaseAnswer> {
  const caller = callerOf(ctx);
  const by = { id: actorId(caller), name: caller.name };
  const seen = await selectCase(ctx.db, wish.caseId);
  if (!seen || !canRead(ctx.actor, seen.zoneId))
    throw new Refusal("not_found", `There is no CASE-${wish.caseId}, or it is not in your zones.`);
  const target = { kind: "case", id: String(wish.caseId), zones: [seen.zoneId] };
  const answer = async (db: Db) => ({
    caseId: String(wish.caseId),
    state: caseState((await selectCase(db, wish.caseId))!, ctx.now),
  });
  try {
    return await audited(
      ctx,
      action,
      target,
      async (tx) => {
        const one = await lockCase(tx, wish.caseId);
        const before = await selectEventByKey(tx, wish.caseId, by.id, wish.key);
        if (before) throw before.kind === kind ? new Repeated() : anotherWish(wish.caseId);
        const text = await change(tx, one, by, caller);
        await insertCaseEvent(tx, wish.caseId, { kind, by, at: ctx.now, text, key: wish.key });
        return answer(tx);
      },
      entry,
    );
  } catch (error) {
    if (error instanceof Repeated) return answer(ctx.db);
    throw error;
  }
}

/** The same wish under the same key: the first one did it. */
export class Repeated extends Error {}

const anotherWish = (caseId: number): Refusal =>
  new Refusal("conflict", `This Idempotency-Key was used for another step of CASE-${caseId}. Send a new key.`);

/** Refuses what makes no sense any more once a case is resolved. */
export function mustBeOpen(one: StoredCase): void {
  if (one.resolvedAt !== null)
    throw new Refusal("conflict", `CASE-${one.caseId} was resolved by ${one.resolvedByName}; reopen it first.`);
}

/** The caller, where a person or a service may ask. */
export function callerOf(ctx: Ctx): Caller {
  if (ctx.actor.kind === "worker") throw new Refusal("forbidden", "Only a person or a service may ask for this.");
  return ctx.actor;
}
