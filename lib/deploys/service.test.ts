import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { loadConfiguration } from "../contracts/files";
import { applyConfiguration } from "../contracts/service";
import { accordText, contractText, environment, testFiles } from "../contracts/testing";
import { rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import { applyContracts } from "../observation/contracts";
import { makeOperator } from "../operators/testing";
import { rangeOf } from "../range";
import { recordVersions, selectDeploys } from "../sources/sql";
import { days, hours, minutes } from "../time";
import { parseTokenRequest } from "../tokens/input";
import { actorOfToken, createToken } from "../tokens/service";
import { readZoneCharts } from "../zones/charts";
import { parseDeploy } from "./input";
import { markDeploy } from "./service";

let store: TestStore;
let omar: Awaited<ReturnType<typeof makeOperator>>;
const now = Date.UTC(2026, 5, 18, 3, 12, 41);
const zoneId = "order-commitment";
let n = 0;
const mark = (ctx: Ctx, body: Record<string, unknown>) => markDeploy(ctx, parseDeploy({ key: `press-${++n}`, ...body }));
const at = (time: number): Ctx => ({ ...omar.ctx, now: time });
const marksOf = async (version: string) =>
  (await selectDeploys(store.db, now - days(60), now + days(1))).filter((one) => one.version === version);

beforeAll(async () => {
  store = await testStore(12);
  const files = await testFiles({ "accord.yaml": accordText, "contracts/a.yaml": contractText });
  const loaded = await loadConfiguration(files.path, environment);
  await files.remove();
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  const { configuration } = loaded;
  await applyConfiguration({ db: store.db, actor: { kind: "worker", workerId: "w" }, now }, configuration, [], (tx) =>
    applyContracts(tx, configuration.sources, now),
  );
  omar = await makeOperator(store.db, now, { role: "operator", name: "Omar", zones: [zoneId] });
});
afterAll(() => store.close());

test("a deploy that is told stands on the charts of the zones it touches, and in the audit", async () => {
  const made = await mark(omar.ctx, { consumer: "payment-service", version: "2.41.0", at: now - minutes(8) });
  expect(made).toEqual({
    repeated: false,
    marks: [{ sourceId: "payments", consumer: "payment-service", version: "2.41.0", kind: "deploy", at: now - minutes(8) }],
  });
  const charts = await readZoneCharts(omar.ctx, { zoneId, range: rangeOf("30m")! });
  expect(charts.marks).toEqual([{ at: now - minutes(8), kind: "deploy", label: "payment-service 2.41.0" }]);
  expect(
    await rows(
      store.db,
      sql`select actor_name as who, target_id as what, zones, detail from audit_entry where action = 'deploy.mark'`,
    ),
  ).toEqual([
    {
      who: "Omar",
      what: "payment-service 2.41.0",
      zones: [zoneId],
      detail: { consumer: "payment-service", version: "2.41.0", kind: "deploy", at: now - minutes(8) },
    },
  ]);
});

test("a service stands for all its consumers, and for itself as a producer", async () => {
  const { marks } = await mark(omar.ctx, { service: "order-service", version: "7.0", kind: "rollback" });
  expect(marks.map(({ consumer, kind, at }) => [consumer, kind, at])).toEqual([
    ["order-service", "rollback", now],
    ["order-view", "rollback", now],
  ]);
});

test("ten at once under one key are one mark and one entry, though none said when; another request under it is refused", async () => {
  const request = { key: "one", consumer: "payment-service", version: "3.0" };
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => mark(at(now + i), request)));
  expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(new Set(answers.map(({ marks }) => marks[0]!.at)).size).toBe(1);
  expect(await marksOf("3.0")).toHaveLength(1);
  expect(await rows(store.db, sql`select 1 from audit_entry where target_id = 'payment-service 3.0'`)).toHaveLength(1);
  for (const other of [{ version: "3.1" }, { kind: "rollback" }, { consumer: "order-view" }, { at: now - 1 }])
    await expect(mark(omar.ctx, { ...request, ...other })).rejects.toMatchObject({ kind: "conflict" });
});

test("what was made out about the same version gives way to what is told, before and after", async () => {
  const see = (version: string, when: number) =>
    store.db.transaction((tx) => recordVersions(tx, "payments", [{ consumer: "payment-service", version }], when));
  await see("4.0", now);
  await see("4.1", now + minutes(20));
  expect(await marksOf("4.1")).toMatchObject([{ at: now + minutes(20) }]);
  await mark(at(now + minutes(30)), { consumer: "payment-service", version: "4.1", at: now + minutes(18) });
  expect(await marksOf("4.1")).toMatchObject([{ at: now + minutes(18) }]);
  await mark(at(now + minutes(40)), { consumer: "payment-service", version: "4.2" });
  await see("4.2", now + minutes(45));
  expect(await marksOf("4.2")).toMatchObject([{ at: now + minutes(40) }]);
  // Long ago is another deploy.
  await mark(at(now + minutes(46)), { consumer: "payment-service", version: "4.3" });
  await see("4.3", now + hours(2));
  expect((await marksOf("4.3")).map((one) => one.at)).toEqual([now + hours(2), now + minutes(46)]);
});

test("X9: an older version that comes again is a rollback; the newer one that comes after it is deployed once more", async () => {
  const see = (version: string, when: number) =>
    store.db.transaction((tx) => recordVersions(tx, "payments", [{ consumer: "again-service", version }], when));
  const start = now - days(3);
  for (const [version, minute] of [
    ["2.40.3", 0],
    ["2.41.0", 10],
    ["2.40.3", 20],
    ["2.41.0", 40],
    ["2.41.0", 41],
  ] as const)
    await see(version, start + minutes(minute));
  const marks = (await selectDeploys(store.db, start, start + hours(2))).filter(({ consumer }) => consumer === "again-service");
  const told = marks.toSorted((one, other) => one.at - other.at);
  expect(told.map(({ version, kind, at }) => [version, kind, Math.round((at - start) / minutes(1))])).toEqual([
    ["2.41.0", "deploy", 10],
    ["2.40.3", "rollback", 10],
    ["2.41.0", "deploy", 20],
  ]);
});

test("told and made out at the same moment, one mark stays", async () => {
  for (let round = 0; round < 8; round++) {
    const version = `race-${round}`;
    await Promise.all([
      mark(at(now + hours(3) + round), { consumer: "order-view", version }),
      store.db.transaction((tx) =>
        recordVersions(tx, "orders", [{ consumer: "order-view", version }], now + hours(3) + minutes(1) + round),
      ),
    ]);
    expect(await marksOf(version)).toHaveLength(1);
  }
});

test.each([
  ["viewer", null, "forbidden"],
  ["operator", ["elsewhere"], "forbidden"],
  ["operator", null, null],
  ["approver", [zoneId], null],
  ["administrator", [zoneId], null],
] as const)("a %s of %s marks a deploy there: %s", async (role, zones, refused) => {
  const { ctx } = await makeOperator(store.db, now, { role, zones: zones && [...zones], name: `${role} ${zones}` });
  const attempt = mark({ ...ctx, now: now + hours(5) + n }, { consumer: "payment-service", version: `by ${role} ${zones}` });
  if (refused) await expect(attempt).rejects.toMatchObject({ kind: refused });
  else expect(await attempt).toMatchObject({ repeated: false });
});

test("a service token of the zone marks deploys: what a pipeline does", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator", name: "Anna" });
  const request = parseTokenRequest({
    kind: "service",
    name: "ci",
    role: "operator",
    zones: [zoneId],
    expiresInDays: 9,
    key: "k",
  });
  const actor = await actorOfToken(store.db, (await createToken(admin.ctx, request)).secret!, now);
  const { marks } = await mark(
    { db: store.db, actor: actor!, now: now + hours(6) },
    { service: "payment-service", version: "9" },
  );
  expect(marks).toHaveLength(1);
});

test.each([
  [{ version: "1" }, "invalid", /^Name either a service/],
  [{ service: "a", consumer: "b", version: "1" }, "invalid", /^Name either a service/],
  [{ consumer: "payment-service", version: "1", at: now + hours(1) }, "invalid", /in the future/],
  [{ consumer: "payment-service", version: "1", at: now - days(31) }, "invalid", /30 days back/],
] as const)("%o is refused in words", async (body, kind, message) => {
  await expect((async () => mark(omar.ctx, body))()).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
});

test("what no source has is told apart only to those who see all there is", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator", name: "Ada" });
  const request = { service: "nobody-service", version: "1" };
  await expect(mark(admin.ctx, request)).rejects.toMatchObject({
    kind: "not_found",
    message: 'No source in accord.yaml has the service "nobody-service".',
  });
  await expect(mark(omar.ctx, request)).rejects.toMatchObject({ kind: "forbidden" });
});
