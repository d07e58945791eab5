import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import type { UnresolvedReason } from "../facts/rules";
import type { Instant } from "../time";
import { inZones, overlaps, type Scope } from "./scope.sql";

export type KeyFact = {
  zoneId: string;
  reason: UnresolvedReason;
  sourceId: string;
  consumer: string;
  ref: string;
  eventType: string;
  since: Instant;
  flagged: boolean;
};

/** What is open about a key, in the zones in scope. */
export async function selectFacts(db: Db, key: string, scope: Scope, most: number): Promise<KeyFact[]> {
  return rows<KeyFact>(
    db,
    sql`select zone_id as "zoneId", reason, source_id as "sourceId", consumer, ref, event_type as "eventType", since, flagged from unresolved
        where business_key = ${key} and confirmed and ${inZones(sql`zone_id`, scope)} limit ${most}`,
  );
}

export type KeyLetter = {
  id: number;
  sourceId: string;
  groupId: number;
  messageId: string;
  version: number | null;
  consumer: string;
  consumerVersion: string;
  eventType: string;
  errorType: string;
  zones: string[];
  attempts: number;
  occurredAt: Instant | null;
  parkedAt: Instant;
  state: string;
  closedAt: Instant | null;
};

const letter = sql`d.id, d.source_id as "sourceId", d.group_id as "groupId", d.message_id as "messageId", d.version, g.consumer, d.consumer_version as "consumerVersion", g.event_type as "eventType",
  g.error_type as "errorType", g.zones, d.attempts, d.occurred_at as "occurredAt", d.parked_at as "parkedAt"`;

/**
 * A key's dead letters: those that are open, and those that were. So many of each are read at most, whoever asks, and of these the ones in
 * scope come back; a key that fills a store is read no further. `cut`: there were more.
 */
export async function selectKeyLetters(
  db: Db,
  key: string,
  scope: Scope,
  most: number,
): Promise<{ letters: KeyLetter[]; cut: boolean }> {
  const found = await rows<KeyLetter & { seen: boolean }>(
    db,
    sql`select ${letter}, d.state, d.closed_at as "closedAt", ${overlaps(sql`g.zones`, scope)} as seen from (
          (select id, source_id, group_id, message_id, version, consumer_version, attempts, occurred_at, parked_at, state, null::timestamptz as closed_at from dead_letter where business_key = ${key} limit ${most}) union all
          (select id, source_id, group_id, message_id, version, consumer_version, attempts, occurred_at, parked_at, closed_as, closed_at from dead_letter_history where business_key = ${key} limit ${most})) d
        join dead_letter_group g using (group_id)`,
  );
  const letters = found.filter((one) => one.seen).map(({ seen: _, ...one }) => one);
  const openN = found.filter((one) => one.closedAt === null).length;
  return { letters, cut: letters.length > 0 && Math.max(openN, found.length - openN) >= most };
}

export type KeySaga = {
  sourceId: string;
  sagaId: string;
  sagaType: string;
  zoneId: string;
  state: string;
  step: string | null;
  startedAt: Instant;
  deadlineAt: Instant | null;
  endedAt: Instant | null;
  holdUntil: Instant | null;
  steps: {
    position: number;
    name: string;
    kind: "forward" | "compensation";
    state: string;
    attempts: number;
    startedAt: number | null;
    endedAt: number | null;
    errorType: string | null;
  }[];
};

/** A key's sagas with their steps: all of those that are not calm, of others what they undo. */
export async function selectKeySagas(db: Db, key: string, scope: Scope, most: number): Promise<KeySaga[]> {
  const ms = (column: string) => sql.raw(`(extract(epoch from t.${column}) * 1000)::float8`);
  const columns = sql`position, name, state, attempts, started_at, ended_at, error_type`;
  return rows<KeySaga>(
    db,
    sql`select s.source_id as "sourceId", s.saga_id as "sagaId", s.saga_type as "sagaType", s.zone_id as "zoneId", s.state, s.step, s.started_at as "startedAt", s.deadline_at as "deadlineAt", s.ended_at as "endedAt",
          s.hold_until as "holdUntil", (select coalesce(jsonb_agg(jsonb_build_object('position', t.position, 'name', t.name, 'kind', t.kind, 'state', t.state, 'attempts', t.attempts, 'startedAt', ${ms("started_at")}, 'endedAt', ${ms("ended_at")},
            'errorType', t.error_type) order by t.position), '[]') from (
              select kind, ${columns} from saga_step p where p.source_id = s.source_id and p.saga_id = s.saga_id union all
              select 'compensation', ${columns} from saga_compensation c where c.source_id = s.source_id and c.saga_id = s.saga_id
                and not exists (select 1 from saga_step p where p.source_id = c.source_id and p.saga_id = c.saga_id and p.position = c.position)) t) as steps
        from saga s where s.business_key = ${key} and ${inZones(sql`s.zone_id`, scope)} limit ${most}`,
  );
}

export type KeyDivergence = {
  divergenceId: number;
  zoneId: string;
  rule: string;
  kind: string;
  state: string;
  since: Instant;
  confirmedAt: Instant | null;
  resolvedAt: Instant | null;
  resolution: string | null;
};

/** A key's divergences, once they are confirmed, with those that are resolved. */
export async function selectKeyDivergences(db: Db, key: string, scope: Scope, most: number): Promise<KeyDivergence[]> {
  return rows<KeyDivergence>(
    db,
    sql`select divergence_id as "divergenceId", zone_id as "zoneId", rule, kind, state, since, confirmed_at as "confirmedAt", resolved_at as "resolvedAt", resolution from divergence
        where business_key = ${key} and state <> 'candidate' and ${inZones(sql`zone_id`, scope)} limit ${most}`,
  );
}

export type KeyCase = {
  caseId: number;
  zoneId: string;
  title: string;
  openedAt: Instant;
  openedByName: string;
  resolvedAt: Instant | null;
  resolvedByName: string | null;
  resolution: string | null;
  resolutionReason: string | null;
};

/** Cases of which the key is the subject, or of whose group of dead letters or kind of difference it has one. */
export async function selectKeyCases(
  db: Db,
  key: string,
  groups: readonly { groupId: number; zones: readonly string[] }[],
  scope: Scope,
  most: number,
): Promise<KeyCase[]> {
  const places = groups.flatMap(({ groupId, zones }) => zones.map((zoneId) => ({ zoneId, ref: String(groupId) })));
  const columns = sql`case_id as "caseId", zone_id as "zoneId", title, opened_at as "openedAt", opened_by_name as "openedByName", resolved_at as "resolvedAt", resolved_by_name as "resolvedByName", resolution, resolution_reason as "resolutionReason"`;
  return rows<KeyCase>(
    db,
    sql`(select ${columns} from case_file where business_key = ${key} and ${inZones(sql`zone_id`, scope)} limit ${most})
        union
        (select ${columns} from case_file where cause_kind = 'divergence' and facts->>'key' is null and (zone_id, cause_ref, cause_part) in (select zone_id, rule, kind from divergence where business_key = ${key}) and ${inZones(sql`zone_id`, scope)} limit ${most})
        union
        (select ${columns} from case_file where cause_kind = 'group' and (zone_id, cause_ref) in (select * from unnest(${list(
          places.map((place) => place.zoneId),
          "text",
        )}, ${list(
          places.map((place) => place.ref),
          "text",
        )})) and ${inZones(sql`zone_id`, scope)} limit ${most})`,
  );
}

export type KeyAct = {
  operationId: number;
  item: number;
  kind: string;
  state: string;
  consumer: string;
  requestedBy: string;
  requestedAt: Instant;
  reason: string;
  outcome: string | null;
  detail: string | null;
  finishedAt: Instant | null;
};

/** What people asked for with a key's dead letters, and how it ended. */
export async function selectKeyActs(db: Db, letterIds: readonly number[], most: number): Promise<KeyAct[]> {
  if (letterIds.length === 0) return [];
  return rows<KeyAct>(
    db,
    sql`select o.operation_id as "operationId", i.item, o.kind, o.state, i.consumer, o.requested_by_name as "requestedBy", o.requested_at as "requestedAt", o.reason, r.outcome, r.detail, r.finished_at as "finishedAt"
        from operation_item i join operation o using (operation_id) left join operation_outcome r on r.operation_id = i.operation_id and r.item = i.item
        where i.dead_letter = any(${list(letterIds, "bigint")}) limit ${most}`,
  );
}

export type KeyRecord = {
  id: number;
  at: Instant;
  actor: string;
  action: string;
  result: string;
  reason: string | null;
  kind: string;
  target: string;
};

/** What the audit says of a key and of what it is part of, beside the acts that are told as operations. */
export async function selectKeyRecords(
  db: Db,
  targets: readonly { kind: string; id: string }[],
  reader: { operatorId: string | null; scope: Scope },
  most: number,
): Promise<KeyRecord[]> {
  const own =
    reader.scope === null ? sql`true` : sql`(zones && ${list(reader.scope, "text")} or operator_id = ${reader.operatorId}::uuid)`;
  return rows<KeyRecord>(
    db,
    sql`select id, at, actor_name as actor, action, result, reason, target_kind as kind, target_id as target from audit_entry
        where (target_kind, target_id) in (select * from unnest(${list(
          targets.map((target) => target.kind),
          "text",
        )}, ${list(
          targets.map((target) => target.id),
          "text",
        )})) and not (action in ('dead_letter.retry', 'dead_letter.edit', 'dead_letter.discard', 'dead_letter.resolve', 'dead_letter.take_back') and target_kind = 'operation') and ${own} order by at desc, id desc limit ${most}`,
  );
}
