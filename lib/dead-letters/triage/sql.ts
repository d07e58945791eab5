import { sql } from "drizzle-orm";
import type { Db } from "../../db/pool";
import { firstRow, instant, list, rows, touched } from "../../db/rows";
import type { Instant } from "../../time";
import type { Part } from "../../words";
import type { StateChange, Triage } from "./rules";

const columns =
  sql.raw(`t.state, t.state_n as "stateN", t.state_at as "stateAt", t.state_by_name as "stateByName", t.assignee::text as assignee, t.assignee_name as "assigneeName", t.ticket,
  t.ticket_by_name as "ticketByName", t.waits_for as "waitsFor", t.ready_at as "readyAt", t.ready_version as "readyVersion", t.muted_until as "mutedUntil", t.muted_above as "mutedAbove",
  t.resolved_total_n as "resolvedTotalN", t.regressed_at as "regressedAt", t.regressed_from as "regressedFrom", t.emptied_at as "emptiedAt"`);

/** Where groups stand, of those that somebody touched. */
export const selectTriage = (db: Db, groupIds: readonly number[]): Promise<(Triage & { groupId: number })[]> =>
  rows<Triage & { groupId: number }>(
    db,
    sql`select t.group_id as "groupId", ${columns} from group_triage t where t.group_id = any(${list(groupIds, "bigint")})`,
  );

/**
 * The group, and nobody else parks into it, closes of it or changes its triage until the transaction ends: the observer takes a group's row
 * before it writes a letter, so that "nothing is parked" stays true while it is acted upon.
 */
export async function lockTriage(tx: Db, groupId: number): Promise<void> {
  await tx.execute(sql`select 1 from dead_letter_group where group_id = ${groupId} for no key update`);
  await tx.execute(sql`insert into group_triage (group_id) values (${groupId}) on conflict do nothing`);
}

export type GroupBy = { id: string | null; name: string };
type Change = { by: string; at: Instant };

/** Changes the state that somebody has seen; false when it is another one by now. */
export const markState = async (
  tx: Db,
  groupId: number,
  from: number,
  to: StateChange,
  { by, at, totalN }: Change & { totalN: number },
): Promise<boolean> =>
  (await touched(
    tx,
    sql`update group_triage set state = ${to.state}, state_n = state_n + 1, state_at = ${instant(at)}, state_by_name = ${by}, waits_for = ${to.state === "waiting" ? to.waitsFor : null}, ready_at = null, ready_version = null,
          muted_until = ${instant(to.state === "muted" ? to.mutedUntil : null)}, muted_above = ${to.state === "muted" ? to.mutedAbove : null}, resolved_total_n = ${to.state === "resolved" ? totalN : null},
          regressed_at = case when ${to.state === "resolved"} then null else regressed_at end, regressed_from = case when ${to.state === "resolved"} then null else regressed_from end
        where group_id = ${groupId} and state_n = ${from}`,
  )) === 1;

/** Gives the group to somebody, or back; false when it is not any more whose it was. A new group is investigated from then on. */
export const markGroupAssignee = async (
  tx: Db,
  groupId: number,
  from: string | null,
  to: { id: string; name: string } | null,
  { by, at }: Change,
): Promise<boolean> =>
  (await touched(
    tx,
    sql`update group_triage set assignee = ${to?.id ?? null}::uuid, assignee_name = ${to?.name ?? null}, state = case when begins then 'investigating' else state end, state_n = state_n + begins::int,
          state_at = case when begins then ${instant(at)} else state_at end, state_by_name = case when begins then ${by} else state_by_name end
        from (select t.group_id as id, t.state = 'new' and ${to !== null} as begins from group_triage t where t.group_id = ${groupId}) b
        where group_id = b.id and assignee is not distinct from ${from}::uuid`,
  )) === 1;

/** Sets the ticket, or takes it away; false when it is not any more the one that was seen. */
export const markTicket = async (tx: Db, groupId: number, from: string | null, to: string | null, by: string): Promise<boolean> =>
  (await touched(
    tx,
    sql`update group_triage set ticket = ${to}, ticket_by_name = ${to === null ? null : by} where group_id = ${groupId} and ticket is not distinct from ${from}`,
  )) === 1;

export type GroupEventKind =
  | "state"
  | "assigned"
  | "noted"
  | "ticket"
  | "ready"
  | "not_ready"
  | "unmuted"
  | "regressed"
  | "ended"
  | "merged"
  | "split"
  | "regrouped";
export type NewGroupEvent = { kind: GroupEventKind; by: GroupBy; at: Instant; text: Part[] };

/** Appends to a group's history and gives its number; the group's triage is locked by it. */
export async function insertGroupEvent(tx: Db, groupId: number, { kind, by, at, text }: NewGroupEvent): Promise<number> {
  const row = await firstRow<{ n: number }>(
    tx,
    sql`with t as (update group_triage set events_n = events_n + 1 where group_id = ${groupId} returning events_n)
        insert into group_event (group_id, n, at, kind, by_id, by_name, text) select ${groupId}, t.events_n, ${instant(at)}, ${kind}, ${by.id}::uuid, ${by.name}, ${JSON.stringify(text)}::jsonb from t returning n`,
  );
  return row!.n;
}

export type GroupEventRow = { n: number; at: Instant; kind: string; byId: string | null; byName: string; text: Part[] };

/** What happened to a group, the newest first. */
export const selectGroupEvents = (db: Db, groupId: number, most: number): Promise<GroupEventRow[]> =>
  rows<GroupEventRow>(
    db,
    sql`select n, at, kind, by_id::text as "byId", by_name as "byName", text from group_event where group_id = ${groupId} order by n desc limit ${most}`,
  );
