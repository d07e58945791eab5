import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, hasOneOf, instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { Approval, ApprovalState, SubjectKind, Vote } from "./rules";

export type NewApproval = Pick<
  Approval,
  "subjectKind" | "action" | "zones" | "neededN" | "requestedBy" | "requestedByName" | "requestedAt" | "expiresAt" | "summary"
> & { subjectId: number; detail: Record<string, unknown> };

// Whoever can hand out a password knows it, and would be the second person too; so would whom they made an administrator for it.
const broughtIn = sql`with recursive made as (
    select coalesce((select t.operator_id from token t where t.id = a.requested_by and t.kind = 'service'), a.requested_by)::text as id
    union
    select coalesce(e.detail ->> 'operatorId', e.target_id) from made join audit_entry e on e.operator_id = made.id::uuid
    where e.target_kind = 'operator' and e.result = 'done' and e.action in ('operator.invite', 'operator.change', 'operator.reset_password', 'second_factor.remove_other')
      and coalesce(e.detail ->> 'operatorId', e.target_id) ~ '^[0-9a-f-]{36}$' and e.at > a.requested_at - interval '30 days')
  select id from made where id <> a.requested_by::text`;
const columns = sql`a.approval_id::text as "approvalId", a.subject_kind as "subjectKind", a.subject_id::text as "subjectId", a.action, a.zones, a.needed_n as "neededN",
  a.requested_by::text as "requestedBy", a.requested_by_name as "requestedByName",
  (select t.operator_id::text from token t where t.id = a.requested_by and t.kind = 'service') as "tokenMadeBy", array(${broughtIn}) as "broughtIn", a.requested_at as "requestedAt", a.expires_at as "expiresAt", a.summary, a.detail, a.state,
  a.ended_at as "endedAt", a.ended_by_name as "endedByName", a.ended_why as "endedWhy",
  coalesce((select json_agg(json_build_object('operatorId', v.operator_id, 'name', v.operator_name, 'vote', v.vote, 'at', round(extract(epoch from v.at) * 1000), 'reason', v.reason) order by v.at)
    from approval_vote v where v.approval_id = a.approval_id), '[]') as votes`;
// What no contract names stands in no zone, and is seen by those who see all.
const scope = (zones: string[] | null): SQL => hasOneOf(sql`a.zones`, zones);

/** Writes the request down; false when one waits for the same subject already. */
export async function insertApproval(tx: Db, a: NewApproval): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`insert into approval (subject_kind, subject_id, action, zones, needed_n, requested_by, requested_by_name, requested_at, expires_at, summary, detail, state)
          values (${a.subjectKind}, ${a.subjectId}, ${a.action}, ${list(a.zones, "text")}, ${a.neededN}, ${a.requestedBy}, ${a.requestedByName}, ${instant(a.requestedAt)}, ${instant(a.expiresAt)},
            ${a.summary}, ${JSON.stringify(a.detail)}::jsonb, 'waiting') on conflict (subject_kind, subject_id) where state = 'waiting' do nothing`,
    )) === 1
  );
}

/** One approval in scope; null when there is none. */
export const selectApproval = (db: Db, approvalId: number, zones: string[] | null): Promise<Approval | null> =>
  firstRow<Approval>(db, sql`select ${columns} from approval a where a.approval_id = ${approvalId} and ${scope(zones)}`);

/** The same, and nobody else decides about it until the transaction ends. */
export async function lockApproval(tx: Db, approvalId: number): Promise<Approval> {
  await tx.execute(sql`select 1 from approval where approval_id = ${approvalId} for update`);
  return (await selectApproval(tx, approvalId, null))!;
}

/** The latest request about a subject; null when there was none. */
export const selectApprovalOf = (db: Db, kind: SubjectKind, subjectId: number): Promise<Approval | null> =>
  firstRow<Approval>(
    db,
    sql`select ${columns} from approval a where a.subject_kind = ${kind} and a.subject_id = ${subjectId} order by a.approval_id desc limit 1`,
  );

/** A page of approvals in scope, the newest first. */
export function selectApprovals(
  db: Db,
  page: { after: number | null; state: string | null },
  zones: string[] | null,
  most: number,
): Promise<Approval[]> {
  return rows<Approval>(
    db,
    sql`select ${columns} from approval a where ${scope(zones)} and (${page.after}::bigint is null or a.approval_id < ${page.after}) and (${page.state}::text is null or a.state = ${page.state})
        order by a.approval_id desc limit ${most}`,
  );
}

/** What waits in these zones, the oldest first. */
export function selectWaiting(db: Db, zones: string[] | null, now: Instant, most: number): Promise<Approval[]> {
  return rows<Approval>(
    db,
    sql`select ${columns} from approval a where a.state = 'waiting' and a.expires_at > ${instant(now)} and ${scope(zones)} order by a.approval_id limit ${most}`,
  );
}

export async function insertVote(
  tx: Db,
  approvalId: number,
  by: { operatorId: string; name: string },
  vote: Vote["vote"],
  { at, reason }: { at: Instant; reason: string | null },
): Promise<void> {
  await tx.execute(
    sql`insert into approval_vote (approval_id, operator_id, operator_name, vote, at, reason) values (${approvalId}, ${by.operatorId}, ${by.name}, ${vote}, ${instant(at)}, ${reason})`,
  );
}

/** Ends a request that waits; false when it does not any more. */
export async function endApproval(
  tx: Db,
  approvalId: number,
  state: Exclude<ApprovalState, "waiting">,
  { at, by, why }: { at: Instant; by: string | null; why: string | null },
): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`update approval set state = ${state}, ended_at = ${instant(at)}, ended_by_name = ${by}, ended_why = ${why} where approval_id = ${approvalId} and state = 'waiting'`,
    )) === 1
  );
}

/** Requests whose time is up. */
export async function selectExpired(db: Db, now: Instant, most: number): Promise<number[]> {
  const found = await rows<{ id: number }>(
    db,
    sql`select approval_id as id from approval where state = 'waiting' and expires_at <= ${instant(now)} order by expires_at limit ${most}`,
  );
  return found.map(({ id }) => id);
}

/** Requests that wait for a second person about a case. */
export async function selectWaitingCases(db: Db, most: number): Promise<number[]> {
  const found = await rows<{ id: number }>(
    db,
    sql`select approval_id as id from approval where state = 'waiting' and subject_kind = 'case' order by expires_at limit ${most}`,
  );
  return found.map(({ id }) => id);
}
