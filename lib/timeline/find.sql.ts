import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import { recognised } from "../dead-letters/recognise.rules";
import { wordingsOf } from "../dead-letters/template.rules";
import type { Instant } from "../time";
import { HITS_MAX } from "./rules";
import { inZones, overlaps, type Scope } from "./scope.sql";

export type FoundLetter = {
  id: number;
  messageId: string;
  businessKey: string;
  consumer: string;
  eventType: string;
  groupId: number;
  since: Instant | null;
  closedAs: string | null;
};

const letter = sql`d.id, d.message_id as "messageId", d.business_key as "businessKey", g.consumer, g.event_type as "eventType", d.group_id as "groupId"`;

/** Dead letters, open and closed, of a message, or of an id in Accord or in the service's own table. */
export async function selectLetters(
  db: Db,
  by: { messageId: string } | { number: number },
  scope: Scope,
): Promise<FoundLetter[]> {
  const open =
    "messageId" in by
      ? sql`d.message_id = ${by.messageId}`
      : // Two ways in, each along its own index.
        sql`d.id in (select ${by.number}::bigint union all select id from dead_letter where source_id = any(array(select source_id from source)) and source_seq = ${String(by.number)})`;
  const closed = "messageId" in by ? open : sql`d.id = ${by.number}`;
  return rows<FoundLetter>(
    db,
    sql`(select ${letter}, d.since, null as "closedAs" from dead_letter d join dead_letter_group g using (group_id) where ${open} and ${overlaps(sql`g.zones`, scope)} limit ${HITS_MAX})
        union all
        (select ${letter}, null, d.closed_as from dead_letter_history d join dead_letter_group g using (group_id) where ${closed} and ${overlaps(sql`g.zones`, scope)} order by d.closed_at desc limit ${HITS_MAX})`,
  );
}

/** Keys that wait for a message: it is nobody's dead letter. */
export async function selectWaitingFor(
  db: Db,
  messageId: string,
  scope: Scope,
): Promise<{ businessKey: string; eventType: string; reason: string; since: Instant }[]> {
  // Every beginning of the table's key is named, so that its index leads to the message.
  return rows(
    db,
    sql`select distinct on (business_key) business_key as "businessKey", event_type as "eventType", reason, since from unresolved
        where source_id = any(array(select source_id from source)) and reason = any('{unpublished,undelivered,held}') and consumer = any(array(select unnest(consumers) from source union select ''))
          and ref = ${messageId} and confirmed and ${inZones(sql`zone_id`, scope)} order by business_key, since limit ${HITS_MAX}`,
  );
}

export type FoundGroup = {
  groupId: number;
  errorType: string;
  consumer: string;
  eventType: string;
  openN: number;
  lastAt: Instant;
};

// An id or a key is no sentence: only for one every group's template is read.
function failedLike(text: string): SQL {
  if (!/\s/.test(text) || text.length < 12) return sql`false`;
  // A field of one line takes the breaks out of a stack; before a call there was one.
  const { templates } = recognised(text.replace(/\s+(?=at \S)/g, "\n"));
  const said = list([...new Set([...wordingsOf(text), ...templates])], "text");
  return sql`group_id in (select group_id from dead_letter_group where template = any(${said}) order by last_at desc limit ${HITS_MAX})`;
}

/** A group by its number, its fingerprint, or a message that failed like it, as somebody pasted it from a log. */
export async function selectGroups(db: Db, by: { number: number | null; text: string }, scope: Scope): Promise<FoundGroup[]> {
  return rows<FoundGroup>(
    db,
    sql`select group_id as "groupId", error_type as "errorType", consumer, event_type as "eventType", open_n as "openN", last_at as "lastAt" from dead_letter_group g
        where (group_id = ${by.number ?? -1} or fingerprint = ${by.text} or ${failedLike(by.text)}) and ${overlaps(sql`g.zones`, scope)} limit ${HITS_MAX}`,
  );
}

export type FoundSaga = {
  sourceId: string;
  sagaId: string;
  sagaType: string;
  businessKey: string;
  state: string;
  since: Instant;
};

/** Sagas by their id. */
export async function selectSagas(db: Db, sagaId: string, scope: Scope): Promise<FoundSaga[]> {
  return rows<FoundSaga>(
    db,
    sql`select source_id as "sourceId", saga_id as "sagaId", saga_type as "sagaType", business_key as "businessKey", state, started_at as since from saga
        where source_id = any(array(select source_id from source)) and saga_id = ${sagaId} and ${inZones(sql`zone_id`, scope)} limit ${HITS_MAX}`,
  );
}

/** A divergence by its number; candidates are nobody's business yet. */
export async function selectFoundDivergence(
  db: Db,
  divergenceId: number,
  scope: Scope,
): Promise<{ divergenceId: number; kind: string; rule: string; businessKey: string; state: string; since: Instant }[]> {
  return rows(
    db,
    sql`select divergence_id as "divergenceId", kind, rule, business_key as "businessKey", state, since from divergence where divergence_id = ${divergenceId} and state <> 'candidate' and ${inZones(sql`zone_id`, scope)}`,
  );
}

/** A case by its number. */
export async function selectFoundCase(
  db: Db,
  caseId: number,
  scope: Scope,
): Promise<{ caseId: number; title: string; zone: string; openedAt: Instant; resolved: boolean }[]> {
  return rows(
    db,
    sql`select c.case_id as "caseId", c.title, z.title as zone, c.opened_at as "openedAt", c.resolved_at is not null as resolved from case_file c join zone z using (zone_id)
        where c.case_id = ${caseId} and ${inZones(sql`c.zone_id`, scope)}`,
  );
}

/** An operation by its number. */
export async function selectFoundOperation(
  db: Db,
  operationId: number,
  scope: Scope,
): Promise<{ operationId: number; title: string; state: string; requestedBy: string; since: Instant }[]> {
  return rows(
    db,
    sql`select operation_id as "operationId", title, state, requested_by_name as "requestedBy", requested_at as since from operation
        where operation_id = ${operationId} and ${overlaps(sql`zones`, scope)}`,
  );
}

export type Named = { kind: "zone" | "source" | "consumer" | "event"; id: string; title: string; note: string };

/** Names of zones, sources, consumers and events that hold the text: small tables, which contracts and configuration fill. */
export async function selectNamed(db: Db, text: string, scope: Scope): Promise<Named[]> {
  const has = (...columns: SQL[]) =>
    sql`(${sql.join(
      columns.map((column) => sql`position(lower(${text}) in lower(${column})) > 0`),
      sql` or `,
    )})`;
  const inForce = sql`join zone z on z.zone_id = e.zone_id and z.retired_at is null`;
  // A service behind a zone out of scope is named by no contract in scope: what it is called is nobody's business.
  const nearSource =
    scope === null
      ? sql`true`
      : sql`exists (select 1 from zone_event e where ${inZones(sql`e.zone_id`, scope)} and (e.source_id = s.source_id or e.consumer = any(s.consumers)))`;
  return rows<Named>(
    db,
    sql`(select 'zone' as kind, zone_id as id, title, zone_id as note from zone where retired_at is null and ${has(sql`zone_id`, sql`title`)} and ${inZones(sql`zone_id`, scope)} order by position, zone_id limit ${HITS_MAX})
      union all (select 'source', source_id, service, source_id from source s where retired_at is null and ${has(sql`source_id`, sql`service`)} and ${nearSource} order by position limit ${HITS_MAX})
      union all (select 'consumer', e.consumer, e.consumer, 'reads ' || string_agg(distinct e.event_type, ', ') from zone_event e ${inForce}
        where e.consumer <> '' and ${has(sql`e.consumer`)} and ${inZones(sql`e.zone_id`, scope)} group by e.consumer order by e.consumer limit ${HITS_MAX})
      union all (select 'event', e.zone_id || ' ' || e.event_type, e.event_type, z.title from zone_event e ${inForce}
        where e.consumer = '' and ${has(sql`e.event_type`)} and ${inZones(sql`e.zone_id`, scope)} order by e.event_type, z.position limit ${HITS_MAX})`,
  );
}

/** People by name or e-mail address, for who may see the list of them. */
export async function selectPeople(db: Db, text: string): Promise<{ id: string; name: string; email: string; role: string }[]> {
  return rows(
    db,
    sql`select id::text as id, name, email, role from operator where position(lower(${text}) in lower(name)) > 0 or position(lower(${text}) in email) > 0 order by lower(name), id limit ${HITS_MAX}`,
  );
}
