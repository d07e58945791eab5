import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Ctx, Role } from "../context";
import { rows } from "../db/rows";
import { until } from "../db/testing";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import type { Holdable } from "../sources/holdable";
import type { Observed } from "../sources/observed";
import { textOf } from "../words";
import { readZone } from "../zones/service";
import { dispatchHolds } from "./dispatch";
import { previewHold, readHold, requestHold, requestRelease } from "./holds";
import { parseHold, parseHoldPreview, parseRelease } from "./input";
import { readSaga } from "./service";
import { makeSaga, undoing } from "./testing";

let pair: TestPair;
let ada: Ctx;
let ben: Ctx;
let n = 0;
beforeAll(async () => {
  pair = await testPair({ act: false, connections: 8 });
  ada = (await makeOperator(pair.store.db, Date.now(), { role: "operator", name: "Ada", zones: ["sales"] })).ctx;
  ben = (await makeOperator(pair.store.db, Date.now(), { role: "operator", name: "Ben" })).ctx;
  await pair.observe("stock");
});
beforeEach(async () => {
  await pair.shop.rows("delete from messaging.saga; delete from messaging.saga_step");
  for (const table of ["saga", "saga_step", "saga_compensation", "unresolved", "open_key", "saga_hold", "saga_hold_item"])
    await pair.store.db.execute(sql.raw(`delete from ${table}`));
  await pair.observe("shop");
});
afterAll(() => pair.close());

const at = (ctx: Ctx): Ctx => ({ ...ctx, now: Date.now() });
const named = (ids: string[], sourceId = "shop") => ({ sagas: ids.map((sagaId) => ({ sourceId, sagaId })) });
const request = (selection: unknown, minutes = 15, key = `hold-${n++}`) =>
  parseHold({ selection, minutes, reason: "the fix is being deployed", key });
const hold = (ctx: Ctx, ids: string[], minutes?: number, key?: string) => requestHold(at(ctx), request(named(ids), minutes, key));
const release = (ctx: Ctx, body: Record<string, unknown>) =>
  requestRelease(at(ctx), parseRelease({ key: `release-${n++}`, ...body }));
const undo = (ctx: Ctx, { holdId }: { holdId: string }) => release(ctx, { holdId });
const dispatch = (observed: Observed[] = pair.observed) => dispatchHolds(pair.store.db, observed);
const shop = () => pair.of("shop");
/** Shop's source with some of its answers replaced. */
const but = (holdable: Holdable): Observed[] => [{ ...shop(), source: { ...shop().source, holdable } }];
const dueAgain = () => pair.store.db.execute(sql`update saga_hold_item set due_at = now()`);
const outcomes = async ({ holdId }: { holdId: string }) =>
  Object.fromEntries((await readHold(at(ben), { holdId: Number(holdId) })).outcomes.map(({ outcome, n }) => [outcome, n]));
const sentence = async ({ holdId }: { holdId: string }) => textOf((await readHold(at(ben), { holdId: Number(holdId) })).sentence);
/** Until when each saga is held in its source, in minutes from now, rounded; null for one that is not. */
async function held(...ids: string[]): Promise<(number | null)[]> {
  const found = await pair.shop.rows<{ id: string; min: number | null }>(
    "select saga_id::text as id, round(extract(epoch from hold_until - clock_timestamp()) / 60)::int as min from messaging.saga",
  );
  return ids.map((id) => found.find((row) => row.id === id)?.min ?? null);
}
async function sagas(...keys: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const key of keys) ids.push(await makeSaga(pair, key, { deadline: "1 minute" }));
  await pair.observe("shop");
  return ids;
}
const auditOf = (holdId: string) =>
  rows<{ action: string; result: string; reason: string | null; detail: Record<string, unknown> }>(
    pair.store.db,
    sql`select action, result, reason, detail from audit_entry where target_kind = 'hold' and target_id = ${holdId} order by id`,
  );

test("a hold is written to its sagas by a worker, read back, shown and written down; released they are as before", async () => {
  const ids = await sagas("S-1", "S-2");
  const asked = await hold(ada, ids);
  expect(await held(...ids)).toEqual([null, null]);
  expect(await outcomes(asked)).toEqual({ waiting: 2 });
  await dispatch();
  expect(await held(...ids)).toEqual([15, 15]);
  expect(await outcomes(asked)).toEqual({ held: 2 });
  expect(await sentence(asked)).toMatch(/^Compensations of 2 sagas held until (\d{1,2} \w{3} )?\d\d:\d\d UTC\.$/);
  const shown = await readSaga(at(ada), { sourceId: "shop", sagaId: ids[0]! });
  expect(shown.saga.stage).toBe("held");
  expect(textOf(shown.sentence)).toMatch(/^Its compensations are held until /);
  expect(shown.holds).toMatchObject([{ kind: "hold", by: "Ada", reason: "the fix is being deployed" }]);
  expect(await auditOf(asked.holdId)).toMatchObject([
    { action: "saga.hold", result: "done", reason: "the fix is being deployed", detail: { sagas: 2 } },
    { action: "saga.hold", result: "result", detail: { held: 2 } },
  ]);
  const zone = await readZone(at(ada), { zoneId: "sales" });
  expect(zone.happened.map(({ text }) => text)).toContain("hold, 2 sagas by Ada");
  const released = await release(ben, { selection: named(ids), reason: "the fix is deployed now" });
  await dispatch();
  expect(await held(...ids)).toEqual([null, null]);
  expect(await sentence(released)).toBe("Compensations of 2 sagas released.");
  expect(await auditOf(released.holdId)).toHaveLength(2);
  await pair.observe("shop");
  expect((await readSaga(at(ada), { sourceId: "shop", sagaId: ids[0]! })).saga.stage).toBe("running");
});

test("a hold that ends by itself shows as over", async () => {
  const [id] = await sagas("S-1");
  const asked = await hold(ada, [id!], 1);
  await dispatch();
  const later = { ...ben, now: Date.now() + 61_000 };
  const view = await readHold(later, { holdId: Number(asked.holdId) });
  expect([view.over, textOf(view.sentence)]).toEqual([true, expect.stringMatching(/^Compensations of 1 saga were held until /)]);
  const { saga, holds } = await readSaga(later, { sourceId: "shop", sagaId: id! });
  expect(saga.stage).toBe("stuck");
  expect(textOf(holds[0]!.outcome)).toMatch(/^Over: it was held until /);
});

test.each<[Role, string[] | null, boolean]>([
  ["viewer", null, false],
  ["operator", ["books"], false],
  ["operator", ["sales"], true],
  ["approver", null, true],
  ["administrator", ["sales"], true],
])("a %s of the zones %s may hold: %s; so for a release, and an attempt is written down", async (role, zones, may) => {
  const [id] = await sagas("S-1");
  const { ctx } = await makeOperator(pair.store.db, Date.now(), { role, zones, name: `May ${n++}` });
  const denied = () =>
    rows(
      pair.store.db,
      sql`select action from audit_entry where actor_name = ${ctx.actor.kind === "operator" ? ctx.actor.name : ""} and result = 'denied' order by action`,
    );
  for (const answer of [
    await outcomeOf(() => hold(ctx, [id!])),
    await outcomeOf(() => release(ctx, { selection: named([id!]), reason: "it may go on now" })),
  ])
    expect(answer).toMatchObject(may ? { ok: true } : { ok: false, refusal: { kind: "forbidden" } });
  expect(await denied()).toEqual(may ? [] : [{ action: "saga.hold" }, { action: "saga.release" }]);
  expect((await rows(pair.store.db, sql`select 1 from saga_hold`)).length).toBe(may ? 2 : 0);
  const preview = await previewHold(at(ctx), parseHoldPreview({ selection: named([id!]) }));
  expect(preview.sagasN).toBe(zones?.includes("books") ? 0 : 1);
  expect(preview.refusal === null).toBe(may);
});

test("a saga that no contract names is for administrators of all zones; one in a source that is only observed is for nobody", async () => {
  const insert = (sourceId: string, type: string, zone: string) =>
    rows<{ id: string }>(
      pair.store.db,
      sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, state, started_at) values (${sourceId}, gen_random_uuid(), ${type}, ${zone}, 'S-9', 'running', now()) returning saga_id::text as id`,
    );
  const [outside] = await insert("shop", "nobody's", "");
  expect(await outcomeOf(() => hold(ben, [outside!.id]))).toMatchObject({ ok: false, refusal: { kind: "forbidden" } });
  const { ctx: root } = await makeOperator(pair.store.db, Date.now(), { role: "administrator", name: `Root ${n++}` });
  expect(await hold(root, [outside!.id])).toMatchObject({ sagasN: 1 });
  const [observedOnly] = await insert("stock", "sale", "sales");
  expect(await outcomeOf(() => requestHold(at(ben), request(named([observedOnly!.id], "stock"))))).toMatchObject({
    ok: false,
    refusal: { kind: "conflict", message: "Accord only observes stock: act is false in accord.yaml." },
  });
});

test("what is no request is refused in words: no end, an end too far, no reason, nothing or too much selected", () => {
  const selection = named([randomUUID()]);
  const good = { selection, minutes: 15, reason: "the fix is being deployed", key: "k" };
  expect(() => parseHold({ ...good, minutes: undefined })).toThrow(/minutes: is missing/);
  expect(() => parseHold({ ...good, minutes: 1_441 })).toThrow("minutes: a hold ends within 24 hours.");
  expect(() => parseHold({ ...good, minutes: 0 })).toThrow("minutes: a hold lasts a minute at least.");
  expect(() => parseHold({ ...good, reason: "because" })).toThrow("reason: must say why, in at least 12 characters.");
  expect(() => parseHold({ ...good, selection: {} })).toThrow("selection: names sagas, or one cause.");
  expect(() => parseHold({ ...good, selection: named(Array.from({ length: 1_001 }, () => randomUUID())) })).toThrow(
    /more than 1000 entries/,
  );
  expect(() => parseRelease({ selection, key: "k" })).toThrow("reason: must say why, in at least 12 characters.");
  expect(() => parseRelease({ key: "k" })).toThrow("names a selection, or one hold");
});

test("a double click is one request with one entry; the key of one request does not serve for another", async () => {
  const ids = await sagas("S-1", "S-2");
  const answers = await Promise.all(Array.from({ length: 8 }, () => hold(ada, [ids[0]!], 15, "the-same-press")));
  expect(new Set(answers.map(({ holdId, until }) => `${holdId} ${until}`)).size).toBe(1);
  expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(await rows(pair.store.db, sql`select 1 from saga_hold`)).toHaveLength(1);
  expect(
    await rows(pair.store.db, sql`select 1 from audit_entry where target_id = ${answers[0]!.holdId} and target_kind = 'hold'`),
  ).toHaveLength(1);
  expect(await outcomeOf(() => hold(ada, [ids[1]!], 15, "the-same-press"))).toMatchObject({
    ok: false,
    refusal: { kind: "conflict", message: expect.stringContaining("Idempotency-Key") },
  });
  // Another person's key is another person's.
  expect((await hold(ben, [ids[1]!], 15, "the-same-press")).repeated).toBe(false);
});

test("two operators and three workers at once: the later end stands whoever comes first, and every request has its outcome", async () => {
  const ids = await sagas("S-1", "S-2", "S-3");
  const asked = await Promise.all([hold(ada, ids, 60), hold(ben, ids, 15), hold(ada, [ids[0]!], 30)]);
  await until(async () => {
    await Promise.all([dispatch(), dispatch(), dispatch()]);
    return (await rows(pair.store.db, sql`select 1 from saga_hold_item where outcome is null`)).length === 0;
  });
  expect(await held(...ids)).toEqual([60, 60, 60]);
  for (const one of asked) {
    expect(Object.keys(await outcomes(one))).toEqual(["held"]);
    expect((await auditOf(one.holdId)).filter(({ result }) => result === "result")).toHaveLength(1);
  }
});

test("killed between the effect and its note, the next worker finds the effect and adds none", async () => {
  const [id] = await sagas("S-1");
  const asked = await hold(ada, [id!]);
  let calls = 0;
  const hangs = new Promise<never>(() => {});
  const dies = but({
    hold: async (requests) => {
      calls++;
      await shop().source.holdable!.hold(requests);
      return hangs;
    },
  });
  // A process that is killed here never says more.
  void dispatch(dies);
  await until(async () => (await held(id!))[0] === 15);
  expect(await outcomes(asked)).toEqual({ waiting: 1 });
  const [before] = await pair.shop.rows("select hold_until, written_by from messaging.saga");
  // While its claim stands nobody else takes it; afterwards one does.
  await dispatch();
  expect(await outcomes(asked)).toEqual({ waiting: 1 });
  await dueAgain();
  await Promise.all([dispatch(), dispatch()]);
  expect(await pair.shop.rows("select hold_until, written_by from messaging.saga")).toEqual([before]);
  expect([calls, await outcomes(asked)]).toEqual([1, { held: 1 }]);
});

test("no transaction of the store is open while a source is asked, and whoever lost its claim notes nothing", async () => {
  const [id] = await sagas("S-1");
  const asked = await hold(ada, [id!]);
  const open = "select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'";
  const slow = but({
    hold: async (requests) => {
      expect((await pair.store.pool.query(open)).rows).toEqual([]);
      const answer = await shop().source.holdable!.hold(requests);
      // It took so long that another worker has done it all.
      await dueAgain();
      await dispatch();
      return { ...answer, states: answer.states.map((state) => ({ ...state, state: null })) };
    },
  });
  await dispatch(slow);
  expect(await outcomes(asked)).toEqual({ held: 1 });
  expect((await auditOf(asked.holdId)).filter(({ result }) => result === "result")).toHaveLength(1);
});

test("a source that does not answer leaves the request uncertain, with the reason, until it is known", async () => {
  const [id] = await sagas("S-1");
  const asked = await hold(ada, [id!]);
  await dispatch(but({ hold: () => Promise.reject(Object.assign(new Error("no"), { code: "ECONNREFUSED" })) }));
  expect(await outcomes(asked)).toEqual({ uncertain: 1 });
  const { holds } = await readSaga(at(ada), { sourceId: "shop", sagaId: id! });
  expect(textOf(holds[0]!.outcome)).toBe("Uncertain: The database refuses connections. Accord keeps asking.");
  // It is not asked again at once.
  await dispatch();
  expect(await held(id!)).toEqual([null]);
  await dueAgain();
  await dispatch();
  expect(await outcomes(asked)).toEqual({ held: 1 });
});

test("requests over one saga are carried out in their order, also when a worker hangs in the first", async () => {
  const [id] = await sagas("S-1");
  const asked = await hold(ada, [id!]);
  let released: Awaited<ReturnType<typeof release>> | null = null;
  const hangs = but({
    hold: async (requests) => {
      released = await release(ben, { selection: named([id!]), reason: "it may go on now" });
      // The release waits behind the hold that is on its way.
      await dispatch();
      expect(await outcomes(released)).toEqual({ waiting: 1 });
      return shop().source.holdable!.hold(requests);
    },
  });
  await dispatch(hangs);
  expect(await held(id!)).toEqual([15]);
  await dispatch();
  expect(await held(id!)).toEqual([null]);
  expect([await outcomes(asked), await outcomes(released!)]).toEqual([{ held: 1 }, { released: 1 }]);
});

test("undo takes back one's own hold: what somebody held before stands again, what somebody holds longer stays", async () => {
  const ids = await sagas("S-1", "S-2", "S-3");
  await hold(ada, [ids[1]!], 10);
  await hold(ada, [ids[2]!], 60);
  await dispatch();
  const own = await hold(ben, ids, 30);
  await dispatch();
  expect(await held(...ids)).toEqual([30, 30, 60]);
  const undone = await undo(ben, own);
  await dispatch();
  expect(await held(...ids)).toEqual([null, 10, 60]);
  expect(await outcomes(undone)).toEqual({ released: 1, kept: 2 });
  // Pressed again it finds nothing of its own.
  await undo(ben, own);
  await dispatch();
  expect(await held(...ids)).toEqual([null, 10, 60]);
  const { ctx: other } = await makeOperator(pair.store.db, Date.now(), { zones: ["books"], name: `Books ${n++}` });
  expect(await outcomeOf(() => undo(other, own))).toMatchObject({ ok: false, refusal: { kind: "not_found" } });
});

test("undo before the hold was carried out leaves nothing held", async () => {
  const [id] = await sagas("S-1");
  const own = await hold(ben, [id!]);
  const undone = await undo(ben, own);
  await Promise.all([dispatch(), dispatch()]);
  await dispatch();
  expect(await held(id!)).toEqual([null]);
  expect([await outcomes(own), await outcomes(undone)]).toEqual([{ held: 1 }, { released: 1 }]);
});

test("what ended, is gone, has begun to compensate or could not be reached in time is said, and holds nobody else up", async () => {
  const ids = await sagas("S-ended", "S-gone", "S-begun", "S-open");
  const asked = await hold(ada, ids);
  await pair.shop.rows(
    "update messaging.saga set state = 'completed', ended_at = clock_timestamp() where business_key = 'S-ended'",
  );
  await pair.shop.rows("delete from messaging.saga where business_key = 'S-gone'");
  await pair.shop.rows("update messaging.saga set state = 'compensating' where business_key = 'S-begun'");
  await dispatch();
  expect(await outcomes(asked)).toEqual({ begun: 1, ended: 1, gone: 1, held: 1 });
  expect(await held(...ids)).toEqual([null, null, 15, 15]);
  expect(await sentence(asked)).toMatch(
    /^Compensations of 2 sagas held until .* UTC\. 1 saga had begun to compensate; what has begun goes on\. 1 saga had ended before\. 1 saga is not in its source any more\.$/,
  );
  await pair.observe("shop");
  expect(await outcomeOf(() => hold(ada, [ids[0]!]))).toMatchObject({
    ok: false,
    refusal: { kind: "not_found", message: "Nothing of the selection runs any more: there is nothing to hold." },
  });
  const late = await hold(ada, [ids[3]!], 60);
  await pair.store.db.execute(sql`update saga_hold set until = now() - interval '1 s' where hold_id = ${Number(late.holdId)}`);
  await dispatch([]);
  expect(await outcomes(late)).toEqual({ late: 1 });
});

test("a saga that its service works on keeps no other waiting, and is held when the service lets go", async () => {
  const ids = await sagas("S-1", "S-2");
  const asked = await hold(ada, ids);
  const service = new pg.Client({ connectionString: pair.shop.url });
  await service.connect();
  await service.query("begin");
  await service.query("select 1 from messaging.saga where saga_id = $1 for update", [ids[0]]);
  await dispatch();
  expect(await outcomes(asked)).toEqual({ held: 1, waiting: 1 });
  await service.query("update messaging.saga set state = 'compensating' where saga_id = $1", [ids[0]]);
  await service.query("commit");
  await service.end();
  await dueAgain();
  await dispatch();
  expect(await outcomes(asked)).toEqual({ begun: 1, held: 1 });
});

test("a cause means what is stuck or about to compensate at its step, a thousand at once, the nearest deadline first", async () => {
  const stuck = await makeSaga(pair, "S-stuck", { deadline: "-10 seconds" });
  const other = await makeSaga(pair, "S-pay", { deadline: "-10 seconds", step: "pay" });
  const undone = await makeSaga(pair, "S-undoing", { state: "compensating", step: "take", steps: undoing("running") });
  await sagas("S-calm");
  const cause = { cause: { zone: "sales", type: "sale", step: "take" } };
  expect(await previewHold(at(ada), parseHoldPreview({ selection: cause }))).toMatchObject({
    sagasN: 1,
    moreThan: null,
    pastN: 1,
    begunN: 0,
    heldN: 0,
    groups: [{ sagaType: "sale", step: "take", n: 1, undo: ["unpay", "give-back"] }],
    zones: [{ zoneId: "sales" }],
    refusal: null,
  });
  expect(await requestHold(at(ada), request(cause))).toMatchObject({ sagasN: 1 });
  await dispatch();
  expect(await held(stuck, other, undone)).toEqual([15, null, null]);
  // What is held long enough is not asked for again.
  expect(await outcomeOf(() => requestHold(at(ada), request(cause, 5)))).toMatchObject({
    ok: false,
    refusal: { kind: "not_found" },
  });
  await pair.store.db.execute(
    sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, state, step, started_at, deadline_at)
        select 'shop', gen_random_uuid(), 'sale', 'sales', 'P-' || n, 'running', 'take', now(), now() - n * interval '1 s' from generate_series(1, 1200) n`,
  );
  expect(await previewHold(at(ada), parseHoldPreview({ selection: cause }))).toMatchObject({ sagasN: 1_000, moreThan: 1_000 });
  expect(await requestHold(at(ada), request(cause))).toMatchObject({ sagasN: 1_000 });
  const first = await rows<{ n: number }>(
    pair.store.db,
    sql`select min(substr(business_key, 3)::int) as n from saga_hold_item where business_key like 'P-%'`,
  );
  expect(first).toEqual([{ n: 201 }]);
});
