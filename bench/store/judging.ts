import { sql } from "drizzle-orm";
import type { Db } from "../../lib/db/pool";
import { deleteUnresolved, insertUnresolved, lockZones, refreshOpenKeys } from "../../lib/facts/sql";
import { nothingFound } from "../../lib/zones/found";
import { judgeZones } from "../../lib/zones/judge";
import { heading, number, pair, table, timed, whole } from "../measure";
import { costOf } from "../statements";
import { sourceOf, ZONES, zoneOf } from "./contracts";

const RUNS = 15;

/** What a round of judging costs by how many zones changed since the last; what it reads is what EXPLAIN (ANALYZE, BUFFERS) says of its statements. */
export async function benchJudging(db: Db, url: string): Promise<void> {
  heading("Judging, all 50 zones");
  const body: string[][] = [];
  const found = nothingFound();
  const line = async (name: string, before: () => Promise<unknown>, kept: () => ReturnType<typeof nothingFound>) => {
    // Every source was looked at just now: a judgement of silence would be cheaper.
    await db.execute(sql`update source_status set observed_at = now()`);
    const samples: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      await before();
      samples.push((await timed(1, () => judgeZones(db, Date.now(), kept()), 0)).p50);
    }
    await before();
    const cost = await costOf(url, () => judgeZones(db, Date.now(), kept()));
    const sorted = samples.sort((a, b) => a - b);
    body.push([
      name,
      pair({ n: RUNS, p50: sorted[Math.floor(RUNS / 2)]!, p95: sorted.at(-1)! }),
      number(cost.ms),
      whole(cost.rows),
      whole(cost.buffers),
    ]);
  };
  await judgeZones(db, Date.now(), found);
  await line(
    "idle",
    async () => {},
    () => found,
  );
  for (const n of [1, 10, ZONES])
    await line(
      `${n} ${n === 1 ? "zone" : "zones"} changed`,
      () => touch(db, n),
      () => found,
    );
  await line(
    "everything read anew, as by a new worker",
    async () => {},
    () => nothingFound(),
  );
  table(["since the last round", "p50 / worst ms", "ms inside", "rows touched", "buffers"], body);
}

/** A fact comes and another goes in each of some zones. */
async function touch(db: Db, n: number): Promise<void> {
  for (let zone = 0; zone < n; zone++)
    await db.transaction(async (tx) => {
      await lockZones(tx, [zoneOf(zone)]);
      const of = { sourceId: sourceOf(zone), reason: "undelivered" as const, consumer: "bench", ref: "touched" };
      const left = await deleteUnresolved(tx, of.sourceId, of.reason, [of]);
      const fact = { ...of, zoneId: zoneOf(zone), businessKey: "touched", eventType: "Touched", since: Date.now() };
      const came = left.length > 0 ? [] : await insertUnresolved(tx, [{ ...fact, confirmed: true, flagged: false }]);
      await refreshOpenKeys(tx, [...left, ...came]);
      await tx.execute(sql`update source_status set changes_n = changes_n + 1 where source_id = ${of.sourceId}`);
    });
}
