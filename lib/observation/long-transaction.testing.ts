import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import pg from "pg";
import { expect } from "vitest";
import { firstRow, rows } from "../db/rows";
import { seconds } from "../time";
import { type TestPair, testPair } from "./testing";

/**
 * Holds a transaction on the source open by the clock while others commit beside it and the observer polls once a round. A cursor by id
 * or by time loses what the transaction wrote early; one that reads below xmin shows the others' rows only when it ends.
 */
export async function longTransactionStory(openMs: number): Promise<void> {
  const pair = await testPair();
  const slow = new pg.Client({ connectionString: pair.shop.url });
  await slow.connect();
  try {
    await pair.observe("shop");
    await pair.observe("stock");
    await slow.query("begin");
    const held = [await pair.emit("Placed", "LONG-1", { client: slow })];
    const startedAt = performance.now();
    const openFor = () => performance.now() - startedAt;
    for (let round = 0; openFor() < openMs; round++) {
      await pair.process(await pair.emit("Placed", `DONE-${round}`));
      await pair.emit("Placed", `OPEN-${round}`, { published: false });
      if (round % 4 === 3) held.push(await pair.emit("Placed", `LONG-${round}`, { client: slow }));
      await pair.observe("shop");
      await pair.observe("stock");
      // Seen in the very poll after their commit.
      expect(await keysOf(pair, `OPEN-${round}`)).toBe(2);
      expect(await keysOf(pair, "DONE-%")).toBe(0);
      expect(await keysOf(pair, "LONG-%")).toBe(0);
      await sleep(Math.min(seconds(1), Math.max(0, openMs - openFor())));
    }
    expect(openFor()).toBeGreaterThanOrEqual(openMs);
    const opened = await keysOf(pair, "OPEN-%");
    await slow.query("commit");
    await pair.observe("shop");
    expect(await keysOf(pair, "LONG-%")).toBe(held.length);
    expect(await keysOf(pair, "OPEN-%")).toBe(opened);
    for (const sent of held) await pair.process(sent);
    for (let n = 0; n < 3; n++) {
      await pair.observe("shop");
      await pair.observe("stock");
    }
    expect(await keysOf(pair, "LONG-%")).toBe(0);
    // Counted once: as many publications as there are published rows, as many deliveries as inbox rows.
    const published = await pair.shop.rows("select 1 from messaging.outbox where published_at is not null");
    const processed = await pair.stock.rows("select 1 from messaging.inbox");
    expect(await finished(pair, "publish")).toBe(published.length);
    expect(await finished(pair, "processing")).toBe(processed.length);
    expect(await rows(pair.store.db, sql`select 1 from delivery_seen`)).toEqual([]);
    expect(await pair.drift()).toEqual([]);
  } finally {
    await slow.end();
    await pair.close();
  }
}

const keysOf = async (pair: TestPair, like: string): Promise<number> =>
  (await firstRow<{ n: number }>(pair.store.db, sql`select count(*)::int as n from unresolved where business_key like ${like}`))!
    .n;

const finished = async (pair: TestPair, measure: string): Promise<number> =>
  (await firstRow<{ n: number }>(
    pair.store.db,
    sql`select coalesce(sum(c), 0)::int as n from lag_sample, unnest(finished_counts) c where level_s = 10 and measure = ${measure} and consumer = '' and zone_id = 'sales'`,
  ))!.n;
