import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { durationMs } from "./fault";
import { runningFaults, startFault, stopExpired, stopFault } from "./faults";
import { namesOf } from "./install";
import { databaseUrl, openPool } from "./kit/cluster";
import type { FaultName } from "./kit/faults";
import { person } from "./kit/people";
import { type TestEstate, testEstate } from "./kit/testing";
import { basket, placeOrder } from "./services/order-service/place-order";
import { requestPosting } from "./services/payment-service/postings";
import { changeCustomer } from "./services/profile-service/change-customer";

let estate: TestEstate;
let broker: ReturnType<typeof openPool>;
beforeAll(async () => {
  estate = await testEstate();
  broker = openPool(databaseUrl(estate.adminUrl, namesOf(estate.prefix).broker), 1, "test");
});
afterEach(async () => {
  for (const { name } of await runningFaults(estate.adminUrl, estate)) await stopFault(name, estate.adminUrl, estate);
});
afterAll(async () => {
  await broker.end();
  await estate.close();
});

const place = () =>
  placeOrder(estate.of("order-service").service, (id) => ({
    ...basket(id, 1),
    pan: "4000 0000 1111 2222",
    lines: [{ sku: "SKU-2003", site: "BER-2", quantity: 1, unit_cents: 700 }],
  }));
const count = async (service: string, sql: string) =>
  (await estate.rows<{ n: number }>(service, `select count(*)::int as n from ${sql}`))[0]!.n;

test("a fault that does not exist is refused with the names of those that do", async () => {
  await expect(startFault("poisn", estate.adminUrl, estate)).rejects.toThrow(
    'There is no fault "poisn". The faults are: poison, stopped-relay, stopped-consumer, source-away, failing-compensation, slow-consumer, lost-events, duplicated-events, reordered-events, silent-drift, skewed-clock, broken-schema-version, refused-labels, refused-mail, renamed-field, revoked-read.',
  );
});

test("durations are written as 90s, 3m or 1h, and as nothing else", () => {
  expect(["90s", "3m", "1h"].map(durationMs)).toEqual([90_000, 180_000, 3_600_000]);
  expect(() => durationMs("3 min")).toThrow('"3 min" is no duration');
});

test("a fault for a while ends by itself, and the services see it", async () => {
  await startFault("poison", estate.adminUrl, { ...estate, forMs: 60_000 });
  const inventory = estate.of("inventory-service");
  await inventory.tick();
  expect(inventory.service.version).toBe("2.41.0");
  expect((await runningFaults(estate.adminUrl, estate)).map((each) => each.name)).toEqual(["poison"]);
  expect(await stopExpired(estate.adminUrl, estate)).toEqual([]);
  await broker.query("update fault set until = clock_timestamp()");
  expect(await stopExpired(estate.adminUrl, estate)).toEqual(["poison"]);
  await inventory.tick();
  expect(inventory.service.version).toBe("2.40.3");
});

test("stopped-relay: events wait in the outbox unpublished, and go out when it ends", async () => {
  await startFault("stopped-relay", estate.adminUrl, estate);
  const id = await place();
  for (let n = 0; n < 3; n++) await estate.of("order-service").tick();
  expect(await count("order-service", `messaging.outbox where business_key = '${id}' and published_at is null`)).toBe(1);
  await stopFault("stopped-relay", estate.adminUrl, estate);
  await estate.tickUntil(async () => (await count("notification-service", `confirmation where order_id = '${id}'`)) === 1);
});

test("stopped-consumer: what was published stays unprocessed, and is processed when it ends", async () => {
  await startFault("stopped-consumer", estate.adminUrl, estate);
  const id = await place();
  await estate.tickUntil(
    async () =>
      (await count(
        "order-service",
        `messaging.outbox where business_key = '${id}' and event_type = 'OrderCommitted' and published_at is not null`,
      )) === 1,
  );
  await estate.of("notification-service").tick();
  expect(
    await count("notification-service", `messaging.inbox where event_type = 'OrderCommitted' and business_key = '${id}'`),
  ).toBe(0);
  await stopFault("stopped-consumer", estate.adminUrl, estate);
  await estate.tickUntil(async () => (await count("notification-service", `confirmation where order_id = '${id}'`)) === 1);
});

test("source-away: the database takes nobody, the service lives on and comes back by itself", async () => {
  const said: string[] = [];
  const profiles = estate.open("profile-service", { log: (line) => said.push(line) });
  profiles.start();
  await changeCustomer(profiles.service, 1);
  await startFault("source-away", estate.adminUrl, estate);
  // A connection that was open is told that it ends, or finds it ended; the next one is told why it is not taken.
  await expect(changeCustomer(profiles.service, 1)).rejects.toThrow();
  await until(() =>
    changeCustomer(profiles.service, 1).then(
      () => false,
      (error: Error) => error.message.includes("not currently accepting connections"),
    ),
  );
  await until(async () => said.some((line) => line.startsWith("profile-service: relay: ")));
  await stopFault("source-away", estate.adminUrl, estate);
  await until(async () => said.includes("profile-service: relay works again"));
  await until(() => changeCustomer(profiles.service, 2).then(() => true));
  await until(async () => (await count("profile-service", "messaging.outbox where published_at is null")) === 0);
  // A second relay would publish under the faults that it saw some time ago.
  await profiles.stop();
});

test("failing-compensation: voids are refused and processes fail; when it ends the voids go through and they end compensated", async () => {
  await startFault("failing-compensation", estate.adminUrl, estate);
  // Three in ten are refused as out of stock.
  const ids: string[] = [];
  for (let n = 0; n < 20; n++) ids.push(await place());
  const failed = await estate.tickUntil(async () => {
    const rows = await estate.rows<{ business_key: string; state: string; step: string; error_message: string }>(
      "order-service",
      `select s.business_key, s.state, s.step, t.error_message from messaging.saga s
       left join messaging.saga_step t on t.saga_id = s.saga_id and t.name = 'void-payment'
       where s.business_key = any($1) and s.state <> 'completed'`,
      [ids],
    );
    return rows.length > 0 && rows.every((row) => row.state === "failed") && rows;
  });
  expect(failed[0]).toMatchObject({ step: "void-payment", error_message: expect.stringMatching(/refused the void/) });
  await stopFault("failing-compensation", estate.adminUrl, estate);
  await estate.rows("payment-service", "update payment set updated_at = now() - interval '11 s' where state = 'void_rejected'");
  await estate.tickUntil(async () => (await count("order-service", "messaging.saga where state = 'failed'")) === 0);
  expect(await count("order-service", "messaging.saga where state = 'compensated'")).toBe(failed.length);
  expect(await count("payment-service", "payment where state = 'voided'")).toBe(failed.length);
});

const start = (name: FaultName) => startFault(name, estate.adminUrl, estate);
const stop = (name: FaultName) => stopFault(name, estate.adminUrl, estate);
const confirmed = (id: string) => count("notification-service", `confirmation where order_id = '${id}'`);
/** What is still under way arrives now. */
const hurry = () => broker.query("update delivery set visible_at = clock_timestamp()");

test("slow-consumer: a queue builds before it while it works on, and is gone soon after it ends", async () => {
  const notifications = estate.open("notification-service", { slowMs: 20 });
  await start("slow-consumer");
  // A service that cannot reach its broker at once works on without its faults; this one has just been opened.
  await estate.tickUntil(async () => notifications.service.faults.has("slow-consumer"), [notifications]);
  for (let n = 0; n < 12; n++) await changeCustomer(estate.of("profile-service").service, 100 + n);
  await estate.of("profile-service").tick();
  const known = () => count("notification-service", "customer_view where customer_id between 'CUS-10101' and 'CUS-10112'");
  await notifications.tick();
  expect(await known()).toBe(4);
  await stop("slow-consumer");
  await estate.tickUntil(async () => (await known()) === 12, [notifications]);
});

test("lost-events: marked as published and never delivered, until they are published again from the outbox", async () => {
  await start("lost-events");
  const ids: string[] = [];
  const logged = async () =>
    (await broker.query<{ id: string }>("select message_id::text as id from lost_message")).rows.map(({ id }) => id);
  while ((await logged()).length === 0) {
    for (let n = 0; n < 15; n++) ids.push(await place());
    await estate.tickUntil(async () => (await count("order-service", "messaging.outbox where published_at is null")) === 0);
  }
  const lost = await logged();
  await hurry();
  for (let n = 0; n < 3; n++) for (const name of ["payment-service", "inventory-service"]) await estate.of(name).tick();
  const inboxes = async () =>
    (await Promise.all(["payment-service", "inventory-service", "notification-service"].map(processedBy(lost)))).flat();
  expect(await inboxes()).toEqual([]);
  await stop("lost-events");
  expect(await count("order-service", "messaging.outbox where published_at is null")).toBe(lost.length);
  await estate.tickUntil(async () => (await Promise.all(ids.map(confirmed))).every((n) => n === 1));
  expect(new Set(await inboxes())).toEqual(new Set(lost));
  expect((await broker.query("select 1 from lost_message")).rowCount).toBe(0);
});

const processedBy = (ids: string[]) => async (service: string) =>
  (
    await estate.rows<{ id: string }>(
      service,
      "select message_id::text as id from messaging.inbox where message_id = any($1::uuid[])",
      [ids],
    )
  ).map(({ id }) => id);

test("duplicated-events: copies are dropped by their id, and those under a new one have an effect where nothing else is asked", async () => {
  const dropped = () => count("payment-service", "messaging.inbox_duplicate");
  const before = await dropped();
  await start("duplicated-events");
  const ids: string[] = [];
  const toldAgain = async () =>
    (await estate.rows<{ n: number }>("notification-service", "select sum(sent_n - 1)::int as n from confirmation"))[0]!.n;
  // Who is met is drawn by lot.
  while (!((await toldAgain()) > 0)) {
    for (let n = 0; n < 15; n++) ids.push(await place());
    await estate.tickUntil(async () => (await Promise.all(ids.map(confirmed))).every((n) => n === 1));
    await hurry();
    await estate.tickUntil(async () => (await broker.query("select 1 from delivery")).rowCount === 0);
  }
  const again = await toldAgain();
  expect(await dropped()).toBeGreaterThan(before);
  const applied = `(select 1 from messaging.inbox where event_type = 'OrderCommitted' and outcome = 'applied' group by business_key, version having count(*) > 1) t`;
  expect(await count("notification-service", applied)).toBe(again);
  // Everybody else asks for more than the id.
  expect(await count("payment-service", `payment where order_id in ('${ids.join("', '")}')`)).toBe(ids.length);
  await stop("duplicated-events");
  await estate.of("notification-service").tick();
  expect(estate.of("notification-service").service.version).toBe("1.19.2");
});

test("reordered-events: what is early is held and what is late is skipped as stale; when all has arrived the books are right", async () => {
  await start("reordered-events");
  const payments = estate.of("payment-service").service;
  await estate.of("payment-service").tick();
  await estate.of("profile-service").tick();
  const amounts = Array.from({ length: 40 }, (_, n) => n + 1);
  for (const cents of amounts) {
    await requestPosting(payments, "ACC-7001", () => cents);
    await changeCustomer(estate.of("profile-service").service, 7);
  }
  const booked = async () =>
    (await estate.rows<{ n: number }>("ledger-service", "select coalesce(max(version), 0)::int as n from account"))[0]!.n;
  const stillTravelling = async (which = "") => (await broker.query(`select 1 from delivery ${which}`)).rowCount;
  // What nothing holds up has arrived everywhere before that which was overtaken.
  const arrived = async () => (await stillTravelling("where visible_at <= clock_timestamp()")) === 0;
  await estate.tickUntil(async () => (await arrived()) && (await stillTravelling()));
  expect(await count("ledger-service", "messaging.held_message where business_key = 'ACC-7001'")).toBeGreaterThan(0);
  expect(await booked()).toBeLessThan(40);
  await hurry();
  await estate.tickUntil(async () => (await stillTravelling()) === 0);
  expect(await booked()).toBe(40);
  expect(await count("ledger-service", "messaging.held_message")).toBe(0);
  expect(await estate.rows("ledger-service", "select balance_cents from account where account_id = 'ACC-7001'")).toEqual([
    { balance_cents: 820 },
  ]);
  const stale = `messaging.inbox where event_type = 'CustomerChanged' and outcome = 'stale' and business_key = '${person(7).id}'`;
  expect(await count("notification-service", stale)).toBeGreaterThan(0);
});

test("silent-drift: copies are changed without a message, and projected anew when it ends", async () => {
  const id = await place();
  await changeCustomer(estate.of("profile-service").service, 9);
  await estate.tickUntil(async () => (await confirmed(id)) === 1 && (await count("notification-service", "customer_view")) > 0);
  const copies = async () => ({
    orders: await estate.rows("order-service", "select * from order_view order by order_id"),
    stock: await estate.rows("order-service", "select * from stock_view order by order_id"),
    customers: await estate.rows("notification-service", "select * from customer_view order by customer_id"),
  });
  const before = await copies();
  await start("silent-drift");
  const drifted = await copies();
  for (const name of ["orders", "stock", "customers"] as const) {
    const changed = drifted[name].filter((row, n) => JSON.stringify(row) !== JSON.stringify(before[name][n]));
    expect(changed).toHaveLength(Math.min(12, before[name].length));
    expect(drifted[name].map((row) => row.updated_at)).toEqual(before[name].map((row) => row.updated_at));
  }
  await stop("silent-drift");
  expect(await copies()).toEqual(before);
});

test("skewed-clock: what payment-service says and does is dated 90 s ahead, and its database is not", async () => {
  await start("skewed-clock");
  const id = await place();
  await estate.tickUntil(async () => (await confirmed(id)) === 1);
  const [said] = await estate.rows<{ ahead: number }>(
    "payment-service",
    "select extract(epoch from occurred_at - written_at)::float8 as ahead from messaging.outbox where business_key = $1",
    [id],
  );
  expect(Math.round(said!.ahead)).toBe(90);
  const [done] = await estate.rows<{ ahead: number }>(
    "payment-service",
    "select extract(epoch from i.processed_at - p.created_at)::float8 as ahead from messaging.inbox i join payment p on p.order_id = i.business_key where i.business_key = $1",
    [id],
  );
  expect(Math.round(done!.ahead)).toBe(90);
});

test("broken-schema-version: half of the orders cannot be read, and go through when they are sent again after it", async () => {
  await start("broken-schema-version");
  await estate.of("order-service").tick();
  const ids: string[] = [];
  for (let n = 0; n < 12; n++) ids.push(await place());
  const sent = await estate.rows<{ schema_version: number; n: number }>(
    "order-service",
    "select schema_version, count(*)::int as n from messaging.outbox where event_type = 'OrderSubmitted' and business_key = any($1) group by 1 order by 1",
    [ids],
  );
  expect(sent.map((row) => row.schema_version)).toEqual([2, 3]);
  const letters = await estate.tickUntil(async () => {
    const rows = await estate.rows<{ dead_letter_id: number; message_id: string; schema_version: number; error_type: string }>(
      "inventory-service",
      "select dead_letter_id, message_id, schema_version, error_type from messaging.dead_letter where state = 'parked'",
    );
    return rows.length === sent[1]!.n && rows;
  });
  expect(letters[0]).toMatchObject({ schema_version: 3, error_type: "TypeError" });
  await stop("broken-schema-version");
  for (const letter of letters) await estate.askAgain("inventory-service", letter);
  await estate.tickUntil(async () => (await Promise.all(ids.map(confirmed))).every((n) => n === 1));
});
