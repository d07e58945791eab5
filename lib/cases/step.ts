import { auditedOnce } from "../audited";
import { actorId, type Caller, type Ctx, callerOf } from "../context";
import type { Db } from "../db/pool";
import { type Action, canRead } from "../permissions";
import { Refusal } from "../refusal";
import type { Part } from "../words";
import { whyNotOpen } from "./bulk.rules";
import { caseState } from "./rules";
import { type CaseBy, type EventKind, insertCaseEvent, lockCase, type StoredCase, selectCase } from "./sql";

/** What every act on a case answers with. */
export type CaseAnswer = { caseId: string; state: string };
type Change = (tx: Db, one: StoredCase, by: CaseBy & { id: string }, caller: Caller) => Promise<Part[]>;

/** One change of one case: in scope, allowed, under the case's lock, once per key, with its entry in history and audit. */
export async function step(
  ctx: Ctx,
  action: Action,
  kind: EventKind,
  request: { caseId: number; key: string },
  change: Change,
  entry: { reason?: string; detail?: Record<string, unknown> } = {},
): Promise<CaseAnswer> {
  const caller = callerOf(ctx);
  const by = { id: actorId(caller), name: caller.name };
  const { caseId } = request;
  const { value } = await auditedOnce(ctx, action, request, async () => {
    const seen = await selectCase(ctx.db, caseId);
    if (!seen || !canRead(ctx.actor, seen.zoneId)) throw noCase(caseId);
    return {
      target: { kind: "case", id: String(caseId), zones: [seen.zoneId] },
      change: async (tx) => {
        const text = await change(tx, await lockCase(tx, caseId), by, caller);
        await insertCaseEvent(tx, caseId, { kind, by, at: ctx.now, text });
        return { caseId: String(caseId), state: caseState((await selectCase(tx, caseId))!, ctx.now) };
      },
      entry,
    };
  });
  return value;
}

/** The same for a case that is not there and for one in other people's zones. */
export const noCase = (caseId: number): Refusal =>
  new Refusal("not_found", `There is no CASE-${caseId}, or it is not in your zones.`);

/** Refuses what makes no sense any more once a case is resolved. */
export function mustBeOpen(one: StoredCase): void {
  const why = whyNotOpen(one);
  if (why !== null) throw new Refusal("conflict", why);
}
