import { audited } from "../audited";
import { actorId, type Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { canRead } from "../permissions";
import { Refusal } from "../refusal";
import type { OpenInput } from "./input";
import { insertCase, insertCaseEvent, type StoredCase, selectByOpenKey, selectLatest } from "./sql";
import { type CaseAnswer, callerOf, Repeated } from "./step";
import { eventWords } from "./words";

/** Opens a case by hand in a zone, over a business key where there is one. The same key again is the same case. */
export async function openCase(ctx: Ctx, wish: OpenInput): Promise<CaseAnswer & { repeated: boolean }> {
  const caller = callerOf(ctx);
  const contract = (await readContracts(ctx.db)).find((one) => one.zoneId === wish.zoneId);
  if (!contract || !canRead(ctx.actor, wish.zoneId))
    throw new Refusal("not_found", "There is no such zone, or it is not among yours.");
  const id = actorId(caller);
  const before = await selectByOpenKey(ctx.db, id, wish.key);
  if (before) return repeatedOpen(before, wish);
  const causeRef = wish.businessKey ?? wish.title;
  try {
    return await audited(
      ctx,
      "case.open",
      { kind: "zone", id: wish.zoneId, zones: [wish.zoneId] },
      async (tx) => {
        const caseId = await insertCase(tx, {
          zoneId: wish.zoneId,
          causeKind: "manual",
          causeRef,
          businessKey: wish.businessKey,
          title: wish.title,
          facts: { kind: "manual" },
          openedAt: ctx.now,
          openedBy: id,
          openedByName: caller.name,
          openKey: wish.key,
          dueAt: ctx.now + contract.recovery.cases.dueMs,
          runbook: null,
        });
        if (caseId === null) throw new Repeated();
        await insertCaseEvent(tx, caseId, {
          kind: "opened",
          by: { id, name: caller.name },
          at: ctx.now,
          text: eventWords.opened(wish.note ?? ""),
          key: wish.key,
        });
        return { caseId: String(caseId), state: "open", repeated: false };
      },
      { detail: ({ caseId }) => ({ case: `CASE-${caseId}`, title: wish.title, businessKey: wish.businessKey }) },
    );
  } catch (error) {
    if (!(error instanceof Repeated)) throw error;
    const first = await selectByOpenKey(ctx.db, id, wish.key);
    if (first) return repeatedOpen(first, wish);
    const other = await selectLatest(ctx.db, wish.zoneId, "manual", causeRef);
    throw new Refusal("conflict", `CASE-${other?.caseId} of ${other?.openedByName} is open for the same.`, {
      caseId: String(other?.caseId),
    });
  }
}

function repeatedOpen(before: StoredCase, wish: OpenInput): CaseAnswer & { repeated: boolean } {
  if (before.zoneId === wish.zoneId && before.title === wish.title && before.businessKey === wish.businessKey)
    return { caseId: String(before.caseId), state: "open", repeated: true };
  throw new Refusal(
    "conflict",
    `This Idempotency-Key was used for CASE-${before.caseId}, which is another wish. Send a new key.`,
  );
}
