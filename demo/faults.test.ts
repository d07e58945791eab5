import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { durationMs } from "./fault";
import { faults, runningFaults, startFault, stopExpired, stopFault } from "./faults";
import { type TestEstate, testEstate } from "./kit/testing";
import { basket, placeOrder } from "./services/order-service/place-order";
import { changeCustomer } from "./services/profile-service/change-customer";

let estate: TestEstate;
beforeAll(async () => {
  estate = await testEstate();
});
afterEach(async () => {
  for (const { name } of faults) await stopFault(name, estate.adminUrl, estate);
});
afterAll(() => estate.close());

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
    'There is no fault "poisn". The faults are: poison, stopped-relay, stopped-consumer, source-away, failing-compensation.',
  );
});

test("durations are written as 90s, 3m or 1h, and as nothing else", () => {
  expect(["90s", "3m", "1h"].map(durationMs)).toEqual([90_000, 180_000, 3_600_000]);
  expect(() => durationMs("3 min")).toThrow('"3 min" is no duration');
});

test("a fault for a while ends by itself, and the services see it", async () => {
  await startFault("poison", estate.adminUrl, { ...estate, forMs: 200 });
  const inventory = estate.of("inventory-service");
  await inventory.tick();
  expect(inventory.service.version).toBe("2.41.0");
  expect((await runningFaults(estate.adminUrl, estate)).map((each) => each.name)).toEqual(["poison"]);
  await until(async () => (await stopExpired(estate.adminUrl, estate)).includes("poison"));
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
  await expect(changeCustomer(profiles.service, 1)).rejects.toThrow(
    /not currently accepting connections|Connection terminated|terminating connection/,
  );
  await until(async () => said.some((line) => line.startsWith("profile-service: relay: ")));
  await stopFault("source-away", estate.adminUrl, estate);
  await until(async () => said.includes("profile-service: relay works again"));
  await until(() => changeCustomer(profiles.service, 2).then(() => true));
  await until(async () => (await count("profile-service", "messaging.outbox where published_at is null")) === 0);
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
