import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import type { Unresolved } from "../facts/rules";
import { confirmUnresolved, deleteUnresolved, insertUnresolved, lockZones, refreshOpenKeys } from "../facts/sql";
import { seconds } from "../time";
import { type KeptAges, keyAges } from "./ages";
import { nothingFound, waitingCauses } from "./found";

const began = Date.UTC(2026, 10, 27, 12);
const zones = ["books", "sales"];
let store: TestStore;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.close());

const fact = fc.record({
  reason: fc.constantFrom("undelivered" as const, "unpublished" as const, "held" as const, "parked" as const),
  consumer: fc.constantFrom("a", "b"),
  n: fc.integer({ min: 0, max: 5 }),
  zoneId: fc.constantFrom(...zones),
  agoS: fc.integer({ min: 0, max: 30 }),
  confirmed: fc.boolean(),
});
const step = fc.record({
  opened: fc.array(fact, { maxLength: 6 }),
  closed: fc.array(fact, { maxLength: 3 }),
  confirm: fc.array(fact, { maxLength: 2 }),
  laterS: fc.integer({ min: 0, max: 8 }),
  dies: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Fact = { reason: "undelivered" | "unpublished" | "held" | "parked"; consumer: string; n: number };

const consumerOf = ({ reason, consumer }: Fact) => (reason === "unpublished" ? "" : consumer);
const refOf = (one: Fact) => ({ consumer: consumerOf(one), ref: `m${one.n}` });
const unresolved = (one: Fact & { zoneId: string; agoS: number; confirmed: boolean }, now: number): Unresolved => ({
  ...refOf(one),
  sourceId: "shop",
  reason: one.reason,
  zoneId: one.zoneId,
  businessKey: `K${one.n % 4}`,
  eventType: "Paid",
  since: now - seconds(one.agoS),
  confirmed: one.reason !== "undelivered" || one.confirmed,
  flagged: false,
});

async function change({ opened, closed, confirm, dies }: Step, now: number): Promise<void> {
  const done = store.db.transaction(async (tx) => {
    await lockZones(tx, zones);
    const changed = await insertUnresolved(
      tx,
      opened.map((one) => unresolved(one, now)),
    );
    for (const one of closed) changed.push(...(await deleteUnresolved(tx, "shop", one.reason, [refOf(one)])));
    changed.push(...(await confirmUnresolved(tx, "shop", confirm.map(refOf))));
    await refreshOpenKeys(tx, changed);
    if (dies) throw new Error("died");
  });
  await done.catch((error: Error) => expect(error.message).toBe("died"));
}

const asked = (now: number) => zones.map((zoneId) => ({ zoneId, before: now - seconds(10) }));
const ordered = (causes: Awaited<ReturnType<typeof waitingCauses>>) => causes.map((one) => JSON.stringify(one)).sort();

// Bars of half a second and of one.
const windows = [
  { zoneId: "books", windowMs: seconds(10) },
  { zoneId: "sales", windowMs: seconds(20) },
];

/** Every key of the store put into the bar of its age. */
async function countedOneByOne(now: number): Promise<Map<string, number[]>> {
  const keys = await rows<{ zoneId: string; since: number }>(store.db, sql`select zone_id as "zoneId", since from open_key`);
  return new Map(
    windows.map(({ zoneId, windowMs }) => {
      const ages = keys.filter((key) => key.zoneId === zoneId).map(({ since }) => Math.floor((now - since) / (windowMs / 20)));
      return [zoneId, Array.from({ length: 32 }, (_, bar) => ages.filter((age) => Math.min(age, 31) === bar).length)];
    }),
  );
}

test("whatever changes, and whoever dies over it: what stands is what a whole look finds, and counts are what there is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
      await store.db.execute(sql`delete from unresolved`);
      await store.db.execute(sql`delete from open_key`);
      const kept = nothingFound();
      const few: KeptAges = new Map();
      let now = began;
      for (const one of steps) {
        now += seconds(one.laterS);
        await change(one, now);
        expect(ordered(await waitingCauses(store.db, asked(now), kept))).toEqual(
          ordered(await waitingCauses(store.db, asked(now), nothingFound())),
        );
        const counted = await countedOneByOne(now);
        // Kept, kept up to four keys a zone, and counted in each round.
        for (const [most, ages] of [[undefined, kept.ages] as const, [4, few] as const, [-1, new Map()] as const])
          expect(await keyAges(store.db, windows, now, ages, most)).toEqual(counted);
      }
    }),
    { numRuns: 12 },
  );
});

test("of what is owed, nothing is blamed that something else of its key explains", async () => {
  const naive = sql`select u.ref, u.consumer from unresolved u where u.reason = 'undelivered' and u.confirmed and not exists (select 1 from unresolved p where p.zone_id = u.zone_id and p.business_key = u.business_key and p.ref = u.ref
    and (p.reason = 'unpublished' or p.reason in ('parked', 'held') and p.consumer = u.consumer))`;
  await fc.assert(
    fc.asyncProperty(fc.array(fact, { minLength: 4, maxLength: 20 }), async (facts) => {
      await store.db.execute(sql`delete from unresolved`);
      await store.db.execute(sql`delete from open_key`);
      await change({ opened: facts, closed: [], confirm: [], laterS: 0, dies: false }, began - seconds(60));
      const found = await waitingCauses(store.db, asked(began), nothingFound());
      const owed = found.filter(({ reason }) => reason === "undelivered").reduce((sum, { factsN }) => sum + factsN, 0);
      expect(owed).toBe((await rows(store.db, naive)).length);
    }),
    { numRuns: 12 },
  );
});
