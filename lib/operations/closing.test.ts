import { type SQL, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { firstRow, rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import type { Observed } from "../sources/observed";
import { dispatchChunks } from "./dispatch";
import { closedOf } from "./freeze.sql";
import { parseAct, parseDiscard, parseResolve, parseTakeBack } from "./input";
import { listItems, readOperation } from "./reading";
import { requestDiscard, requestResolve, requestRetry } from "./service";
import { requestTakeBack } from "./take-back";
import { watchOutcomes } from "./watch";

let pair: TestPair;
let jo: Ctx;
let n = 0;
beforeAll(async () => {
  pair = await testPair();
  jo = (await makeOperator(pair.store.db, Date.now(), { name: "Jo" })).ctx;
  await pair.observe("shop");
  await pair.observe("stock");
});
afterEach(async () => {
  await pair.observe("stock");
  expect(await pair.drift()).toEqual([]);
});
afterAll(() => pair.close());

async function parked() {
  const sent = await pair.emit("Placed", `H-${n++}`);
  const seq = await pair.park(sent);
  await pair.observe("stock");
  const { id } = (await pair.letters()).find((one) => one.key === sent.key)!;
  return { sent, seq, id };
}
const key = () => `close-${n++}`;
const discard = async (ids: number[], reason = "nobody needs them") =>
  Number(
    (await requestDiscard(jo, parseDiscard({ selection: { messages: ids }, reason, code: "not_needed", key: key() })))
      .operationId,
  );
const resolution = (ids: number[]) =>
  parseResolve({ selection: { messages: ids }, reason: "refunded by hand", code: "made_good", evidence: "PAY-7", key: key() });
const resolve = async (ids: number[]) => Number((await requestResolve(jo, resolution(ids))).operationId);
const takeBack = async (asked: { messages?: number[]; operationId?: number }) =>
  Number((await requestTakeBack(jo, parseTakeBack({ ...asked, reason: "it was needed after all", key: key() }))).operationId);
/** Stock's source as one whose rows nobody may mark as done by hand. */
const alone = (): Observed[] => [{ ...pair.of("stock"), source: { ...pair.of("stock").source, settleable: null } }];
const carryOut = async (observed: Observed[] = pair.observed) => {
  await dispatchChunks(pair.store.db, "a", observed);
  await watchOutcomes(pair.store.db, observed);
};
const items = async (operationId: number) =>
  (await listItems(jo, { operationId })).items.map(({ state, detail }) => ({ state, detail }));
const inSource = async (seq: string) =>
  (
    await pair.stock.rows<{ state: string; reason: string | null }>(
      "select state, state_reason as reason from messaging.dead_letter where dead_letter_id = $1",
      [seq],
    )
  )[0];
const history = (id: number) =>
  rows<{ as: string; by: number | null; code: string | null }>(
    pair.store.db,
    sql`select closed_as as as, closed_by as by, code from dead_letter_history where id = ${id} order by closed_at`,
  );
const isOpen = async (id: number) => (await pair.letters()).some((letter) => letter.id === id);
const totals = (id: number) =>
  firstRow<{ n: number; arrivals: number }>(
    pair.store.db,
    sql`select g.total_n as n, (select sum(a.n)::int from group_arrival a where a.group_id = g.group_id and a.level_s = 60) as arrivals
        from dead_letter_group g where g.group_id = (select group_id from operation_item where dead_letter = ${id} limit 1)`,
  );

test("a discarded letter is closed at once, with its code and who closed it, in its source and here", async () => {
  const { id, seq } = await parked();
  const operationId = await discard([id]);
  await carryOut();
  expect(await isOpen(id)).toBe(false);
  expect(await inSource(seq)).toEqual({ state: "discarded", reason: `Jo, OP-${operationId}: nobody needs them` });
  expect(await history(id)).toEqual([{ as: "discarded", by: operationId, code: "not_needed" }]);
  const view = await readOperation({ ...jo, now: Date.now() }, { operationId });
  expect(view.record).toMatchObject({
    code: "No longer needed",
    written: "The dead letters of stock-service, in its own tables.",
  });
  expect(view.canTakeBack).toBe(true);
});

test("what its source showed closed before its outcome was noted gets code and operation all the same", async () => {
  const { id } = await parked();
  const operationId = await resolve([id]);
  const { source } = pair.of("stock");
  const settleable = {
    ...source.settleable!,
    resolve: async (...asked: Parameters<NonNullable<typeof source.settleable>["resolve"]>) => {
      const answer = await source.settleable!.resolve(...asked);
      await pair.observe("stock");
      return answer;
    },
  };
  await carryOut([{ ...pair.of("stock"), source: { ...source, settleable } }]);
  expect(await items(operationId)).toEqual([{ state: "by_hand", detail: null }]);
  expect(await history(id)).toEqual([{ as: "by_hand", by: operationId, code: "made_good" }]);
});

test("a resolution by hand without its evidence is refused, and so is a code of another kind", () => {
  const request = { selection: { messages: [1] }, reason: "refunded by hand", key: "k" };
  expect(() => parseResolve({ ...request, code: "made_good" })).toThrow("Made good takes evidence");
  expect(() => parseResolve({ ...request, code: "not_needed", evidence: "x" })).toThrow("code: must be one of");
  expect(() => parseDiscard(request)).toThrow("code");
  expect(parseDiscard({ ...request, code: "test_data" })).toMatchObject({ code: "test_data", evidence: null });
});

test("taken back: parked in its source under its number here, with its facts, and nothing counted as parked anew", async () => {
  const { id, seq } = await parked();
  const operationId = await discard([id]);
  await carryOut();
  await pair.observe("stock");
  const before = await totals(id);
  const back = await takeBack({ operationId });
  await carryOut();
  expect(await items(back)).toEqual([{ state: "taken_back", detail: null }]);
  expect(await inSource(seq)).toEqual({ state: "parked", reason: `Jo, OP-${back}: it was needed after all` });
  expect([await isOpen(id), await history(id)]).toEqual([true, []]);
  await pair.observe("stock");
  expect(await totals(id)).toEqual(before);
  expect((await readOperation({ ...jo, now: Date.now() }, { operationId })).canTakeBack).toBe(false);
  // And it can be retried like any other.
  await requestRetry(jo, parseAct({ selection: { messages: [id] }, reason: "the fix is deployed", key: key() }));
  await carryOut();
  await pair.answer("applied");
  await carryOut();
  await pair.observe("stock");
  expect(await history(id)).toEqual([{ as: "resolved", by: null, code: null }]);
});

test("taken back while the source is looked at: the observer that sees it parked first opens the same letter, once", async () => {
  const { id } = await parked();
  const operationId = await discard([id]);
  await carryOut();
  await pair.observe("stock");
  const before = await totals(id);
  const back = await takeBack({ operationId });
  const { source } = pair.of("stock");
  const settleable = {
    ...source.settleable!,
    takeBack: async (...asked: Parameters<NonNullable<typeof source.settleable>["takeBack"]>) => {
      const answer = await source.settleable!.takeBack(...asked);
      await pair.observe("stock");
      return answer;
    },
  };
  await carryOut([{ ...pair.of("stock"), source: { ...source, settleable } }]);
  expect(await items(back)).toEqual([{ state: "taken_back", detail: null }]);
  expect((await pair.letters()).filter((letter) => letter.id === id)).toHaveLength(1);
  expect(await totals(id)).toEqual(before);
});

test("two operators discard and retry the same letters at once: one holds them, the other is told who", async () => {
  const { id, seq } = await parked();
  const ann = (await makeOperator(pair.store.db, Date.now(), { name: "Ann" })).ctx;
  const selection = { messages: [id] };
  const answers = await Promise.all([
    outcomeOf(() => requestDiscard(jo, parseDiscard({ selection, reason: "nobody needs them", code: "not_needed", key: key() }))),
    outcomeOf(() => requestRetry(ann, parseAct({ selection, reason: "the fix is deployed", key: key() }))),
    outcomeOf(() => requestResolve(jo, resolution([id]))),
  ]);
  expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
  for (const answer of answers)
    if (!answer.ok) expect(answer.refusal.message).toMatch(/^OP-\d+ of (Jo|Ann) was first: it holds what you selected\.$/);
  await carryOut();
  await pair.answer("applied");
  await carryOut();
  expect((await inSource(seq))!.state).not.toBe("parked");
});

test("a source without rows to write keeps its letter, and Accord its resolution, until the letter changes", async () => {
  const { id, seq, sent } = await parked();
  const operationId = await resolve([id]);
  await carryOut(alone());
  expect(await items(operationId)).toEqual([{ state: "by_hand", detail: expect.stringContaining("Accord alone keeps it") }]);
  expect(await inSource(seq)).toEqual({ state: "parked", reason: null });
  const { record } = await readOperation({ ...jo, now: Date.now() }, { operationId });
  expect(record.written).toBe("Nothing in stock-service: Accord alone keeps 1 message as closed, and there it lies as before.");
  // Written again as it was, and read anew: nothing opens.
  await pair.settle(seq, "parked");
  await pair.observe("stock");
  expect(await isOpen(id)).toBe(false);
  // Another attempt failed: that is news, under the number that links lead to.
  await pair.park(sent);
  await pair.observe("stock");
  expect(await isOpen(id)).toBe(true);
});

test("what Accord alone keeps as resolved is taken back without its source", async () => {
  const { id, seq } = await parked();
  await resolve([id]);
  await carryOut(alone());
  const back = await takeBack({ messages: [id] });
  await carryOut(alone());
  expect(await items(back)).toEqual([{ state: "taken_back", detail: expect.stringContaining("never changed") }]);
  expect([await isOpen(id), (await inSource(seq))!.reason]).toEqual([true, null]);
});

test("what its source keeps no more, or closed for another reason since, stays closed and says so", async () => {
  const [gone, other, stays] = [await parked(), await parked(), await parked()];
  const operationId = await discard([gone.id, other.id, stays.id]);
  await carryOut();
  await pair.observe("stock");
  const back = await takeBack({ operationId });
  // The service's own retention, and a person at its database, come between.
  await pair.stock.rows("delete from messaging.dead_letter where dead_letter_id = $1", [gone.seq]);
  await pair.stock.rows(
    "update messaging.dead_letter set state = 'resolved', state_reason = 'by script' where dead_letter_id = $1",
    [other.seq],
  );
  await carryOut();
  expect(await items(back)).toEqual([
    { state: "stale", detail: "Its source does not keep it any more: there is nothing to take back." },
    { state: "stale", detail: "It is resolved in its source for another reason by now, and stays so." },
    { state: "taken_back", detail: null },
  ]);
  expect([await isOpen(gone.id), await isOpen(other.id), await isOpen(stays.id)]).toEqual([false, false, true]);
});

test("a worker that dies between the source and the store, twice: the letter is taken back once", async () => {
  const { id, seq } = await parked();
  const operationId = await discard([id]);
  await carryOut();
  await pair.observe("stock");
  const back = await takeBack({ operationId });
  const { source } = pair.of("stock");
  const dies = {
    ...source.settleable!,
    takeBack: async (...asked: Parameters<NonNullable<typeof source.settleable>["takeBack"]>) => {
      await source.settleable!.takeBack(...asked);
      throw new Error("killed");
    },
  };
  await dispatchChunks(pair.store.db, "a", [{ ...pair.of("stock"), source: { ...source, settleable: dies } }]);
  await pair.observe("stock");
  await pair.store.db.execute(
    sql`update operation_chunk set claimed_at = claimed_at - interval '1 minute' where state = 'claimed'`,
  );
  await carryOut();
  expect(await items(back)).toEqual([{ state: "taken_back", detail: null }]);
  expect([await isOpen(id), (await inSource(seq))!.state]).toEqual([true, "parked"]);
});

test("the same request again is the same operation, and what was taken back once cannot be again", async () => {
  const { id } = await parked();
  const operationId = await discard([id]);
  await carryOut();
  const asked = parseTakeBack({ operationId, reason: "it was needed after all", key: key() });
  const [one, two] = await Promise.all([requestTakeBack(jo, asked), requestTakeBack(jo, asked)]);
  expect(two.operationId).toBe(one.operationId);
  await carryOut();
  await expect(requestTakeBack(jo, { ...asked, key: key() })).rejects.toMatchObject({
    kind: "conflict",
    message: expect.stringContaining("Nothing of it stands closed by an operator"),
  });
});

test("what is taken back is found by an index of the history, however much was ever closed", async () => {
  const [byNumber, byOperation] = await pair.store.db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`);
    await tx.execute(sql`set local enable_hashjoin = off`);
    await tx.execute(sql`set local enable_mergejoin = off`);
    const plan = async (closed: SQL) =>
      (await tx.execute(sql`explain ${closed}`)).rows.map((row) => Object.values(row)[0]).join("\n");
    return [
      await plan(closedOf({ messages: [1, 2], operationId: null })),
      await plan(closedOf({ messages: [], operationId: 7 })),
    ];
  });
  expect(byNumber).toMatch(/on dead_letter_history_p.*\n\s+Index Cond: \(id = ANY/);
  expect(byOperation).toMatch(/on dead_letter_history_p.*\n\s+Index Cond: \(id = operation_item.dead_letter\)/);
});

test("Trap 12, a resolve is not audited: who closes a letter stands in the audit, and so do the attempts of who may not", async () => {
  const { id } = await parked();
  const operationId = await discard([id]);
  await carryOut();
  const { ctx, actor } = await makeOperator(pair.store.db, Date.now(), { name: "Looks", role: "viewer" });
  await expect(
    requestTakeBack(ctx, parseTakeBack({ operationId, reason: "it was needed after all", key: key() })),
  ).rejects.toMatchObject({ kind: "forbidden" });
  const other = await parked();
  const resolved = await resolve([other.id]);
  expect(
    await rows(
      pair.store.db,
      sql`select actor_name as who, action, reason from audit_entry where target_kind = 'operation' and target_id in (${String(operationId)}, ${String(resolved)}) and result = 'done' order by id`,
    ),
  ).toEqual([
    { who: "Jo", action: "dead_letter.discard", reason: "nobody needs them" },
    { who: "Jo", action: "dead_letter.resolve", reason: "refunded by hand" },
  ]);
  await carryOut();
  await expect(requestResolve(ctx, resolution([(await parked()).id]))).rejects.toMatchObject({ kind: "forbidden" });
  expect(
    await rows(
      pair.store.db,
      sql`select action from audit_entry where operator_id = ${actor.operatorId} and result = 'denied' order by id`,
    ),
  ).toEqual([{ action: "dead_letter.take_back" }, { action: "dead_letter.resolve" }]);
});
