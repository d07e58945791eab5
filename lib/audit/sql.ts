import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows } from "../db/rows";
import {
  type AuditEntry,
  type AuditFilter,
  type AuditNarrowing,
  type AuditPlace,
  DENIALS_PER_MINUTE_MAX,
  type NewEntry,
  storable,
} from "./rules";

/** Appends one entry; null when an entry with the same key stands already. */
export async function insertEntry(db: Db, entry: NewEntry): Promise<number | null> {
  const inserted = await firstRow<{ id: number }>(db, insertion(entry, sql`true`));
  return inserted?.id ?? null;
}

/** Appends a denial, unless this actor's denials of the last minute are too many already. */
export async function insertDenial(db: Db, entry: NewEntry): Promise<number | null> {
  const inserted = await firstRow<{ id: number }>(db, insertion(entry, fewDenials(entry)));
  return inserted?.id ?? null;
}

function insertion(entry: NewEntry, when: SQL): SQL {
  const { actor } = entry;
  const target = storable(entry.target);
  const person = actor.kind === "operator" ? actor : null;
  const detail = { ...entry.detail, ...("token" in actor && actor.token ? { token: actor.token } : {}) };
  return sql`
    insert into audit_entry
      (at, actor_kind, operator_id, actor_name, session_id, action, target_kind, target_id, zones, result, reason, detail, entry_key)
    select ${instant(entry.at)}, ${actor.kind}, ${person?.operatorId ?? null}::uuid, ${nameOf(actor)}, ${person?.sessionId ?? null}::uuid,
      ${entry.action}, ${target.kind}, ${target.id}, ${list(target.zones, "text")}, ${entry.result}, ${entry.reason ?? null}::text,
      ${JSON.stringify(detail)}::jsonb, ${entry.entryKey ?? null}::text
    where ${when}
    on conflict (entry_key) do nothing
    returning id`;
}

function fewDenials({ actor, at }: NewEntry): SQL {
  const whose = whoseOf(actor);
  return sql`(
    select count(*) from (
      select 1 from audit_entry
      where ${whose} and result = 'denied' and at > ${instant(at - 60_000)}
      limit ${DENIALS_PER_MINUTE_MAX}
    ) recent
  ) < ${DENIALS_PER_MINUTE_MAX}`;
}

function whoseOf(actor: NewEntry["actor"]): SQL {
  if (actor.kind === "operator") return sql`operator_id = ${actor.operatorId}::uuid`;
  return actor.kind === "service"
    ? sql`operator_id is null and detail #>> '{token,id}' = ${actor.token.id}`
    : sql`operator_id is null and actor_kind <> 'service'`;
}

function nameOf(actor: NewEntry["actor"]): string {
  if (actor.kind === "operator" || actor.kind === "service" || actor.kind === "link") return actor.name;
  return actor.kind === "worker" ? actor.workerId : "not signed in";
}

type Row = Omit<AuditEntry, "target"> & { targetKind: string; targetId: string; zones: string[] };

/** A page of the audit, newest first, narrowed to what the reader may see: own acts, and entries of the reader's zones. */
export async function selectEntries(
  db: Db,
  filter: AuditFilter,
  reader: { operatorId: string | null; zones: string[] | null },
): Promise<AuditEntry[]> {
  const place = filter.before === undefined ? [] : [after(filter.before)];
  const conditions = [...narrowed(filter), ...place, visible(reader)];
  const found = await rows<Row>(
    db,
    sql`
    select id, at, actor_kind as "actorKind", operator_id as "operatorId", actor_name as "actorName", action,
      target_kind as "targetKind", target_id as "targetId", zones, result, reason, detail
    from audit_entry
    where ${sql.join(conditions, sql` and `)}
    order by at desc, id desc
    limit ${filter.limit}`,
  );
  return found.map(({ targetKind, targetId, zones, ...entry }) => ({
    ...entry,
    target: { kind: targetKind, id: targetId, zones },
  }));
}

function visible(reader: { operatorId: string | null; zones: string[] | null }): SQL {
  if (reader.zones === null) return sql`true`;
  return sql`(zones && ${list(reader.zones, "text")} or operator_id = ${reader.operatorId}::uuid)`;
}

function narrowed(filter: AuditNarrowing): SQL[] {
  const equal: [SQL, string | undefined][] = [
    [sql`operator_id`, filter.operatorId],
    [sql`actor_name`, filter.who],
    [sql`action`, filter.action],
    [sql`result`, filter.result],
    [sql`target_kind`, filter.targetKind],
    [sql`target_id`, filter.targetId],
  ];
  const conditions = equal.filter(([, value]) => value !== undefined).map(([column, value]) => sql`${column} = ${value}`);
  if (filter.zone !== undefined) conditions.push(sql`zones @> ${list([filter.zone], "text")}`);
  if (filter.since !== undefined) conditions.push(sql`at >= ${instant(filter.since)}`);
  if (filter.until !== undefined) conditions.push(sql`at < ${instant(filter.until)}`);
  return conditions;
}

const after = (cursor: AuditPlace): SQL => sql`(at, id) < (${instant(cursor.at)}, ${cursor.id}::bigint)`;
