import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstRow, rows } from "../db/rows";
import { until } from "../db/testing";
import { type TestPair, testPair } from "./testing";

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});
afterAll(() => pair.close());

const backOff = () => pair.store.db.execute(sql`update source_status set next_poll_at = null, failures = 0`);
/** Until the source is back: a swap ends connections, and a poll that meets it backs off. */
const observed = (sourceId: string) =>
  until(async () => {
    await backOff();
    return (await pair.observe(sourceId)) === "done";
  });

test("a source restored from a copy is noticed and read anew: what the copy knows is open, what it does not know is not, and numbers that now name others are others", async () => {
  const early = await pair.emit("Placed", "S-early");
  const known = await pair.park(early);
  await pair.process(await pair.emit("Placed", "S-done"));
  await pair.observe("shop");
  await pair.observe("stock");
  const copy = await pair.stock.copy();

  // After the copy was made: one is settled, one is parked, one is processed.
  await pair.process(early);
  await pair.settle(known, "resolved");
  await pair.park(await pair.emit("Placed", "S-forgotten"));
  await pair.process(await pair.emit("Placed", "S-unprocessed"));
  await pair.observe("shop");
  await observed("stock");
  expect((await pair.letters()).map((letter) => letter.key)).toEqual(["S-forgotten"]);
  expect(await pair.open()).toEqual(["sales parked S-forgotten", "sales undelivered S-forgotten"]);

  await pair.stock.swapFor(copy);
  // Its next letter takes the number that the forgotten one had.
  await pair.park(await pair.emit("Placed", "S-other"), "RangeError: other");
  await pair.observe("shop");
  await observed("stock");
  expect(await firstRow(pair.store.db, sql`select reread_why from source_status where source_id = 'stock'`)).toEqual({
    reread_why: expect.stringContaining("another database answers"),
  });
  expect((await pair.letters()).map(({ key, seq }) => ({ key, seq })).sort((a, b) => a.seq - b.seq)).toEqual([
    { key: "S-early", seq: "1" },
    { key: "S-other", seq: "2" },
  ]);
  // The next poll asks everything again by key.
  await pair.observe("stock");
  expect(await pair.open()).toEqual([
    "sales parked S-early",
    "sales parked S-other",
    "sales undelivered S-forgotten",
    "sales undelivered S-other",
  ]);
  expect(await pair.drift()).toEqual([]);
});

test("connections that are ended at any moment end no worker: the polls fail with a reason, and the next one is good", async () => {
  const name = new URL(pair.shop.url).pathname.slice(1);
  let ending = true;
  const ender = (async () => {
    for (; ending; )
      await pair.stock.rows(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and application_name like 'accord%'`,
      );
  })();
  const answers = new Set<string>();
  for (let poll = 0; poll < 40; poll++) {
    await backOff();
    answers.add(await pair.observe("shop"));
  }
  ending = false;
  await ender;
  expect(answers).toContain("failed");
  await observed("shop");
});

test("a source that goes away is failing with its reason, backs off, and comes back by itself", async () => {
  const name = new URL(pair.shop.url).pathname.slice(1);
  const allow = (allowed: boolean) => pair.stock.rows(`alter database ${name} with allow_connections ${allowed}`);
  await allow(false);
  await pair.stock.rows(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
  await until(async () => (await pair.observe("shop")) === "failed");
  const poll = () =>
    firstRow<{ error: string | null; waits: boolean }>(
      pair.store.db,
      sql`select error, next_poll_at > now() as waits from source_status where source_id = 'shop'`,
    );
  expect(await poll()).toEqual({
    error: expect.stringMatching(/not accepting connections|closed the connection|did not answer/),
    waits: true,
  });
  expect(await pair.observe("shop")).toBe("held elsewhere");
  await allow(true);
  await until(async () => (await pair.observe("shop")) === "done", { withinMs: 5_000 });
  expect(await poll()).toEqual({ error: null, waits: null });
  expect(await rows(pair.store.db, sql`select 1 from unresolved where source_id = 'shop' and not confirmed`)).toEqual([]);
});
