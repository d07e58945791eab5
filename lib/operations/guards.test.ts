import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { firstRow, rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { dispatchChunks } from "./dispatch";
import { parseAct, parseChange, parseRetryFailed, parseStep } from "./input";
import { listItems, readOperation } from "./reading";
import { requestRetry, retryFailed } from "./service";
import { changeOperation, continueOperation, pauseOperation, resumeOperation, undoOperation } from "./steps";
import { watchOutcomes } from "./watch";

let pair: TestPair;
let jo: Ctx;
let n = 0;
beforeAll(async () => {
  pair = await testPair();
  jo = (await makeOperator(pair.store.db, Date.now(), { role: "administrator", name: "Jo" })).ctx;
  await pair.observe("stock");
});
afterAll(() => pair.close());

const now = (): Ctx => ({ ...jo, now: Date.now() });
/** Asks for a retry of so many messages, each of a key of its own unless one is given for all. */
async function retry(most: number, plan: object, oneKey?: string): Promise<number> {
  const tag = `G${n++}`;
  for (let i = 0; i < most; i++) await pair.park(await pair.emit("Placed", oneKey ?? `${tag}-${i}`));
  await pair.observe("stock");
  const messages = await rows<{ id: number }>(
    pair.store.db,
    sql`select id from dead_letter where business_key like ${oneKey ?? `${tag}-%`}`,
  );
  const selection = { messages: messages.map(({ id }) => id) };
  const { operationId } = await requestRetry(
    now(),
    parseAct({ selection, reason: "the fix is deployed", plan, key: `guard-${n++}` }),
  );
  return Number(operationId);
}
const step = (operationId: number) => parseStep({ operationId, key: `guard-${n++}` });
const turn = async () => {
  await Promise.all(["a", "b"].map((worker) => dispatchChunks(pair.store.db, worker, pair.observed)));
  await watchOutcomes(pair.store.db, pair.observed);
};
const view = (operationId: number) => readOperation(now(), { operationId });
const sentN = async (operationId: number) =>
  (
    await pair.stock.rows<{ n: number }>("select count(*)::int as n from messaging.redelivery where requested_by like $1", [
      `%OP-${operationId}`,
    ])
  )[0]!.n;
const answer = async (state: string, most?: number) => {
  await pair.answer(state, most);
  await turn();
};

test("a canary that fails stops by itself and nothing else is sent; resumed by a person, the rest follows", async () => {
  const operationId = await retry(6, { canaryN: 2, stopPercent: 20 });
  await turn();
  expect(await sentN(operationId)).toBe(2);
  expect((await view(operationId)).operation.gate).toBe("canary");
  await answer("failed");
  await turn();
  expect(await sentN(operationId)).toBe(2);
  const stopped = await view(operationId);
  expect(stopped.operation).toMatchObject({ state: "paused", stopReason: "2 of 2 failed, more than 20 %" });
  expect(stopped.activity[0]!.text).toBe("Stopped by itself: 2 of 2 failed, more than 20 %");
  const entry = await firstRow<{ stopped: string }>(
    pair.store.db,
    sql`select detail->>'stopped' as stopped from audit_entry where target_id = ${String(operationId)} and action = 'operation.pause' and result = 'result'`,
  );
  expect(entry).toEqual({ stopped: "2 of 2 failed, more than 20 %" });
  await resumeOperation(now(), step(operationId));
  await turn();
  expect(await sentN(operationId)).toBe(6);
  await answer("applied");
  expect((await view(operationId)).operation).toMatchObject({ state: "done", counts: { succeeded: 4, failed_again: 2 } });
  // What failed is retried by an operation of its own, linked to this one; the same key again is the same operation.
  await pair.observe("stock");
  const again = parseRetryFailed({ operationId, reason: "now it is really fixed", key: "again" });
  const second = await retryFailed(now(), again);
  expect(second).toMatchObject({ itemsN: 2, repeated: false });
  expect(await retryFailed(now(), again)).toMatchObject({ operationId: second.operationId, repeated: true });
  expect((await view(Number(second.operationId))).plan.retryOf).toBe(String(operationId));
  await turn();
  await answer("applied");
});

test("a canary without failures is watched, and goes on by itself or at somebody's word", async () => {
  const byItself = await retry(3, { canaryN: 1, watchMs: 600_000 });
  const byWord = await retry(3, { canaryN: 1, canaryThen: "ask" });
  await turn();
  await expect(continueOperation(now(), step(byWord))).rejects.toThrow("there is nothing to go on with");
  await answer("applied");
  expect([(await view(byItself)).operation.gate, (await view(byWord)).operation.gate]).toEqual(["watch", "ask"]);
  await turn();
  expect([await sentN(byItself), await sentN(byWord)]).toEqual([1, 1]);
  await pair.store.db.execute(
    sql`update operation set canary_ended_at = canary_ended_at - interval '1 hour' where operation_id = ${byItself}`,
  );
  await continueOperation(now(), step(byWord));
  await turn();
  expect([await sentN(byItself), await sentN(byWord)]).toEqual([3, 3]);
  await answer("applied");
});

test("what is parked of the canary's keys while it is watched stops the rest", async () => {
  const operationId = await retry(3, { canaryN: 1, watchMs: 60_000 });
  await turn();
  await answer("applied");
  const key = (await listItems(now(), { operationId })).items.find(({ state }) => state === "succeeded")!.businessKey!;
  await pair.park(await pair.emit("Placed", key));
  await pair.observe("stock");
  await pair.store.db.execute(
    sql`update operation set canary_ended_at = canary_ended_at - interval '1 hour' where operation_id = ${operationId}`,
  );
  await turn();
  expect(await sentN(operationId)).toBe(1);
  expect((await view(operationId)).operation).toMatchObject({
    state: "paused",
    stopReason: "a message of the canary's keys was parked while it was watched",
  });
});

test("workers together keep pace and cap, and a change holds from then on", async () => {
  const operationId = await retry(6, { perSecond: 0.01, inFlightMax: 2 });
  await turn();
  await turn();
  expect(await sentN(operationId)).toBe(1);
  await changeOperation(now(), parseChange({ operationId, perSecond: null, key: `guard-${n++}` }));
  await turn();
  expect((await view(operationId)).plan).toMatchObject({ inFlightN: 2, perSecond: null, inFlightMax: 2 });
  expect(await sentN(operationId)).toBe(2);
  await pauseOperation(now(), step(operationId));
  await answer("applied");
  expect(await sentN(operationId)).toBe(2);
  await resumeOperation(now(), step(operationId));
  await turn();
  expect(await sentN(operationId)).toBe(4);
  await changeOperation(now(), parseChange({ operationId, inFlightMax: null, key: `guard-${n++}` }));
  await turn();
  expect(await sentN(operationId)).toBe(6);
  await answer("applied");
  expect((await view(operationId)).operation.state).toBe("done");
});

test("one message of a key is under way at a time, in order; what follows a failure is not sent and stays free", async () => {
  const operationId = await retry(3, {}, "one-key");
  await turn();
  expect(await sentN(operationId)).toBe(1);
  await answer("applied");
  await turn();
  expect(await sentN(operationId)).toBe(2);
  await answer("failed");
  await turn();
  expect(await sentN(operationId)).toBe(2);
  const { items } = await listItems(now(), { operationId });
  expect(items.map(({ state }) => state)).toEqual(["succeeded", "failed_again", "behind"]);
  expect(await rows(pair.store.db, sql`select 1 from dead_letter_claim where operation_id = ${operationId}`)).toEqual([]);
});

test("undone within its time nothing was ever sent; after it, or before its schedule, there is nothing to undo", async () => {
  const operationId = await retry(2, { undoMs: 60_000 });
  await turn();
  expect((await view(operationId)).operation.gate).toBe("undo");
  await undoOperation(now(), step(operationId));
  await turn();
  expect(await sentN(operationId)).toBe(0);
  expect((await view(operationId)).operation).toMatchObject({ state: "cancelled", counts: { cancelled: 2 } });
  const later = await retry(1, { notBefore: Date.now() + 3_600_000 });
  await turn();
  expect(await sentN(later)).toBe(0);
  expect((await view(later)).operation.gate).toBe("scheduled");
  await expect(undoOperation(now(), step(later))).rejects.toThrow("there is nothing to undo");
});
