import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { isAlive } from "../lib/platform/process";
import { startEstate } from "./estate";
import { type TestEstate, testEstate } from "./kit/testing";

let estate: TestEstate;
beforeAll(async () => {
  estate = await testEstate();
});
afterAll(() => estate.close());

const number = async (service: string, sql: string) =>
  Number((await estate.rows<{ n: number }>(service, `select (${sql}) as n`))[0]!.n);

test("services killed at any moment start again, and every order has exactly one effect everywhere", async () => {
  const running = await startEstate({
    adminUrl: estate.adminUrl,
    prefix: estate.prefix,
    rate: 120,
    only: ["order-service", "payment-service", "inventory-service", "notification-service"],
  });
  const orders = () => number("order-service", "select count(*) from customer_order");
  const committed = () => number("order-service", "select count(*) from customer_order where state = 'committed'");
  for (const name of ["inventory-service", "payment-service", "inventory-service", "order-service"]) {
    const goal = (await committed()) + 25;
    await until(async () => (await committed()) >= goal, { withinMs: 20_000 });
    const before = running.pids()[name]!;
    process.kill(before, "SIGKILL");
    await until(async () => (running.pids()[name] ?? before) !== before, { withinMs: 10_000 });
  }
  await until(async () => (await committed()) > 100, { withinMs: 20_000 });
  const pids = Object.values(running.pids());
  await running.stop();
  expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
  // What was on its way when they stopped is finished by hand; leases of the dead are over at once.
  await estate.of("inventory-service").service.broker.freeLeases();
  await estate.tickUntil(
    async () =>
      (await number("order-service", "select count(*) from messaging.saga where state in ('running', 'compensating')")) === 0,
  );
  expect(await number("inventory-service", "select sum(50000000 - on_hand) from stock where on_hand > 0")).toBe(
    await number("inventory-service", "select sum(quantity) from stock_reservation where state = 'reserved'"),
  );
  expect(await number("inventory-service", "select count(*) from stock_reservation")).toBe(await orders());
  expect(await number("payment-service", "select count(*) from payment")).toBe(await orders());
  expect(await number("payment-service", "select count(*) from payment where state = 'authorized'")).toBe(await committed());
  await estate.tickUntil(
    async () => (await number("notification-service", "select count(*) from confirmation")) === (await committed()),
  );
}, 120_000);

test.each(["while they start", "while they work"])(
  "when the estate's own process is killed %s, its services go with it",
  async (when) => {
    const startedAt = new Date();
    const script = `const { startEstate } = await import("./demo/estate.ts");
    const estate = await startEstate({ adminUrl: ${JSON.stringify(estate.adminUrl)}, prefix: "${estate.prefix}", rate: 0, only: ["ledger-service"] });
    console.log(Object.values(estate.pids())[0]);`;
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      cwd: path.join(import.meta.dirname, ".."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (text) => resolve(Number(text))));
    const working = () =>
      estate.rows("order-service", "select pid from pg_stat_activity where datname = $1 and backend_start > $2", [
        `${estate.prefix}ledger`,
        startedAt,
      ]);
    if (when === "while they work") await until(async () => (await working()).length > 0);
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await until(async () => !isAlive(pid), { withinMs: 8_000 });
    await until(async () => (await working()).length === 0);
  },
);
