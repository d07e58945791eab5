import pg from "pg";
import { namesOf } from "../install";
import { asAdmin, databaseUrl } from "../kit/cluster";
import { definitionOf } from "../services";
import type { Fault, Place } from "./fault";

/** What somebody does to a copy with an editor of tables: no message, no version, not even updated_at. */
type Drift = {
  relation: string;
  service: string;
  key: string;
  /** What is done to a row. */
  change: string;
  /** The authority of what was changed, and the same columns there and here. */
  authority: { service: string; relation: string; columns: Record<string, string> };
};

const drifts: Drift[] = [
  {
    relation: "order_view",
    service: "order-service",
    key: "order_id",
    change: "amount_cents = amount_cents + 100",
    authority: { service: "payment-service", relation: "payment", columns: { amount_cents: "amount_cents" } },
  },
  {
    relation: "stock_view",
    service: "order-service",
    key: "order_id",
    change: "quantity = quantity + 1",
    authority: { service: "inventory-service", relation: "stock_reservation", columns: { quantity: "quantity" } },
  },
  {
    relation: "customer_view",
    service: "notification-service",
    key: "customer_id",
    change: "city = 'Atlantis'",
    authority: { service: "profile-service", relation: "customer", columns: { city: "city" } },
  },
];
const ROWS = 12;

export const silentDrift: Fault = {
  name: "silent-drift",
  story: `${ROWS} rows each of order_view, stock_view and notification-service's customer_view are changed by hand: no message, no updated_at. Stopping projects them anew from their authorities.`,
  begin: async (place) => {
    for (const drift of drifts) await edit(place, drift);
  },
  repair: async (place) => {
    for (const drift of drifts) await projectAgain(place, drift);
  },
};

const id = pg.escapeIdentifier;

async function edit(place: Place, { relation, service, key, change }: Drift): Promise<void> {
  await on(place, service, async (client) => {
    const { rows } = await client.query<{ key: string }>(
      // The oldest: nothing about them is in flight.
      `select ${id(key)} as key from ${id(relation)} order by updated_at limit $1`,
      [ROWS],
    );
    const keys = rows.map((row) => row.key);
    // Noted first: a row that is noted and was not changed does no harm when it is projected anew.
    await onBroker(place, (broker) =>
      broker.query("insert into drifted_row select $1, unnest($2::text[]) on conflict do nothing", [relation, keys]),
    );
    await client.query(`update ${id(relation)} set ${change} where ${id(key)} = any($1)`, [keys]);
  });
}

async function projectAgain(place: Place, { relation, service, key, authority }: Drift): Promise<void> {
  await onBroker(place, async (broker) => {
    const { rows } = await broker.query<{ key: string }>("select key from drifted_row where relation = $1", [relation]);
    if (rows.length === 0) return;
    const keys = rows.map((row) => row.key);
    const columns = Object.entries(authority.columns);
    const owned = await on(place, authority.service, (client) =>
      client.query(
        `select ${id(key)}, version, ${columns.map(([theirs]) => id(theirs)).join(", ")} from ${id(authority.relation)} where ${id(key)} = any($1)`,
        [keys],
      ),
    );
    await on(place, service, async (client) => {
      // A row that has moved on meanwhile was written by a message, and is right.
      for (const row of owned.rows)
        await client.query(
          `update ${id(relation)} set ${columns.map(([, ours], n) => `${id(ours)} = $${n + 3}`).join(", ")} where ${id(key)} = $1 and version = $2`,
          [row[key], row.version, ...columns.map(([theirs]) => row[theirs])],
        );
    });
    await broker.query("delete from drifted_row where relation = $1 and key = any($2)", [relation, keys]);
  });
}

const on = <T>({ adminUrl, prefix }: Place, service: string, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  asAdmin(databaseUrl(adminUrl, namesOf(prefix).database(definitionOf(service).database)), work);
const onBroker = <T>({ adminUrl, prefix }: Place, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  asAdmin(databaseUrl(adminUrl, namesOf(prefix).broker), work);
