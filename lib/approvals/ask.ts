import { actorId, type Person, type Service } from "../context";
import type { Db } from "../db/pool";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { APPROVAL_MS, type Approval } from "./rules";
import { insertApproval, type NewApproval, selectApprovalOf } from "./sql";

type Request = Pick<NewApproval, "subjectKind" | "subjectId" | "action" | "zones" | "neededN" | "summary" | "detail">;

/** Writes down, in the transaction of the request itself, that it takes further people. One request waits per subject. */
export async function askApproval(tx: Db, asker: Person | Service, now: Instant, request: Request): Promise<void> {
  const asked = await insertApproval(tx, {
    ...request,
    requestedBy: actorId(asker),
    requestedByName: asker.name,
    requestedAt: now,
    expiresAt: now + APPROVAL_MS,
  });
  if (asked) return;
  const first = await approvalOf(tx, request.subjectKind, request.subjectId);
  throw new Refusal("conflict", `${first?.requestedByName ?? "Somebody"} has already asked for a second person here.`);
}

/** The latest request about a subject; null when there was none. */
export const approvalOf = (db: Db, kind: NewApproval["subjectKind"], subjectId: number): Promise<Approval | null> =>
  selectApprovalOf(db, kind, subjectId);
