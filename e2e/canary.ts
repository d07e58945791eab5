import { randomUUID } from "node:crypto";
import { until } from "../lib/db/testing";
import type { Product } from "./setup";
import { rowsIn } from "./story";

const EMAIL = "anna.canary@private.example";
const personal = JSON.stringify({
  customer: { email: EMAIL, name: EMAIL },
  note: `write to ${EMAIL}`,
  [EMAIL]: 1,
  producer: { list: [EMAIL] },
});
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Names of code and of things, which stand on screens as services wrote them, and states: docs/security.md says that no personal data may be there. */
const named = ["consumer", "consumer_version", "event_type", "business_key", "saga_type", "step", "name"];
const states = ["state", "kind", "outcome"];

type Row = Record<string, unknown>;
type Source = "orders" | "inventory";
const services = {
  orders: { consumer: "order-service", parked: "PaymentDeclined", takes: "PaymentAuthorized", sends: "OrderSubmitted" },
  inventory: { consumer: "inventory-service", parked: "OrderCancelled", takes: "OrderSubmitted", sends: "InventoryReserved" },
} as const;

/** A row of each table that a service writes, by what is no text and what names something; the rest is filled with the canary. */
function rowsOf(source: Source, key: string): Record<string, Row[]> {
  const { consumer, parked, takes, sends } = services[source];
  const [sagaId, letter] = [randomUUID(), randomUUID()];
  const about = { business_key: key, occurred_at: ago(8), consumer_version: "1.0.0" };
  return {
    outbox: [{ message_id: randomUUID(), ...about, event_type: sends, version: 1, written_at: ago(8), attempts: 3 }],
    inbox: [{ consumer, message_id: randomUUID(), ...about, event_type: takes, version: 1, outcome: "applied" }],
    inbox_duplicate: [{ consumer, message_id: randomUUID() }],
    held_message: [{ consumer, message_id: randomUUID(), ...about, event_type: takes, version: 3, waits_for: 2 }],
    dead_letter: [
      {
        consumer,
        message_id: letter,
        ...about,
        event_type: parked,
        version: 1,
        attempts: 5,
        first_failed_at: ago(7),
        state: "parked",
      },
    ],
    redelivery: [
      { redelivery_id: randomUUID(), dead_letter_id: 1, consumer, message_id: letter, state: "failed", finished_at: ago(7) },
    ],
    saga: [
      {
        ...{ saga_id: sagaId, saga_type: "order-commitment", business_key: key, state: "compensating", step: "reserve-stock" },
        ...{ started_at: ago(9), updated_at: ago(8), deadline_at: ago(2) },
      },
    ],
    saga_step: [
      {
        saga_id: sagaId,
        position: 1,
        name: "reserve-stock",
        kind: "forward",
        state: "failed",
        attempts: 2,
        started_at: ago(9),
        ended_at: ago(8),
      },
      {
        ...{
          saga_id: sagaId,
          position: 2,
          name: "release-stock",
          kind: "compensation",
          compensates: 1,
          state: "failed",
          attempts: 4,
        },
        ...{ started_at: ago(8), ended_at: ago(7), deadline_at: ago(6) },
      },
    ],
  };
}

/** Writes a customer whose copy differs, with personal data in every column that a rule compares and the contract masks. */
export async function plantDifference(product: Product): Promise<void> {
  const row = (database: string, relation: string, mark: string, version: number) =>
    rowsIn(
      product,
      database,
      `insert into ${relation} (customer_id, name, email, city, version, updated_at) values ('CUS-777001', $1, $2, $2, $3, clock_timestamp() - interval '2 hours')`,
      [`${mark} ${EMAIL}`, `${mark}${EMAIL}`, version],
    );
  await row("profiles", "customer", "new", 2);
  await row("orders", "customer_view", "old", 1);
}

type Column = { table: string; name: string; type: string };
const columnsSql = `select table_name as "table", column_name as name, data_type as type from information_schema.columns where table_schema = 'messaging' order by 1, ordinal_position`;

/** Writes rows with personal data in every column that takes text, as a careless service would. */
export async function plant(product: Product, source: Source, key: string): Promise<void> {
  const columns = await rowsIn<Column>(product, source, columnsSql);
  for (const [table, rows] of Object.entries(rowsOf(source, key)))
    for (const row of rows) {
      const whole = { ...filling(columns, table), ...only(columns, table, row) };
      const names = Object.keys(whole);
      const values = names.map((_, i) => `$${i + 1}`).join(", ");
      await rowsIn(
        product,
        source,
        `insert into messaging.${table} (${names.join(", ")}) values (${values})`,
        Object.values(whole),
      );
    }
}

function filling(columns: readonly Column[], table: string): Row {
  const free = columns.filter((one) => one.table === table && !named.includes(one.name) && !states.includes(one.name));
  const text = free.filter(({ type }) => type === "text").map(({ name }) => [name, textOf(name)]);
  const json = free.filter(({ type }) => type === "jsonb").map(({ name }) => [name, jsonOf(name)]);
  return Object.fromEntries([...text, ...json]);
}

const only = (columns: readonly Column[], table: string, row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => columns.some((one) => one.table === table && one.name === name)));

const textOf = (name: string): string =>
  name === "error_stack" ? `Error: ${EMAIL}\n    at reserve (/srv/${EMAIL}/stock.js:10:3)` : `about ${EMAIL}`;

function jsonOf(name: string): string {
  if (name === "headers") return JSON.stringify({ [`x-${EMAIL}`]: EMAIL, from: EMAIL, authorization: `Bearer ${EMAIL}` });
  if (name !== "attempt_log") return personal;
  return JSON.stringify([{ at: ago(7), error_type: EMAIL, error_message: `for ${EMAIL}`, duration_ms: 3 }]);
}

/** What the consumer says of the redeliveries that Accord asked for: each failed, with the canary in its words; and the letter is parked again. */
export async function settle(product: Product, source: Source): Promise<void> {
  await until(
    async () =>
      (
        await rowsIn(
          product,
          source,
          `with done as (update messaging.redelivery set state = 'failed', taken_at = clock_timestamp(), finished_at = clock_timestamp(),
           error_type = $1, error_message = $1 where state = 'waiting' returning dead_letter_id)
         update messaging.dead_letter d set state = 'parked', attempts = attempts + 1, parked_at = clock_timestamp() from done where d.dead_letter_id = done.dead_letter_id returning 1`,
          [`about ${EMAIL}`],
        )
      ).length > 0,
    { withinMs: 30_000, everyMs: 100 },
  );
}

/** A statement that finds columns of the tables in which the canary does not lie. */
export async function missing(product: Product): Promise<string> {
  const columns = (await rowsIn<Column>(product, "inventory", columnsSql)).filter(
    ({ name, type }) => ["text", "jsonb"].includes(type) && !named.includes(name) && !states.includes(name),
  );
  const without = ({ table, name }: Column) =>
    `select '${table}.${name}' as at where not exists (select from messaging.${table} where ${name}::text ~* 'anna\\.canary')`;
  return columns.map(without).join(" union all ");
}
