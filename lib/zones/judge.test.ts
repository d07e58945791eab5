import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../db/rows";
import { testPair } from "../observation/testing";
import { minutes, seconds } from "../time";
import { judgeZones } from "./judge";
import { readZones } from "./service";
import { silenceNow } from "./silence";
import { selectStatuses } from "./sql";

let pair: Awaited<ReturnType<typeof testPair>>;
const now = Math.floor(Date.now() / 60_000) * 60_000 + 30_000;
beforeAll(async () => {
  pair = await testPair();
  await pair.store.db.execute(sql`update source_status set observed_at = to_timestamp(${now}::float8 / 1000)`);
  // Sales: 40 keys a second apart, and three from long ago; a group of 30 letters over 10 keys, and one of 2. Books: nothing.
  await pair.store.db.execute(sql`insert into open_key (zone_id, business_key, since, reasons, facts)
    select 'sales', 'K-' || i, to_timestamp(${now}::float8 / 1000) - i * interval '1 second' - interval '1 millisecond', 2, 1 from generate_series(0, 39) i union all
    select 'sales', 'OLD-' || i, to_timestamp(${now}::float8 / 1000) - interval '1 day', 8, 1 from generate_series(1, 3) i`);
  await pair.store.db.execute(sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since)
    select 'stock', 'undelivered', 'stock-service', 'm-' || i, 'sales', 'K-' || i, 'Placed', to_timestamp(${now}::float8 / 1000) - i * interval '1 second' - interval '1 millisecond' from generate_series(0, 39) i`);
  await pair.store.db.execute(sql`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, zones, open_n, total_n, first_at, last_at, versions)
    select 'f' || i, 'stock', 'stock-service', 'Placed', 'Error' || i, 't', '{sales}', case i when 1 then 30 else 2 end, 30, now(), now(), '{"1": 1}' from generate_series(1, 2) i`);
  await pair.store.db.execute(sql`insert into dead_letter (source_id, source_seq, group_id, message_id, business_key, consumer_version, parked_at, since, seen_at, state, attempts, changed_at)
    select 'stock', row_number() over (), g.group_id, gen_random_uuid(), 'P-' || i % 10, '1', now(), now(), now(), 'parked', 1, now() from dead_letter_group g, generate_series(1, g.open_n) i`);
});
afterAll(() => pair.close());

const statusOf = async (zoneId: string) => (await selectStatuses(pair.store.db, [zoneId]))[0]!;

test("keys stand in the bar of their age, and all that is older than the bars in the last", async () => {
  await judgeZones(pair.store.db, now);
  const { keysByAge, facts } = await statusOf("sales");
  expect(keysByAge!.bars.reduce((a, b) => a + b, 0)).toBe(43);
  expect(facts.keysN).toBe(43);
  // A bar of a 30 s window is 1.5 s: the first takes ages 0 and 1, the second 2; 46.5 s and older are in the last.
  expect(keysByAge!.bars.slice(0, 3)).toEqual([2, 1, 2]);
  expect(keysByAge!.bars.at(-1)).toBe(3);
  expect((await statusOf("books")).keysByAge!.bars.every((n) => n === 0)).toBe(true);
});

test("a zone's causes are its own: the largest groups first, and who owes what has waited", async () => {
  const { causes } = await statusOf("sales");
  expect(causes.parked.map(({ openN, keysN }) => [openN, keysN])).toEqual([
    [30, 10],
    [2, 2],
  ]);
  // Younger than a fifth of the window, 6 s, is work under way.
  expect(causes.waiting).toMatchObject([{ reason: "undelivered", consumer: "stock-service", keysN: 34, oldestKey: "K-39" }]);
  expect((await statusOf("books")).causes).toMatchObject({ parked: [], waiting: [], sagas: [] });
});

test("causes that stand are written once, and are as old as the last judgement; what another worker stored is replaced", async () => {
  const { db } = pair.store;
  const { causes } = await statusOf("sales");
  await db.execute(sql`update zone_status set causes = causes || '{"anomalies": ["as stored"]}' where zone_id = 'sales'`);
  await judgeZones(db, now + 1);
  expect((await statusOf("sales")).causes).toEqual({ ...causes, anomalies: ["as stored"], at: now + 1 });
  const others = [
    sql`update zone_status set causes_digest = 'of other causes' where zone_id = 'sales'`,
    // As a worker does that runs an older version still.
    sql`update zone_status set causes = causes || '{"anomalies": ["as stored"], "at": 0}' where zone_id = 'sales'`,
  ];
  for (const stored of others) {
    await db.execute(stored);
    await judgeZones(db, now + 1);
    expect((await statusOf("sales")).causes).toEqual({ ...causes, at: now + 1 });
  }
});

test("a count of keys stands while its group is as it was, and is made anew when it changed", async () => {
  const { db } = pair.store;
  await db.execute(sql`update dead_letter set business_key = 'same'`);
  await judgeZones(db, now + seconds(2));
  expect((await statusOf("sales")).causes.parked.map(({ keysN }) => keysN)).toEqual([10, 2]);
  await db.execute(sql`update dead_letter_group set open_n = 29 where open_n = 30`);
  await judgeZones(db, now + seconds(4));
  expect((await statusOf("sales")).causes.parked.map(({ keysN }) => keysN)).toEqual([1, 2]);
  await judgeZones(db, now + minutes(3));
  expect((await statusOf("sales")).causes.parked.map(({ keysN }) => keysN)).toEqual([1, 1]);
});

test("a change of verdict is written once; the strip of minutes holds the worst of each", async () => {
  const { db } = pair.store;
  const changes = () =>
    rows<{ verdict: string }>(db, sql`select verdict from verdict_change where zone_id = 'sales' order by at`);
  const first = await changes();
  await db.execute(sql`update source_status set observed_at = to_timestamp(${now + minutes(4)}::float8 / 1000)`);
  await db.execute(sql`delete from open_key`);
  await db.execute(sql`delete from unresolved`);
  await db.execute(sql`update dead_letter_group set open_n = 0`);
  await judgeZones(db, now + minutes(4));
  await judgeZones(db, now + minutes(4) + seconds(2));
  expect((await changes()).map(({ verdict }) => verdict)).toEqual([...first.map(({ verdict }) => verdict), "healthy"]);
  const view = await readZones({ db, actor: { kind: "worker", workerId: "test" }, now: now + minutes(4) + seconds(2) });
  expect(view.history.zones.find((zone) => zone.zoneId === "sales")!.letters.endsWith("h")).toBe(true);
});

test("what is silent becomes another text in the moment in which a zone becomes unknown", async () => {
  const { db } = pair.store;
  const at = async (moment: number) => {
    const { zones } = await readZones({ db, actor: { kind: "worker", workerId: "test" }, now: moment });
    return { verdict: zones.find((zone) => zone.zoneId === "sales")!.verdict, silence: await silenceNow(db, moment) };
  };
  const last = now + minutes(4) + seconds(15);
  expect(await at(last)).toEqual({ verdict: "healthy", silence: "" });
  const { verdict, silence } = await at(last + 1);
  expect(verdict).toBe("unknown");
  expect(silence.split("\n")).toEqual(expect.arrayContaining(["known sales stock", "seen stock"]));
  expect((await at(last + seconds(2) + 1)).silence).toContain("judged sales");
});
