import { auditedOnce } from "../audited";
import { actorId, type Ctx, callerOf } from "../context";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { canRead } from "../permissions";
import { Refusal } from "../refusal";
import type { OpenInput } from "./input";
import { isKnownKey } from "./read.sql";
import { insertCase, insertCaseEvent, selectLatest } from "./sql";
import type { CaseAnswer } from "./step";
import { eventWords } from "./words";

/** Opens a case by hand in a zone, over a business key where there is one. The same key again is the same case. */
export async function openCase(ctx: Ctx, request: OpenInput): Promise<CaseAnswer & { repeated: boolean }> {
  const caller = callerOf(ctx);
  const contract = (await readContracts(ctx.db)).find((one) => one.zoneId === request.zoneId);
  if (!contract || !canRead(ctx.actor, request.zoneId))
    throw new Refusal("not_found", "There is no such zone, or it is not among yours.");
  if (
    request.businessKey !== null &&
    /\s/.test(request.businessKey) &&
    !(await isKnownKey(ctx.db, request.zoneId, request.businessKey))
  )
    throw new Refusal(
      "invalid",
      `businessKey: nothing is known of a key “${request.businessKey}”, and few keys have spaces: give the key of the ${contract.businessKey.name} alone, or leave it out and say it in the note.`,
      { field: "businessKey" },
    );
  const by = { id: actorId(caller), name: caller.name };
  const cause = {
    zoneId: request.zoneId,
    causeKind: "manual" as const,
    causeRef: request.businessKey ?? request.title,
    causePart: "",
  };
  const { value, repeated } = await auditedOnce(ctx, "case.open", request, async () => ({
    target: { kind: "zone", id: request.zoneId, zones: [request.zoneId] },
    change: async (tx) => {
      const caseId = await insertCase(tx, {
        ...cause,
        businessKey: request.businessKey,
        title: request.title,
        facts: { kind: "manual" },
        openedAt: ctx.now,
        openedBy: by.id,
        openedByName: by.name,
        dueAt: ctx.now + contract.recovery.cases.dueMs,
        runbook: null,
      });
      if (caseId === null) throw await openAlready(tx, cause);
      await insertCaseEvent(tx, caseId, { kind: "opened", by, at: ctx.now, text: eventWords.opened(request.note ?? "") });
      return { caseId: String(caseId), state: "open" };
    },
    entry: { detail: ({ caseId }) => ({ case: `CASE-${caseId}`, title: request.title, businessKey: request.businessKey }) },
  }));
  return { ...value, repeated };
}

async function openAlready(db: Db, cause: Parameters<typeof selectLatest>[1]): Promise<Refusal> {
  const other = await selectLatest(db, cause);
  return new Refusal("conflict", `CASE-${other?.caseId} of ${other?.openedByName} is open for the same.`, {
    caseId: String(other?.caseId),
  });
}
