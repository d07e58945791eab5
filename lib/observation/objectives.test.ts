import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import { computed, counted, seeded, send, story, take } from "./objectives.testing";
import { forgetObserved, observeSource } from "./service";
import { type TestPair, testPair } from "./testing";

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});
afterAll(() => pair.close());
beforeEach(async () => {
  await pair.observe("shop");
  await pair.observe("stock");
});

/** A store on which every transaction is lost at its end, as by kill -9 before the commit. */
const dying = (db: Db): Db =>
  new Proxy(db, {
    get: (of, name) =>
      name === "transaction"
        ? (work: (tx: Db) => Promise<unknown>) =>
            of.transaction(async (tx) => {
              await work(tx as Db);
              throw new Error("killed");
            })
        : Reflect.get(of, name, of),
  });

test("an hour of loss, lateness, duplicates, restarts and a source that was away is counted as the services' own tables have it", async () => {
  const chance = seeded(20261128);
  const [{ now } = { now: "" }] = await pair.shop.rows<{ now: string }>("select now()::text as now");
  const backlog: ReturnType<typeof story> = [];
  let worker = 0;
  const restarted = async () => {
    await pair.store.db.execute(sql`update source_status set lease_until = now() - interval '1 second'`);
    worker++;
  };
  await restarted();
  for (let minute = 60; minute > 1; minute -= 4) {
    // Nothing is processed in the future: a time that is yet to come is taken for now.
    const told = story(chance, 120, minute * 60, Math.max(100, (minute - 4) * 60));
    await send(pair, told, now);
    backlog.push(...told);
    // Stock is away for a quarter of an hour, and tells all of it afterwards; what waits for its other side is forgotten meanwhile.
    const away = minute > 20 && minute < 35;
    if (minute === 20) await forgetObserved(pair.store.db, Date.now() + 16 * 60_000);
    if (!away && chance() < 0.7) await take(pair, backlog.splice(0), now);
    // In any order, a page or a few at a time, by whoever holds the source, and some of it killed at the last moment.
    const sources = chance() < 0.5 ? ["shop", "stock"] : ["stock", "shop"];
    for (const sourceId of sources) {
      if (away && sourceId === "stock") continue;
      if (chance() < 0.3) {
        const killed = observeSource({ db: dying(pair.store.db), workerId: `w${worker}`, pageSize: 40 }, pair.of(sourceId));
        await expect(killed).rejects.toThrow("killed");
        await restarted();
      }
      if (chance() < 0.8) await observeSource({ db: pair.store.db, workerId: `w${worker}`, pageSize: 40 }, pair.of(sourceId));
    }
    // Everything that is open is read anew, as when a contract has changed.
    const before = pair.of("shop").contractHash;
    if (minute === 44 || minute === 8)
      for (const hash of [before, before, `read anew ${minute}`])
        for (const sourceId of sources) {
          pair.of(sourceId).contractHash = hash;
          await pair.observe(sourceId, { workerId: `w${worker}` });
        }
  }
  await take(pair, backlog, now);
  await pair.shop.rows("update messaging.outbox set published_at = now() where published_at is null");
  for (let i = 0; i < 2; i++)
    for (const sourceId of ["shop", "stock"]) await pair.observe(sourceId, { workerId: `w${worker}`, pageSize: 200 });

  const own = await computed(pair);
  expect(own.length).toBeGreaterThan(100);
  expect(await counted(pair.store.db)).toEqual(own);
  const levels = await rows(
    pair.store.db,
    sql`select level_s, zone_id, sum(kept_n) as kept, sum(missed_n) as missed, sum(late_n) as late from objective_count group by 1, 2, consumer = '' order by 2, 1`,
  );
  expect(new Set(levels.map((row) => JSON.stringify({ ...(row as object), level_s: 0 }))).size).toBe(2);
});
