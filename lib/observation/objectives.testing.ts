import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import type { TestPair } from "./testing";

export const WINDOW_S = 30;
const types = { Placed: ["sales"], Both: ["sales", "books"], Posted: ["books"] } as const;
type Type = keyof typeof types;

/** Mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One delivery of a story: how long ago it occurred, and after how many microseconds it was processed; null: it is lost. */
export type Told = { id: string; type: Type; agoS: number; lagUs: number | null };

/** Deliveries that occurred `fromS` to `toS` seconds ago: most in time, some late, some exactly at the window's end and one microsecond past it, some lost. */
export function story(chance: () => number, n: number, fromS: number, toS: number): Told[] {
  return Array.from({ length: n }, () => {
    const kind = chance();
    const window = WINDOW_S * 1e6;
    const lagUs =
      kind < 0.6
        ? chance() * window
        : kind < 0.75
          ? window * (1 + chance() * 2)
          : kind < 0.85
            ? window
            : kind < 0.9
              ? window + 1
              : null;
    const type = (Object.keys(types) as Type[])[Math.floor(chance() * 3)]!;
    return { id: randomUUID(), type, agoS: fromS - chance() * (fromS - toS), lagUs: lagUs === null ? null : Math.round(lagUs) };
  });
}

/** Writes what shop sent, as it was then; an eighth of it is published only at the end. */
export const send = (pair: TestPair, told: readonly Told[], now: string) =>
  pair.shop.rows(
    `insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, version, payload, occurred_at, written_at, published_at)
     select id, type, 'sale', 'S-' || id, 1, '{"n": 1}', t, t, case when left(id::text, 1) > '1' then t + interval '1 ms' end from jsonb_to_recordset($1) r(id uuid, type text, "agoS" float8), lateral (select $2::timestamptz - "agoS" * interval '1 s' as t) a`,
    [JSON.stringify(told), now],
  );

/** Writes what stock processed, each with the time when it did; what was lost, never. A second copy is told as what it is. */
export const take = (pair: TestPair, told: readonly Told[], now: string) =>
  pair.stock.rows(
    `with r as (select * from jsonb_to_recordset($1) r(id uuid, type text, "agoS" float8, "lagUs" float8) where "lagUs" is not null),
      copies as (insert into messaging.inbox_duplicate (consumer, message_id) select 'stock-service', id from r where right(id::text, 1) in ('0', '1', '2', '3'))
     insert into messaging.inbox (consumer, message_id, event_type, business_key, version, occurred_at, processed_at, outcome, consumer_version)
     select 'stock-service', id, type, 'S-' || id, 1, t, t + "lagUs" * interval '1 microsecond', 'applied', '1.0' from r, lateral (select $2::timestamptz - "agoS" * interval '1 s' as t) a`,
    [JSON.stringify(told), now],
  );

export type Figures = {
  zone: string;
  at: number;
  kept: number;
  fifth: number;
  missed: number;
  late: number;
  double: number;
};

/** What the store has counted, minute by minute. */
export const counted = (db: Db): Promise<Figures[]> =>
  rows<Figures>(
    db,
    sql`select zone_id as zone, at, kept_n as kept, fifth_n as fifth, missed_n as missed, late_n as late, double_n as double from objective_count
          where level_s = 60 and consumer = '' and (kept_n, missed_n) <> (0, 0) order by zone_id, at`,
  );

/** The same from the services' own tables: every event against the inbox, by nothing of Accord's. */
export async function computed(pair: TestPair): Promise<Figures[]> {
  const inbox = await pair.stock.rows<{ id: string; at: string }>(
    "select message_id as id, processed_at::text as at from messaging.inbox where consumer = 'stock-service'",
  );
  const found = await pair.shop.rows<Record<keyof Figures, string>>(
    `with i as (select * from jsonb_to_recordset($1) i(id uuid, at timestamptz)),
      promised(type, zone) as (values ('Placed', 'sales'), ('Both', 'sales'), ('Both', 'books'), ('Posted', 'books')),
      d as (select p.zone, o.occurred_at + $2::interval as ends, i.at, i.at - o.occurred_at as lag from messaging.outbox o join promised p on p.type = o.event_type left join i on i.id = o.message_id)
     select zone, extract(epoch from date_trunc('minute', case when lag <= $2::interval then at else ends end)) * 1000 as at,
        count(*) filter (where lag <= $2::interval) as kept, count(*) filter (where lag <= $2::interval / 5) as fifth, count(*) filter (where lag is null or lag > $2::interval) as missed,
        count(*) filter (where lag > $2::interval) as late, count(*) filter (where lag > $2::interval and lag <= $2::interval * 2) as double
       from d where lag <= $2::interval or ends < clock_timestamp() group by 1, 2 order by 1, 2`,
    [JSON.stringify(inbox), `${WINDOW_S} seconds`],
  );
  return found.map(({ zone, ...numbers }) => ({
    zone,
    ...(Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, Number(n)])) as Omit<Figures, "zone">),
  }));
}
