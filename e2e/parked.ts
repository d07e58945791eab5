import { until } from "../lib/db/testing";
import type { Product } from "./setup";
import { rowIn, rowsIn } from "./story";

/** Where a message can be put aside in a product whose services do not run. */
const places = {
  "order-commitment": { database: "inventory", consumer: "inventory-service", eventType: "OrderSubmitted", key: "ORD" },
  "customer-profile": { database: "notifications", consumer: "notification-service", eventType: "CustomerChanged", key: "CUS" },
} as const;

export type ParkedZone = keyof typeof places;

/** Parks messages as the zone's service would, of facts that are so old, and waits until Accord has seen them. Gives the id of their group. */
export async function park(product: Product, zone: ParkedZone, n: number, age = "0 s"): Promise<string> {
  const { consumer, eventType } = places[zone];
  await write(product, zone, n, { age });
  const sql = "select group_id::text as id, open_n as open from dead_letter_group where consumer = $1 and event_type = $2";
  return until(
    async () => {
      const group = await rowIn<{ id: string; open: number }>(product, "accord", sql, [consumer, eventType]);
      return group.open === n && group.id;
    },
    { withinMs: 30_000, everyMs: 100 },
  );
}

/** Writes messages into the service's own table, the first of them about the key of that number. */
export async function write(
  product: Product,
  zone: ParkedZone,
  n: number,
  { age = "0 s", first = 1, error = "StoryError" }: { age?: string; first?: number; error?: string } = {},
): Promise<void> {
  const { database, consumer, eventType, key } = places[zone];
  await rowsIn(
    product,
    database,
    `insert into messaging.dead_letter (consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version,
       payload, occurred_at, error_type, error_message, error_stack, attempts, first_failed_at)
     select $1, '1.0.0', gen_random_uuid(), $2, 'story', $3 || '-' || 900000 + i, 1, jsonb_build_object('id', i, 'customer', jsonb_build_object('email', 'anna' || i || '@story.example')),
       clock_timestamp() - $5::interval, $7, 'nothing works in ' || $1, $7 || ': nothing works' || chr(10) || '    at story (src/story.ts:1:1)',
       5, clock_timestamp()
     from generate_series($6::int, $6::int + $4::int - 1) i`,
    [consumer, eventType, key, n, age, first, error],
  );
}

/** Answers what waits for the zone's service, as its consumer would; gives how many that were. */
export async function answer(product: Product, zone: ParkedZone, as: "applied" | "failed"): Promise<number> {
  const answered = await rowsIn(
    product,
    places[zone].database,
    `with w as (select redelivery_id, dead_letter_id from messaging.redelivery where consumer = $1 and state = 'waiting' for update skip locked),
       r as (update messaging.redelivery r set state = $2, taken_at = clock_timestamp(), finished_at = clock_timestamp(),
         error_type = case when $2 = 'failed' then 'StillError' end, error_message = case when $2 = 'failed' then 'it still does not work' end from w where r.redelivery_id = w.redelivery_id)
     update messaging.dead_letter d set state = case when $2 = 'failed' then 'parked' else 'resolved' end, state_changed_at = clock_timestamp(),
       attempts = attempts + (case when $2 = 'failed' then 1 else 0 end), parked_at = case when $2 = 'failed' then clock_timestamp() else parked_at end
     from w where d.dead_letter_id = w.dead_letter_id returning d.dead_letter_id`,
    [places[zone].consumer, as],
  );
  return answered.length;
}

/** How the services' own rows of a zone stand: dead letters by state, and how many redeliveries were asked for. */
export async function standing(product: Product, zone: ParkedZone): Promise<Record<string, number>> {
  const { rows } = await rowIn<{ rows: Record<string, number> }>(
    product,
    places[zone].database,
    `select jsonb_object_agg(state, n) as rows from (
       select state, count(*) as n from messaging.dead_letter group by state
       union all select 'asked', count(*) from messaging.redelivery) all_of`,
  );
  return rows;
}
