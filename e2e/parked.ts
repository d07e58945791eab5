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
  { age = "0 s", first = 1 }: { age?: string; first?: number } = {},
): Promise<void> {
  const { database, consumer, eventType, key } = places[zone];
  await rowsIn(
    product,
    database,
    `insert into messaging.dead_letter (consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version,
       payload, occurred_at, error_type, error_message, error_stack, attempts, first_failed_at)
     select $1, '1.0.0', gen_random_uuid(), $2, 'story', $3 || '-' || 900000 + i, 1, jsonb_build_object('id', i, 'customer', jsonb_build_object('email', 'anna' || i || '@story.example')),
       clock_timestamp() - $5::interval, 'StoryError', 'nothing works in ' || $1, 'StoryError: nothing works' || chr(10) || '    at story (src/story.ts:1:1)',
       5, clock_timestamp()
     from generate_series($6::int, $6::int + $4::int - 1) i`,
    [consumer, eventType, key, n, age, first],
  );
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
