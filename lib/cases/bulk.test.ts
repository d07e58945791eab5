import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { list, rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import { actOnCases, previewBulk } from "./bulk";
import { openCase } from "./by-hand";
import { parseBulk, parseBulkPreview } from "./input";
import { readCase } from "./reading";
import { acknowledgeCase } from "./service";

let pair: TestPair;
let jo: Ctx;
let ann: Ctx;
let n = 0;
beforeAll(async () => {
  pair = await testPair({ connections: 6 });
  jo = (await makeOperator(db(), Date.now(), { name: "Jo" })).ctx;
  ann = (await makeOperator(db(), Date.now(), { name: "Ann" })).ctx;
});
afterAll(() => pair.close());

const db = () => pair.store.db;
const key = () => `bulk-${n++}`;
const idOf = (ctx: Ctx): string => (ctx.actor.kind === "operator" ? ctx.actor.operatorId : "");
async function opened(count: number): Promise<number[]> {
  const made = Array.from({ length: count }, () =>
    openCase(jo, { zoneId: "sales", title: `odd ${n++}`, businessKey: null, note: null, key: key() }),
  );
  return (await Promise.all(made)).map(({ caseId }) => Number(caseId)).sort((a, b) => a - b);
}
const act = (ctx: Ctx, request: object) => actOnCases(ctx, parseBulk({ key: key(), ...request }));
const look = (ctx: Ctx, request: object) => previewBulk(ctx, parseBulkPreview(request));
const entries = (action: string, cases: readonly number[]) =>
  rows<{ id: string; result: string }>(
    db(),
    sql`select target_id as id, result from audit_entry where action = ${action} and target_id = any(${list(cases.map(String), "text")}) order by id`,
  );

test("X5: what a preview says of each case is what then becomes of it; each has its own entry", async () => {
  const cases = await opened(3);
  await acknowledgeCase(ann, { caseId: cases[1]!, key: key() });
  const asked = { cases: [...cases, 999_999], act: "acknowledge" };
  const preview = await look(jo, asked);
  const whys = [
    null,
    `Ann has already acknowledged CASE-${cases[1]}.`,
    null,
    "There is no CASE-999999, or it is not in your zones.",
  ];
  expect(preview.cases.map(({ why }) => why)).toEqual(whys);
  expect((await readCase(jo, { caseId: cases[0]! })).one.state, "a preview changes nothing").toBe("open");
  const answer = await act(jo, asked);
  expect(answer.done).toEqual([String(cases[0]), String(cases[2])]);
  expect(answer.refused.map(({ why }) => why)).toEqual(whys.filter((why) => why !== null));
  expect((await entries("case.acknowledge", [cases[0]!, cases[2]!])).map(({ result }) => result)).toEqual(["done", "done"]);
});

test("X5: pressed twice and by two at once, each case is done once, by one of them", async () => {
  const cases = await opened(6);
  const resolve = { cases, act: "resolve", resolution: "projection", reason: "all of them were put right by hand", key: key() };
  const [first, second] = await Promise.all([act(jo, resolve), act(jo, resolve)]);
  expect([first!.done, second!.done]).toEqual([cases.map(String), cases.map(String)]);
  expect(await entries("case.resolve", cases)).toHaveLength(6);

  const free = await opened(6);
  const answers = await Promise.all(
    [jo, ann].map((who) => outcomeOf(() => act(who, { cases: free, act: "assign", to: idOf(who) }))),
  );
  const done = answers.flatMap((answer) => (answer.ok ? answer.value.done : []));
  expect(done.toSorted()).toEqual(free.map(String).toSorted());
});

test("X5: where nothing could be done it is refused as the act alone would be; what is missing is named", async () => {
  const cases = await opened(2);
  const viewer = (await makeOperator(db(), Date.now(), { name: "Vi", role: "viewer" })).ctx;
  expect(await outcomeOf(() => act(viewer, { cases, act: "acknowledge" }))).toMatchObject({
    ok: false,
    refusal: { kind: "forbidden" },
  });
  expect((await look(viewer, { cases, act: "acknowledge" })).cases.every(({ why }) => why !== null)).toBe(true);
  const stranger = (await makeOperator(db(), Date.now(), { name: "Str", zones: ["books"] })).ctx;
  expect((await look(stranger, { cases, act: "acknowledge" })).cases.map(({ title }) => title)).toEqual(["", ""]);
  for (const [request, field] of [
    [{ cases, act: "resolve" }, "resolution"],
    [{ cases, act: "resolve", resolution: "projection", reason: "short" }, "reason"],
    [{ cases, act: "resolve", resolution: "accepted", reason: "all of them were put right" }, "resolution"],
    [{ cases, act: "assign" }, "to"],
    [{ cases, act: "snooze" }, "until"],
    [{ cases: [], act: "acknowledge" }, "cases"],
  ] as const)
    await expect((async () => act(jo, request))()).rejects.toMatchObject({ kind: "invalid", detail: { field } });
});
