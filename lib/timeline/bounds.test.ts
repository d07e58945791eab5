import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explained, recorded } from "../../bench/statements";
import type { Ctx } from "../context";
import { loadConfiguration } from "../contracts/files";
import { publicSource } from "../contracts/rules";
import { applyConfiguration } from "../contracts/service";
import { accordText, contractText, environment, testFiles } from "../contracts/testing";
import { type TestStore, testStore } from "../db/testing";
import { replaceSources } from "../sources/sql";
import { findAnything } from "./find";
import { readKey } from "./service";

const N = 12_000;
/** Rows that one question may touch, whatever the store holds: a handful for each kind and place. */
const ROWS_MAX = 1_500;

let store: TestStore;
let client: pg.Client;
const zone = "order-commitment";

const ctxOf = (zones: string[] | null): Ctx => {
  const operatorId = "00000000-0000-4000-8000-000000000001";
  return {
    db: store.db,
    actor: {
      kind: "operator",
      operatorId,
      name: "Ada",
      email: "a@x.example",
      role: "administrator",
      zones,
      sessionId: operatorId,
    },
    now: Date.now(),
  };
};

beforeAll(async () => {
  store = await testStore();
  const files = await testFiles({ "accord.yaml": accordText, "contracts/a.yaml": contractText });
  const loaded = await loadConfiguration(files.path, environment);
  await files.remove();
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  const { configuration } = loaded;
  await applyConfiguration({ db: store.db, actor: { kind: "worker", workerId: "w" }, now: Date.now() }, configuration, [], (tx) =>
    replaceSources(tx, configuration.sources.map(publicSource), Date.now()),
  );
  await store.db.execute(sql`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, zones, open_n, total_n, first_at, last_at)
    select md5(i::text), 'orders', 'payment-service', 'OrderSubmitted', 'Error', 'it broke ' || i, case when i % 2 = 0 then '{order-commitment}'::text[] else '{elsewhere}' end, 1, 1, now(), now() from generate_series(1, 300) i`);
  // Half of the letters have one key: the worst that a contract can do.
  const key = sql`case when i % 2 = 0 then 'ORD-0' else 'ORD-' || i end`;
  const id = sql`md5('message ' || i)::uuid`;
  const all = sql`from generate_series(1, ${N}::int) i, lateral (select group_id from dead_letter_group offset i % 300 limit 1) g`;
  await store.db.execute(sql`insert into dead_letter (source_id, source_seq, group_id, message_id, business_key, consumer_version, parked_at, since, seen_at, state, attempts, changed_at)
    select 'orders', i, group_id, ${id}, ${key}, '1.0', now(), now(), now(), 'parked', 5, now() ${all}`);
  await store.db.execute(
    sql`insert into dead_letter_body (id, correlation_id, error_message, error_stack, attempt_log, payload_bytes) select id, 'corr-' || id, '', '', '[]', 0 from dead_letter`,
  );
  await store.db.execute(sql`insert into dead_letter_history (id, source_id, source_seq, group_id, message_id, business_key, consumer_version, parked_at, closed_at, closed_as, attempts, body)
    select ${N} + i, 'orders', ${N} + i, group_id, md5('closed ' || i)::uuid, ${key}, '1.0', now(), now(), 'resolved', 5, jsonb_build_object('correlation_id', 'old-' || i) ${all}`);
  await store.db.execute(sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since)
    select 'orders', 'undelivered', 'payment-service', md5('waiting ' || i)::uuid::text, case when i % 3 = 0 then 'elsewhere' else ${zone} end, ${key}, 'OrderSubmitted', now() from generate_series(1, ${N}::int) i`);
  await store.db.execute(sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, correlation_id, state, started_at)
    select 'orders', md5('saga ' || i)::uuid, 'order', ${zone}, ${key}, 'saga-' || i, 'running', now() from generate_series(1, ${N}::int) i`);
  client = new pg.Client({ connectionString: store.ownerUrl });
  await client.connect();
  await client.query("vacuum (analyze)");
});
afterAll(async () => {
  await client.end();
  await store.close();
});

/** The dearest statement of a question: what it touched, with its plan for whoever has to mend it. */
async function dearest(work: () => Promise<unknown>): Promise<{ rows: number; plan: string }> {
  const { statements } = await recorded(work);
  let most = { rows: 0, plan: "" };
  for (const statement of statements.filter(({ text }) => /^\s*(select|with|\()/i.test(text))) {
    const { rowsTouched, lines } = await explained(client, statement);
    if (rowsTouched > most.rows) most = { rows: rowsTouched, plan: `${statement.text}\n${lines.join("\n")}` };
  }
  return most;
}

const letter = async () =>
  (
    await client.query<{ id: string; message: string }>(
      "select id::text, message_id::text as message from dead_letter limit 1 offset 777",
    )
  ).rows[0]!;
const text = async (sql: string) => String((await client.query(sql)).rows[0].text);

test.each([
  ["a key", async () => "ORD-777"],
  ["the beginning of every key", async () => "ORD"],
  ["a key in small letters", async () => "ord-777"],
  ["a bare number", async () => "777"],
  ["a message that is parked", async () => (await letter()).message],
  ["a message that is closed", () => text("select md5('closed 777')::uuid::text as text")],
  ["a message that waits", () => text("select md5('waiting 777')::uuid::text as text")],
  ["a saga", () => text("select md5('saga 777')::uuid::text as text")],
  ["a fingerprint", () => text("select md5('77') as text")],
  ["a correlation id", async () => `corr-${(await letter()).id}`],
  ["a correlation id of what is closed", async () => "old-777"],
  ["a correlation id of a saga", async () => "saga-777"],
  ["what nothing is called", async () => "nothing is called so"],
])("finding %s reads a handful of rows of a full store, for all zones and for one", async (what, ask) => {
  const asked = await ask();
  for (const zones of [null, [zone], []]) {
    const { rows, plan } = await dearest(() => findAnything(ctxOf(zones), { text: asked }));
    expect(rows, `${what} in ${zones}: ${plan}`).toBeLessThan(ROWS_MAX);
  }
});

test("reading a key reads what the key has, and of one that has everything some", async () => {
  for (const [key, most] of [
    ["ORD-777", 400],
    ["ORD-777x", ROWS_MAX],
    ["ORD-0", 8_000],
  ] as const) {
    const { rows, plan } = await dearest(() => readKey(ctxOf([zone]), { key, before: null }));
    expect(rows, plan).toBeLessThan(most);
  }
  const view = await readKey(ctxOf(null), { key: "ORD-0", before: null });
  expect(view.limits.slice(0, 2)).toEqual([
    "This key has more than 1,000 open facts; here are some of them.",
    "This key has more than 1,000 dead letters; here are some of them.",
  ]);
});
