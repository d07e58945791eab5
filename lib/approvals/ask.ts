import { actorId, type Person, type Service } from "../context";
import type { Db } from "../db/pool";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { APPROVAL_MS, type Approval } from "./rules";
import { insertApproval, type NewApproval, type StoredApproval, selectApprovalOf } from "./sql";

type Wish = Pick<NewApproval, "subjectKind" | "subjectId" | "action" | "zones" | "neededN" | "summary" | "detail">;

/** Writes down, in the transaction of the wish itself, that it takes further people. One wish waits per subject. */
export async function askApproval(tx: Db, asker: Person | Service, now: Instant, wish: Wish): Promise<void> {
  const asked = await insertApproval(tx, {
    ...wish,
    requestedBy: actorId(asker),
    requestedByName: asker.name,
    requestedAt: now,
    expiresAt: now + APPROVAL_MS,
  });
  if (asked) return;
  const first = await approvalOf(tx, wish.subjectKind, wish.subjectId);
  throw new Refusal("conflict", `${first?.requestedByName ?? "Somebody"} has already asked for a second person here.`);
}

/** The latest wish about a subject, as screens show it; null when there was none. */
export async function approvalOf(db: Db, kind: NewApproval["subjectKind"], subjectId: number): Promise<Approval | null> {
  const stored = await selectApprovalOf(db, kind, subjectId);
  return stored && shown(stored);
}

/** An approval without the keys that make a repeat the same wish. */
export function shown({ endedKey: _, votes, ...approval }: StoredApproval): Approval {
  return { ...approval, votes: votes.map(({ key: _key, ...vote }) => vote) };
}
