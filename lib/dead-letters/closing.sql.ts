import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows } from "../db/rows";
import type { Instant } from "../time";

const letters = (ids: readonly number[]) => list(ids, "bigint");

/** The zones that letters stand in, open or closed. */
export async function selectZonesOfIds(tx: Db, ids: readonly number[]): Promise<string[]> {
  const found = await rows<{ zoneId: string }>(
    tx,
    sql`select distinct unnest(g.zones) as "zoneId" from dead_letter_group g where g.group_id in (
          select group_id from dead_letter where id = any(${letters(ids)}) union select group_id from dead_letter_history where id = any(${letters(ids)}))`,
  );
  return found.map(({ zoneId }) => zoneId);
}

/** Remembers how the rows of open letters were read, before they are closed. */
export async function keepAsRead(tx: Db, ids: readonly number[], written: boolean): Promise<void> {
  await tx.execute(
    sql`insert into dead_letter_closed (source_id, source_seq, dead_letter, message_id, parked_at, attempts, source_mark, written)
        select source_id, source_seq, id, message_id, parked_at, attempts, source_mark, ${written}::boolean from dead_letter where id = any(${letters(ids)}) order by id
        on conflict (source_id, source_seq) do update set dead_letter = excluded.dead_letter, message_id = excluded.message_id, parked_at = excluded.parked_at, attempts = excluded.attempts,
          source_mark = excluded.source_mark, written = excluded.written`,
  );
}

/** Says of letters that their source showed closed a moment before by whom they were, and why; those that are labelled keep it. */
export async function labelClosed(
  tx: Db,
  ids: readonly number[],
  as: string,
  { operationId, code }: { operationId: number; code: string | null },
): Promise<void> {
  await tx.execute(
    sql`update dead_letter_history h set closed_as = ${as}, closed_by = ${operationId}::bigint, code = ${code}
        from operation o where o.operation_id = ${operationId} and h.id = any(${letters(ids)}) and h.closed_by is null and h.closed_at >= o.requested_at
          and h.closed_as in ('resolved', 'discarded', 'gone') and not exists (select 1 from dead_letter d where d.id = h.id)`,
  );
}

/** Forgets how rows were read that are otherwise by now, or gone. */
export async function forgetAsRead(tx: Db, sourceId: string, sourceDeadLetterIds: readonly string[]): Promise<void> {
  if (sourceDeadLetterIds.length === 0) return;
  await tx.execute(
    sql`delete from dead_letter_closed where source_id = ${sourceId} and source_seq = any(${list(sourceDeadLetterIds, "text")})`,
  );
}

export type Reopened = {
  id: number;
  sourceId: string;
  sourceDeadLetterId: string;
  messageId: string;
  consumer: string;
  eventType: string;
  businessKey: string;
  since: Instant;
  zones: string[];
};

/**
 * Opens letters again that an operator had closed, under their numbers and with all that was kept of them; nothing counts as parked anew. One that
 * is open, or of which nothing is kept any more, is left out.
 */
export async function reopenLetters(tx: Db, ids: readonly number[], now: Instant): Promise<Reopened[]> {
  if (ids.length === 0) return [];
  return rows<Reopened>(
    tx,
    sql`with last as (select distinct on (id) id, closed_at from dead_letter_history where id = any(${letters(ids)}) order by id, closed_at desc),
        h as (delete from dead_letter_history h using last where h.id = last.id and h.closed_at = last.closed_at and h.closed_by is not null
            and not exists (select 1 from dead_letter d where d.id = h.id or (d.source_id = h.source_id and d.source_seq = h.source_seq)) returning h.*),
        o as (insert into dead_letter (id, source_id, source_seq, group_id, home_id, message_id, business_key, version, consumer_version, occurred_at, parked_at, since, seen_at, state, attempts, source_mark, changed_at)
          overriding system value select h.id, h.source_id, h.source_seq, h.group_id, (h.body ->> 'home_id')::bigint, h.message_id, h.business_key, h.version, h.consumer_version, h.occurred_at, h.parked_at,
            coalesce(h.occurred_at, h.parked_at), ${instant(now)}, 'parked', h.attempts, k.source_mark, ${instant(now)}
            from h left join dead_letter_closed k on k.dead_letter = h.id order by h.id returning *),
        b as (insert into dead_letter_body select r.* from h cross join lateral jsonb_populate_record(null::dead_letter_body, h.body || jsonb_build_object('id', h.id)) r),
        k as (delete from dead_letter_closed k using o where k.dead_letter = o.id),
        c as (select group_id, jsonb_object_agg(consumer_version, n) as versions, sum(n)::int as n from (select group_id, consumer_version, count(*)::int as n from o group by 1, 2) x group by 1 order by 1),
        t as (update group_triage t set emptied_at = null from c where t.group_id = c.group_id and t.emptied_at is not null),
        g as (update dead_letter_group g set open_n = g.open_n + c.n, versions = add_counts(g.versions, c.versions),
            payloads_gone_before = case when g.payloads_gone_before is not null then least(g.payloads_gone_before, (select min(parked_at) from o where o.group_id = g.group_id)) end from c where g.group_id = c.group_id)
        select o.id, o.source_id as "sourceId", o.source_seq as "sourceDeadLetterId", o.message_id as "messageId", g.consumer, g.event_type as "eventType", o.business_key as "businessKey", o.since, g.zones
          from o join dead_letter_group g using (group_id)`,
  );
}
