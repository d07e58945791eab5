import { appendAudit } from "../audit/service";
import type { Person } from "../context";
import type { Db } from "../db/pool";
import { acceptDivergence } from "../reconciliation/accept";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { plain } from "../words";
import { insertCaseEvent, lockCase, markCause, markResolved, selectDifference } from "./sql";
import { eventWords } from "./words";

/** What a second person is asked to accept: exactly these differences, until then. What an older version of Accord asked is about one. */
export type Acceptance = { print: string; until: Instant; reason: string; divergenceIds?: number[]; divergenceId?: number };

const CHANGED = "The difference is not the one that was asked about any more; the request is withdrawn.";

/** Why an acceptance that was asked for cannot be given any more, in words; null while the difference is the same. */
export async function whyDifferent(db: Db, caseId: number, asked: Acceptance): Promise<string | null> {
  const one = await lockCase(db, caseId);
  if (one.resolvedAt !== null) return `CASE-${caseId} was resolved meanwhile; the request is withdrawn.`;
  const found = await selectDifference(db, one);
  return found?.open && found.print === asked.print ? null : CHANGED;
}

/** Accepts the difference of a case and resolves it, in the transaction of the second person's yes. */
export async function acceptCase(
  tx: Db,
  caseId: number,
  { asked, askedBy }: { asked: Acceptance; askedBy: string },
  by: Person,
  now: Instant,
): Promise<void> {
  const one = await lockCase(tx, caseId);
  for (const divergenceId of asked.divergenceIds ?? [asked.divergenceId!])
    if (!(await acceptDivergence(tx, divergenceId, asked.until, now))) throw new Refusal("conflict", CHANGED);
  const { until, reason } = asked;
  if (!(await markResolved(tx, caseId, { resolution: "accepted", reason, by: askedBy, at: now, until })))
    throw new Refusal("conflict", `CASE-${caseId} is already resolved.`);
  await markCause(tx, caseId, now);
  const text = [...eventWords.resolved("accepted", reason), plain(`; asked for by ${askedBy}`)];
  await insertCaseEvent(tx, caseId, { kind: "resolved", by: { id: by.operatorId, name: by.name }, at: now, text });
  await appendAudit(tx, {
    at: now,
    actor: by,
    action: "case.resolve",
    target: { kind: "case", id: String(caseId), zones: [one.zoneId] },
    result: "result",
    reason,
    detail: { resolution: "accepted", until, askedBy },
  });
}

/** Notes in a case's history that the request for a second person came to nothing. */
export async function dropAcceptance(tx: Db, caseId: number, now: Instant, words: string): Promise<void> {
  const text = [plain(`dropped the request to accept the difference: ${words}`)];
  await insertCaseEvent(tx, caseId, { kind: "dropped", by: { id: null, name: "Accord" }, at: now, text });
}
