import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import { minutes } from "../time";
import { textOf } from "../words";
import { judgeZones } from "../zones/judge";
import { parseSagaFilter, parseSagaId, parseSuccess } from "./input";
import type { SagaState } from "./rules";
import { listSagas, readSaga, readSuccess } from "./service";
import { selectSagaFigures } from "./sql";
import { makeSaga, undoing } from "./testing";

let pair: TestPair;
let jo: Ctx;
let other: Ctx;
const ids: Record<string, string> = {};
beforeAll(async () => {
  pair = await testPair();
  jo = (await makeOperator(pair.store.db, Date.now(), { role: "viewer", name: "Jo" })).ctx;
  other = (await makeOperator(pair.store.db, Date.now(), { role: "administrator", name: "Omar", zones: ["books"] })).ctx;
  ids.calm = await makeSaga(pair, "S-calm", { started: "-1 second" });
  ids.stuck = await makeSaga(pair, "S-stuck", { deadline: "-10 seconds" });
  ids.held = await makeSaga(pair, "S-held", { deadline: "-20 seconds", hold: "1 hour" });
  ids.due = await makeSaga(pair, "S-due", { deadline: "20 seconds" });
  ids.young = await makeSaga(pair, "S-young", { deadline: "25 seconds" });
  ids.undoing = await makeSaga(pair, "S-undoing", { state: "compensating", step: "unpay", steps: undoing("running") });
  ids.late = await makeSaga(pair, "S-late", {
    state: "compensating",
    step: "unpay",
    steps: undoing("running", { deadline: "-1 second" }),
  });
  ids.failed = await makeSaga(pair, "S-failed", {
    state: "failed",
    step: "unpay",
    deadline: "-1 minute",
    steps: undoing("failed", { error: "hold on card 4711 stands" }),
  });
  // What keeps two of them: an event that stock has not processed, of one long ago, of the other just now.
  await pair.emit("Placed", "S-due", { ago: "25 seconds" });
  await pair.emit("Placed", "S-young", { ago: "1 second" });
  for (let i = 0; i < 2; i++) for (const sourceId of ["shop", "stock"]) await pair.observe(sourceId);
});
afterAll(() => pair.close());

const now = (ctx: Ctx): Ctx => ({ ...ctx, now: Date.now() });
const list = (ctx: Ctx, filter: Record<string, unknown> = {}) => listSagas(now(ctx), parseSagaFilter(filter));
const keys = async (filter: Record<string, unknown> = {}) => (await list(jo, filter)).sagas.map((saga) => saga.businessKey);
const one = (id: string, ctx = jo) => readSaga(now(ctx), parseSagaId({ sourceId: "shop", sagaId: id }));

test.each<[SagaState | undefined, string[]]>([
  [undefined, ["S-failed", "S-held", "S-stuck", "S-due", "S-undoing", "S-late"]],
  ["stuck", ["S-failed", "S-held", "S-stuck"]],
  ["due", ["S-due"]],
  ["failed", ["S-failed"]],
  ["late", ["S-late"]],
  ["compensating", ["S-undoing", "S-late"]],
  ["held", ["S-held"]],
  ["running", ["S-due", "S-young", "S-calm"]],
  ["ended", []],
])("state %s lists these, the nearest deadline first", async (state, expected) => {
  expect(await keys(state && { state })).toEqual(expected);
});

test("overdue is what passed its deadline and has not ended: a compensation that failed within it is none", async () => {
  const [figures] = await selectSagaFigures(pair.store.db, Date.now());
  expect(figures).toMatchObject({ stuckN: 3, overdueN: 3, failedN: 1 });
  const before = await selectSagaFigures(pair.store.db, Date.now() - minutes(2));
  expect(before[0]).toMatchObject({ stuckN: 1, overdueN: 0 });
});

test("a list is narrowed by zone, type, step and the beginning of a key; what is in nobody's zones is not there", async () => {
  expect(await keys({ key: "S-h" })).toEqual(["S-held"]);
  expect(await keys({ step: "unpay", type: "sale" })).toEqual(["S-failed", "S-undoing", "S-late"]);
  expect(await keys({ zone: "books" })).toEqual([]);
  expect((await list(other)).sagas).toEqual([]);
  expect((await list(other)).groups).toEqual([]);
  expect(await outcomeOf(() => one(ids.stuck!, other))).toMatchObject({ ok: false, refusal: { kind: "not_found" } });
  expect(() => parseSagaFilter({ after: "x" })).toThrow("after: is not a place");
  expect(() => parseSagaFilter({ state: "sleeping" })).toThrow(/state: must be one of/);
});

test("pages follow each other without a gap or a double, also where deadlines are the same or missing", async () => {
  await pair.store.db.execute(
    sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, state, step, started_at, deadline_at)
        select 'shop', gen_random_uuid(), 'sale', 'sales', 'P-' || n, 'running', 'take', now(), case when n % 3 = 0 then null else date_trunc('second', now()) + interval '3 days' end from generate_series(1, 120) n`,
  );
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page = await list(jo, { state: "running", key: "P-", ...(after && { after }) });
    expect(page.sagas.length).toBeLessThanOrEqual(50);
    seen.push(...page.sagas.map((saga) => saga.businessKey));
    after = page.after;
  } while (after !== null);
  expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
  await pair.store.db.execute(sql`delete from saga where business_key like 'P-%'`);
});

test("groups say by type and step what is to be seen, and the sentence what cannot wait", async () => {
  await judgeZones(pair.store.db);
  const { groups, sentence, facets } = await list(jo);
  expect(groups).toMatchObject([
    { step: "take", n: 2, dueN: 1, heldN: 1, stepNo: 2, stepsN: 2, undo: ["unpay", "give-back"], failedN: 0 },
    { step: "unpay", n: 2, failedN: 1, lateN: 1, compensatingN: 2, stepNo: null },
  ]);
  expect(textOf(sentence)).toMatch(
    /^2 sagas could not be undone in time\. In \d+ s it starts to compensate\. 2 are being undone and 1 is held\.$/,
  );
  expect(facets).toEqual({ zone: ["sales"], type: ["sale"], step: ["pay", "unpay", "take", "give-back"] });
});

test("steps are read of what is not calm, each with what reverses it; of a calm one the contract's plan is shown", async () => {
  const failed = await one(ids.failed!);
  expect(failed.stepsAt).not.toBeNull();
  expect(failed.steps).toMatchObject([
    {
      step: { name: "pay", state: "done" },
      compensation: { name: "unpay", state: "failed", errorType: "Refused", errorMessage: "hold on card 4711 stands" },
    },
    { step: { name: "take", state: "failed" }, compensation: null, compensationPlan: "give-back" },
  ]);
  const calm = await one(ids.calm!);
  expect([calm.stepsAt, calm.saga.stage]).toEqual([null, "running"]);
  expect(calm.steps).toEqual([
    { step: null, plan: "pay", compensation: null, compensationPlan: "unpay" },
    { step: null, plan: "take", compensation: null, compensationPlan: "give-back" },
  ]);
  const known = await rows<{ id: string }>(pair.store.db, sql`select distinct saga_id::text as id from saga_step`);
  expect(known.map(({ id }) => id).sort()).toEqual(
    [ids.stuck, ids.held, ids.due, ids.young, ids.undoing, ids.late, ids.failed].sort(),
  );
});

test("a saga says what it waits for: what its key lacks where that is known, else an answer from its step", async () => {
  expect(textOf((await one(ids.due!)).waitsFor)).toBe("stock-service to process Placed");
  expect(textOf((await one(ids.stuck!)).waitsFor)).toBe("an answer from take");
  expect((await one(ids.failed!)).waitsFor).toEqual([]);
  expect(textOf((await one(ids.due!)).sentence)).toMatch(
    /^It waits at take, step 2 of 2\. In \d+ s unpay and give-back start\.$/,
  );
});

test("one that was held up stays for a while when it completes, with how its steps ended; a calm one leaves", async () => {
  await pair.shop.rows(
    "update messaging.saga_step set state = 'done', ended_at = clock_timestamp() where saga_id = any($1) and kind = 'forward'",
    [[ids.stuck, ids.calm]],
  );
  await pair.shop.rows("update messaging.saga set state = 'completed', ended_at = clock_timestamp() where saga_id = any($1)", [
    [ids.stuck, ids.calm],
  ]);
  await pair.observe("shop");
  expect(await keys({ state: "ended" })).toEqual(["S-stuck"]);
  const ended = await one(ids.stuck!);
  expect(ended.saga.stage).toBe("completed");
  expect(ended.steps.map(({ step }) => step?.state)).toEqual(["done", "done"]);
  expect(await outcomeOf(() => one(ids.calm!))).toMatchObject({ ok: false, refusal: { kind: "not_found" } });
});

test("the success of compensations counts what ended, shows what is open and late beside, and never says all is well when none ran", async () => {
  const success = async (span: string, ctx = jo) => readSuccess(now(ctx), parseSuccess({ span }));
  for (const span of ["24h", "7d", "30d"])
    expect((await success(span)).zones).toMatchObject([
      {
        zone: { zoneId: "sales" },
        ok: 0,
        failed: 1,
        openN: 2,
        lateN: 1,
        steps: [
          { name: "unpay", failed: 1, openN: 2 },
          { name: "give-back", ok: 0, failed: 0, openN: 0 },
        ],
      },
    ]);
  expect((await success("24h", other)).zones).toEqual([]);
  await pair.shop.rows(
    "update messaging.saga_step set state = 'done', ended_at = clock_timestamp() where saga_id = $1 and kind = 'compensation'",
    [ids.late],
  );
  await pair.observe("shop");
  expect((await success("30d")).zones[0]).toMatchObject({ ok: 1, failed: 1, openN: 1, lateN: 0 });
});
