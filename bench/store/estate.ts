import type pg from "pg";
import { migrateStore } from "../../lib/db/migrate";
import { openStore } from "../../lib/db/pool";
import { onceAt } from "../cluster";
import { applyEstate, estateConfiguration, SOURCES, ZONES } from "./contracts";

export type Estate = { letters: number; groups: number };
/** The group that a bulk retry takes: a hundred thousand letters of 1M, a tenth of any other size. */
export const BULK_GROUP = 2;

/** Letters per group, the tail as heavy as failures are: one group of a quarter, thousands of ten and less. */
export function groupSizes({ letters, groups }: Estate): number[] {
  const weights = Array.from({ length: groups }, (_, i) => 1 / (i + 1) ** 1.3);
  const sum = weights.reduce((a, b) => a + b, 0);
  const sizes = weights.map((weight) => Math.max(1, Math.floor((letters * weight) / sum)));
  sizes[BULK_GROUP - 1] = Math.floor(letters / 10);
  sizes[0] = Math.max(1, sizes[0]! + letters - sizes.reduce((a, b) => a + b, 0));
  return sizes;
}

/** The id that a letter's message has in store and source alike. */
export const messageIdOf = (seq: string) => `md5('message ' || ${seq})::uuid`;

/** A store in the state of a bad month: 50 zones, open dead letters over 20 days, what waits, and histograms of lags at every level. */
export async function fillStore(url: string, estate: Estate): Promise<void> {
  await migrateStore(url, { runtimePassword: "bench" });
  const store = openStore(url, 2, "accord bench");
  await applyEstate(store.db, await estateConfiguration());
  await store.close();
  await onceAt(url, async (client) => {
    await client.query("set synchronous_commit = off");
    await fillLetters(client, estate);
    await fillUnresolved(client);
    await fillSamples(client);
    await client.query("vacuum (analyze)");
    await client.query("checkpoint");
  });
}

async function fillLetters(client: pg.ClientBase, estate: Estate): Promise<void> {
  await client.query(
    `insert into dead_letter_group (group_id, fingerprint, source_id, consumer, event_type, error_type, template, frame, zones, open_n, total_n, first_at, last_at, attempts_max, versions)
       overriding system value
     select g, md5('group ' || g), 's0' || (z + 1) % ${SOURCES}, 'c0' || (z + 1) % ${SOURCES}, format('Z%s%s', lpad(z::text, 2, '0'), (array['Opened','Paid','Shipped','Closed'])[1 + g / ${ZONES} % 4]),
       (array['TypeError','TimeoutError','ConflictError','ValidationError','UnknownCurrencyError'])[1 + g % 5], 'Reservation <n> of <key> failed at step ' || g || ': upstream answered <n>', 'reserve' || g % 400,
       array['zone-' || lpad(z::text, 2, '0')], n, n * 3, now() - interval '20 days', now() - (g % 600) * interval '1 minute', 5, jsonb_build_object('1.' || g % 7 || '.0', n)
     from unnest($1::int[]) with ordinality s(n, g), lateral (select (g % ${ZONES})::int as z) of_zone`,
    [groupSizes(estate)],
  );
  await client.query("select setval('dead_letter_group_group_id_seq', (select max(group_id) from dead_letter_group))");
  // Written in the order of parking, as they come, so that a group's rows lie apart.
  await client.query(
    `insert into dead_letter (source_id, source_seq, group_id, message_id, business_key, version, consumer_version, occurred_at, parked_at, since, seen_at, state, attempts, changed_at)
     select source_id, seq, group_id, ${messageIdOf("seq")}, 'ORD-' || seq % 400000, 1 + seq % 4, '1.' || group_id % 7 || '.0', at - interval '5 seconds', at, at - interval '5 seconds', at + interval '1 second', 'parked', 5, at
       from (select g.source_id, g.group_id, row_number() over (order by r) as seq, now() - interval '20 days' + r * interval '20 days' as at
               from dead_letter_group g, generate_series(1, g.open_n) i, lateral (select (hashint8(g.group_id * 1000003 + i)::bigint + 2147483648) / 4294967296.0 as r) place) l order by seq`,
  );
  await client.query(
    `insert into dead_letter_body (id, schema_version, aggregate_type, correlation_id, error_message, error_stack, attempt_log, payload, payload_bytes, headers, first_failed_at)
     select id, 1, 'order', 'corr-' || id, 'Reservation ' || id || ' of ' || business_key || ' failed: upstream answered 503', E'Error: upstream\\n    at reserve (/app/handler.js:10:5)\\n    at next (/app/run.js:4:2)',
       '[{"at": "2026-01-01T00:00:00Z", "error_type": "TimeoutError", "duration_ms": 1200}]', jsonb_build_object('order_id', business_key, 'amount_cents', id % 100000, 'customer', jsonb_build_object('email', 'a@example.org'), 'sku', 'SKU-' || id % 997),
       230, '{"producer_version": "1.4.2"}', parked_at - interval '1 minute' from dead_letter`,
  );
  await client.query(
    `insert into group_arrival (level_s, group_id, bucket, n) select 3600, group_id, date_trunc('hour', parked_at), count(*) from dead_letter group by 2, 3
     union all select 60, group_id, date_trunc('minute', parked_at), count(*) from dead_letter where parked_at > now() - interval '3 hours' group by 2, 3`,
  );
}

async function fillUnresolved(client: pg.ClientBase): Promise<void> {
  await client.query(
    `insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since)
     select d.source_id, 'parked', g.consumer, d.message_id::text, g.zones[1], d.business_key, g.event_type, d.since from dead_letter d join dead_letter_group g using (group_id)`,
  );
  // 1,000 deliveries under way in each zone, up to a minute old.
  await client.query(
    `insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since)
     select 's0' || (z + 1) % ${SOURCES}, 'undelivered', 'c0' || (z + 1) % ${SOURCES}, ${messageIdOf("(z * 1000 + i)")}::text || '-w', 'zone-' || lpad(z::text, 2, '0'), 'ORD-W' || z * 1000 + i, format('Z%sOpened', lpad(z::text, 2, '0')),
       now() - i * interval '60 milliseconds' from generate_series(0, ${ZONES - 1}) z, generate_series(1, 1000) i`,
  );
  await client.query(
    `insert into open_key (zone_id, business_key, since, reasons, facts)
     select zone_id, business_key, min(since), bit_or(case reason when 'parked' then 8 else 2 end)::smallint, count(*) from unresolved group by 1, 2`,
  );
}

// What repeats itself would be packed into nothing.
const varied = (n: number, of: number) => `abs(hashint8(extract(epoch from at)::bigint * 100 + z * 10 + ${n})::bigint) % ${of}`;

async function fillSamples(client: pg.ClientBase): Promise<void> {
  for (const [level, span] of [
    [10, "4 hours"],
    [60, "24 hours"],
    [300, "20 days"],
    [3600, "20 days"],
  ] as const) {
    const at = `(select to_timestamp(floor(extract(epoch from now()) / ${level}) * ${level} - i * ${level}) as at from generate_series(0, (extract(epoch from interval '${span}') / ${level})::int) i) t`;
    // A sample that its partition no longer takes is left out: partitions are made as a worker makes them.
    const from = `at >= case when ${level} < 300 then date_trunc('day', now()) - interval '1 day' else date_trunc('month', now()) - interval '1 month' end`;
    await client.query(
      `insert into lag_sample (level_s, zone_id, measure, consumer, at, finished_buckets, finished_counts, waiting_buckets, waiting_counts)
       select ${level}, 'zone-' || lpad(z::text, 2, '0'), m, c, at, array(select (b + ${varied(1, 9)})::int2 from unnest('{46,51,55,58,60,63,66,72}'::int[]) b), array(select n + ${varied(2, 50)} from unnest('{12,40,88,120,61,22,9,1}'::int[]) n), '{58,63}', '{2,1}'
         from generate_series(0, ${ZONES - 1}) z, (values ('publish'), ('processing')) m(m), (values (''), ('c0')) c(c), ${at} where ${from}`,
    );
    await client.query(
      `insert into zone_sample (level_s, zone_id, at, verdict, oldest_ms, keys_n, parked_n)
       select ${level}, 'zone-' || lpad(z::text, 2, '0'), at, 0, 86400000 + ${varied(3, 3_600_000)}, 8000 + ${varied(4, 2_000)}, 20000 + ${varied(5, 2_000)} from generate_series(0, ${ZONES - 1}) z, ${at} where ${from}`,
    );
  }
}
