import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx, Role } from "../context";
import { firstRow, rows } from "../db/rows";
import { withdraw } from "../decisions/service";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import { minutes, seconds } from "../time";
import { judgeZones } from "../zones/judge";
import { dispatchChunks } from "./dispatch";
import { readForecast } from "./forecast";
import { foretell } from "./forecasting";
import { parseAct, parseDiscard, parsePreview } from "./input";
import { preview } from "./preview";
import { selectRunning } from "./read.sql";
import { readReadiness } from "./readiness";
import { readOperation } from "./reading";
import { requestDiscard, requestRetry } from "./service";
import { cancelOperation, pauseOperation, resumeOperation } from "./steps";
import { watchOutcomes } from "./watch";

let pair: TestPair;
let jo: Ctx;
let n = 0;
beforeAll(async () => {
  // Fewer connections than requests at once, as in a web process under load.
  pair = await testPair({ connections: 4 });
  jo = (await makeOperator(pair.store.db, Date.now(), { role: "administrator", name: "Jo" })).ctx;
  await pair.observe("shop");
  await pair.observe("stock");
});
afterAll(() => pair.close());

const request = (messages: number[], key = `key-${n++}`) =>
  parseAct({ selection: { messages }, reason: "the fix is deployed", key });
const discardOf = (messages: number[]) =>
  parseDiscard({ selection: { messages }, reason: "nobody needs them", code: "not_needed", key: `key-${n++}` });
const step = (operationId: string, key = `step-${n++}`) => ({ operationId: Number(operationId), key, reason: null });
/** Parked and seen: the number in the store. */
async function parked(type = "Placed", most = 1): Promise<number[]> {
  const keys: string[] = [];
  for (let i = 0; i < most; i++) {
    const sent = await pair.emit(type, `P-${n++}`);
    await pair.park(sent);
    keys.push(sent.key);
  }
  await pair.observe("stock");
  return (await pair.letters()).filter((letter) => keys.includes(letter.key)).map((letter) => letter.id);
}
async function readinessOf(ctx: Ctx, id: number) {
  const row = await firstRow<{ groupId: number }>(
    pair.store.db,
    sql`select group_id as "groupId" from dead_letter where id = ${id}`,
  );
  return (await readReadiness({ ...ctx, now: Date.now() }, row!)).answers;
}
const counts = (operationId: string) =>
  firstRow(
    pair.store.db,
    sql`select state, ended, ended_n as n, items_n as items from operation where operation_id = ${Number(operationId)}`,
  );
const auditOf = (operationId: string) =>
  rows<{ action: string; result: string; who: string }>(
    pair.store.db,
    sql`select action, result, actor_name as who from audit_entry where target_kind = 'operation' and target_id = ${operationId} order by id`,
  );
const redeliveries = async () =>
  (await pair.stock.rows<{ n: number }>("select count(*)::int as n from messaging.redelivery"))[0]!.n;

test("eight operators press retry at once: one wins, seven are told who, one redelivery, one entry each in the audit", async () => {
  const [id] = await parked();
  const people = await Promise.all(
    Array.from({ length: 8 }, (_, i) => makeOperator(pair.store.db, Date.now(), { name: `Eight ${i}` })),
  );
  const before = await redeliveries();
  const answers = await Promise.all(people.map(({ ctx }) => outcomeOf(() => requestRetry(ctx, request([id!])))));
  const won = answers.filter((answer) => answer.ok);
  const lost = answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal]));
  expect(won).toHaveLength(1);
  const { operationId } = (won[0] as { value: { operationId: string } }).value;
  expect(lost).toHaveLength(7);
  for (const refusal of lost)
    expect(refusal).toMatchObject({
      kind: "conflict",
      message: expect.stringMatching(new RegExp(`^OP-${operationId} of Eight \\d was first`)),
      detail: { operationId },
    });
  await Promise.all([dispatchChunks(pair.store.db, "a", pair.observed), dispatchChunks(pair.store.db, "b", pair.observed)]);
  expect(await redeliveries()).toBe(before + 1);
  await pair.answer("applied");
  await Promise.all([watchOutcomes(pair.store.db, pair.observed), watchOutcomes(pair.store.db, pair.observed)]);
  expect(await counts(operationId)).toMatchObject({ state: "done", ended: { succeeded: 1 }, n: 1 });
  expect(await auditOf(operationId)).toEqual([
    { action: "dead_letter.retry", result: "done", who: expect.stringMatching(/^Eight/) },
    { action: "dead_letter.retry", result: "result", who: "worker" },
  ]);
  expect(await rows(pair.store.db, sql`select 1 from dead_letter_claim`)).toEqual([]);
});

test("all that match a query are frozen by it as of its preview: what came later and what others see is left out, and what is masked is refused", async () => {
  const matching = await parked("Placed", 3);
  const [other] = await parked("Posted");
  const selection = { queries: ["event:Placed,Posted -attempts:>99", "zone:sales"] };
  const seller = (await makeOperator(pair.store.db, Date.now(), { zones: ["sales"] })).ctx;
  const seen = await preview({ ...seller, now: Date.now() }, parsePreview({ selection }));
  expect([seen.messagesN, seen.refusal]).toEqual([3, null]);
  const [later] = await parked("Placed");
  const act = (of: object) => parseAct({ selection: of, reason: "the fix is deployed", key: `key-${n++}` });
  expect(() => act(selection)).toThrow(/says asOf/);
  expect(() => act({ queries: ["zon:a"], asOf: seen.now })).toThrow(/Column 1: there is no zon/);
  const { operationId, itemsN } = await requestRetry(seller, act({ ...selection, asOf: seen.now }));
  expect(itemsN).toBe(3);
  const held = await rows<{ id: number }>(
    pair.store.db,
    sql`select dead_letter as id from operation_item where operation_id = ${Number(operationId)} order by 1`,
  );
  expect(held.map(({ id }) => id)).toEqual(matching);
  const both = await preview(
    { ...jo, now: Date.now() },
    parsePreview({ selection: { messages: [later!, other!], queries: ["event:Posted"] } }),
  );
  expect(both.messagesN).toBe(1);
  await cancelOperation(jo, step(operationId));
});

test("a double click is one operation and one answer; the same key for another request is refused", async () => {
  const ids = await parked("Placed", 2);
  const one = request([ids[0]!], "double-click");
  const answers = await Promise.all(Array.from({ length: 6 }, () => requestRetry(jo, one)));
  expect(new Set(answers.map((answer) => answer.operationId)).size).toBe(1);
  expect(answers.every((answer) => answer.itemsN === 1)).toBe(true);
  expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1);
  expect(await requestRetry(jo, one)).toMatchObject({ operationId: answers[0]!.operationId, repeated: true });
  await expect(requestRetry(jo, request([ids[1]!], "double-click"))).rejects.toMatchObject({
    kind: "conflict",
    message: "This Idempotency-Key was used for another request. Send a new key.",
  });
  expect(await auditOf(answers[0]!.operationId)).toHaveLength(1);
  await cancelOperation(jo, step(answers[0]!.operationId));
});

test("Trap 3, bulk and single retry overlap: every message has one operation, the titles say how many each got", async () => {
  const ids = await parked("Placed", 6);
  const answers = await Promise.all(
    [ids.slice(0, 4), ids.slice(2), [...ids].reverse(), ids.slice(3, 4)].map((messages) =>
      outcomeOf(() => requestRetry(jo, request(messages))),
    ),
  );
  const made = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  expect(made.reduce((sum, { itemsN }) => sum + itemsN, 0)).toBe(6);
  for (const { operationId, itemsN } of made) {
    const { operation } = await readOperation(jo, { operationId: Number(operationId) });
    expect(operation.title).toBe(`Retry of ${itemsN} Placed`);
  }
  expect(
    await rows(
      pair.store.db,
      sql`select dead_letter from operation_item where dead_letter = any(${sql.param(ids)}::bigint[]) group by 1 having count(*) > 1`,
    ),
  ).toEqual([]);
  for (const { operationId } of made) await cancelOperation(jo, step(operationId));
  expect(await rows(pair.store.db, sql`select 1 from dead_letter_claim`)).toEqual([]);
});

test("paused sends nothing new, resumed goes on, cancelled frees what was not sent; each step once and in the audit", async () => {
  const ids = await parked("Placed", 3);
  const { operationId } = await requestRetry(jo, request(ids));
  const before = await redeliveries();
  const pause = step(operationId, "pause-it");
  expect(await Promise.all([pauseOperation(jo, pause), pauseOperation(jo, pause)])).toEqual([
    { operationId, state: "paused" },
    { operationId, state: "paused" },
  ]);
  await dispatchChunks(pair.store.db, "a", pair.observed);
  expect(await redeliveries()).toBe(before);
  await expect(pauseOperation(jo, step(operationId))).rejects.toThrow(`OP-${operationId} is paused: there is nothing to pause.`);
  await expect(pauseOperation(jo, { ...pause, reason: "another one" })).rejects.toThrow("Key was used for another request");
  const runs = async () => selectRunning(pair.store.db, Number(operationId));
  // X10: nothing ran yet; then it runs from when it was resumed, and has no rate before there is one.
  expect(await runs()).toEqual({ firstRanAt: null, ranAt: null, perSecond: null });
  await resumeOperation(jo, step(operationId));
  await dispatchChunks(pair.store.db, "a", pair.observed);
  expect(await redeliveries()).toBe(before + 3);
  expect(await runs()).toMatchObject({ firstRanAt: expect.any(Number), ranAt: expect.any(Number), perSecond: null });
  // All is on its way: a cancellation gives up nothing, and the outcomes come in.
  await cancelOperation(jo, step(operationId));
  await pair.answer("applied");
  await watchOutcomes(pair.store.db, pair.observed);
  expect(await counts(operationId)).toMatchObject({ state: "cancelled", ended: { succeeded: 3 } });
  expect((await auditOf(operationId)).map(({ action, result }) => `${action} ${result}`)).toEqual([
    "dead_letter.retry done",
    "operation.pause done",
    "operation.pause denied",
    "operation.resume done",
    "operation.cancel done",
    "dead_letter.retry result",
  ]);

  const freed = await parked();
  const other = await requestRetry(jo, request(freed));
  await cancelOperation(jo, step(other.operationId));
  await watchOutcomes(pair.store.db, pair.observed);
  expect(await counts(other.operationId)).toMatchObject({ state: "cancelled", ended: { cancelled: 1 }, n: 1 });
  const again = await requestRetry(jo, request(freed));
  expect(again.itemsN).toBe(1);
  await cancelOperation(jo, step(again.operationId));
});

test("Trap 7, a cancel that loses rows: racing workers, every item ends once, sent or cancelled, and nothing is sent that was cancelled", async () => {
  // Chunks of one message each, so that there is something to race for.
  const ids = await parked("Placed", 12);
  const { operationId } = await requestRetry(jo, request(ids));
  await pair.store.db.execute(sql`delete from operation_chunk where operation_id = ${Number(operationId)}`);
  await pair.store.db.execute(
    sql`insert into operation_chunk (operation_id, chunk, source_id, item_from, item_to, state) select operation_id, item, source_id, item, item, 'waiting' from operation_item where operation_id = ${Number(operationId)}`,
  );
  const before = await redeliveries();
  await Promise.all([
    dispatchChunks(pair.store.db, "a", pair.observed),
    cancelOperation(jo, step(operationId)),
    dispatchChunks(pair.store.db, "b", pair.observed),
  ]);
  await dispatchChunks(pair.store.db, "a", pair.observed);
  const sent = (await redeliveries()) - before;
  await pair.answer("applied");
  await watchOutcomes(pair.store.db, pair.observed);
  const ended = (await counts(operationId)) as { ended: Record<string, number>; n: number; state: string };
  expect(ended).toMatchObject({ state: "cancelled", n: 12 });
  expect(ended.ended.succeeded ?? 0).toBe(sent);
  expect((ended.ended.cancelled ?? 0) + sent).toBe(12);
  expect(await rows(pair.store.db, sql`select 1 from dead_letter_claim`)).toEqual([]);
});

test("X3: a preview says how many belong to a saga that was undone since, and counts none that goes on or began later", async () => {
  const ids = await parked("Placed", 4);
  const keys = (await pair.letters()).filter(({ id }) => ids.includes(id)).map(({ key }) => key);
  const saga = (key: string, state: string, started: string) =>
    pair.store.db.execute(sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, state, started_at)
      values ('shop', gen_random_uuid(), 'sales', 'sales', ${key}, ${state}, now() + ${started}::interval)`);
  await saga(keys[0]!, "compensated", "-1 hour");
  await saga(keys[1]!, "running", "-1 hour");
  await saga(keys[2]!, "compensated", "-1 hour");
  await saga(keys[2]!, "running", "-1 minute");
  await saga(keys[3]!, "compensated", "1 hour");
  const asked = { messages: ids, groups: [], asOf: null };
  const { messagesN, forecastId } = await preview({ ...jo, now: Date.now() }, asked);
  await foretell({ db: pair.store.db, workerId: "w", observed: pair.observed });
  const { outcomes } = await readForecast({ ...jo, now: Date.now() }, { forecastId: Number(forecastId) });
  expect([messagesN, outcomes]).toEqual([
    4,
    expect.arrayContaining([
      { outcome: "undone", n: 1, keys: [keys[0]] },
      { outcome: "deliver", n: 3, keys: expect.any(Array) },
    ]),
  ]);
});

test("a discard ends in the source and in the zone", async () => {
  const [id] = await parked();
  const { operationId } = await requestDiscard(jo, discardOf([id!]));
  await dispatchChunks(pair.store.db, "a", pair.observed);
  await watchOutcomes(pair.store.db, pair.observed);
  expect(await counts(operationId)).toMatchObject({ state: "done", ended: { discarded: 1 } });
  await pair.observe("stock");
  expect((await pair.letters()).map((letter) => letter.id)).not.toContain(id);
  expect(await pair.drift()).toEqual([]);
});

test("who retries what is settled by now is told so, whatever the role; only a viewer is denied", async () => {
  const operator = (await makeOperator(pair.store.db, Date.now(), { name: "Late", zones: ["sales"] })).ctx;
  await expect(requestRetry(operator, request([999_999]))).rejects.toMatchObject({
    kind: "not_found",
    message: "Nothing of the selection is parked any more.",
  });
  const viewer = (await makeOperator(pair.store.db, Date.now(), { name: "Looks", role: "viewer" })).ctx;
  await expect(requestRetry(viewer, request([999_999]))).rejects.toMatchObject({ kind: "forbidden" });
});

test("a source that Accord only observes takes no retry, and the refusal says where that stands", async () => {
  const [id] = await parked();
  await pair.store.db.execute(sql`update source set act = false where source_id = 'stock'`);
  await expect(requestRetry(jo, request([id!]))).rejects.toMatchObject({
    kind: "conflict",
    message: "Accord only observes stock: act is false in accord.yaml.",
  });
  await pair.store.db.execute(sql`update source set act = true where source_id = 'stock'`);
});

test("nothing is asked of a source that is in accord.yaml no more, and nothing is vouched for there", async () => {
  const [id] = await parked();
  const message = "stock is in accord.yaml no more.";
  await pair.store.db.execute(sql`update source set retired_at = now() where source_id = 'stock'`);
  await expect(requestRetry(jo, request([id!]))).rejects.toMatchObject({ kind: "conflict", message });
  expect((await preview(jo, parsePreview({ selection: { messages: [id!] } }))).refusal).toBe(message);
  expect((await readinessOf(jo, id!)).filter(({ answer }) => answer === "yes")).toEqual([]);
  await pair.store.db.execute(sql`update source set retired_at = null where source_id = 'stock'`);
});

test("the live version never failed so only where all that was closed is kept to say so", async () => {
  const [id] = await parked();
  const run = (text: string) => pair.store.db.execute(sql.raw(text));
  const version = async () => (await readinessOf(jo, id!)).find(({ question }) => question === "version")?.words;
  const quiet = `update dead_letter_group set last_at = now() - interval '1 day'`;
  const live = `insert into deploy (source_id, consumer, version, at, kind) values ('stock', 'stock-service', '9.0', now(), 'deploy')`;
  for (const text of [quiet, live]) await run(text);
  await pair.observe("stock");
  expect(await version()).toBe("9.0 is live and never failed so.");
  await run(
    `insert into dead_letter_history (id, source_id, source_seq, group_id, message_id, business_key, consumer_version, parked_at, closed_at, closed_as, attempts, body) select id + 900000, source_id, 'old', group_id, 'old', 'old', '9.0', parked_at, now(), 'resolved', 1, '{}' from dead_letter where id = ${id}`,
  );
  await run(
    `update dead_letter_group g set total_n = total_n + 1 from dead_letter d where d.id = ${id} and d.group_id = g.group_id`,
  );
  expect(await version()).toBe("9.0 is live, and it failed so there.");
  await run("delete from dead_letter_history where source_seq = 'old'");
  expect(await version()).toBe("Which version is live, or whether it failed there, is not known.");
  await run("delete from deploy where version = '9.0'");
});

test("whether a group is ready is told to who sees it, and names no zone that they do not", async () => {
  const [id] = await parked("Both");
  const [booker, seller, stranger] = await Promise.all(
    [["books"], ["sales"], []].map(
      async (zones, i) => (await makeOperator(pair.store.db, Date.now(), { name: `Ready ${i}`, zones })).ctx,
    ),
  );
  expect((await readinessOf(booker!, id!)).map(({ href }) => href)).not.toContain("/zones/sales");
  expect(await readinessOf(seller!, id!)).toContainEqual({
    question: "effects",
    answer: "unknown",
    words: "It stands in zones that are not yours as well: what their contracts name is not shown.",
    href: expect.stringMatching(/^\/dead-letters\/groups\//),
  });
  await expect(readinessOf(stranger!, id!)).rejects.toMatchObject({ kind: "not_found" });
});

async function callOff(by: Ctx, { operationId, awaiting }: { operationId: string; awaiting: boolean }): Promise<void> {
  if (!awaiting) return void (await cancelOperation(jo, step(operationId)));
  const { approval } = await readOperation(by, { operationId: Number(operationId) });
  await withdraw(by, { approvalId: Number(approval!.approvalId), key: `off-${n++}`, reason: null });
}

const roles: Role[] = ["viewer", "operator", "approver", "administrator"];
// Which zones a person has, against a message that stands in sales, in both, or in none.
const reach: [string, string[] | null, string, boolean][] = [
  ["own zone", ["sales"], "Placed", true],
  ["every zone", null, "Placed", true],
  ["foreign zone", ["books"], "Placed", false],
  ["one of its two zones", ["sales"], "Both", false],
  ["both of its zones", ["books", "sales"], "Both", true],
  ["zones, the message in none", ["sales", "books"], "Nameless", false],
  ["every zone, the message in none", null, "Nameless", true],
];

test.each(roles.flatMap((role) => reach.map(([where, zones, type, reaches]) => ({ role, where, zones, type, reaches }))))(
  "$role of $where ($type): retry, discard, pause, resume, cancel",
  async ({ role, zones, type, reaches }) => {
    const needsAdministrator = type === "Nameless";
    const may = reaches && role !== "viewer" && (!needsAdministrator || role === "administrator");
    const { ctx, actor } = await makeOperator(pair.store.db, Date.now(), { role, zones, name: `${role} ${n++}` });
    const [id] = await parked(type);
    const denials = async () =>
      (
        await rows<{ action: string }>(
          pair.store.db,
          sql`select action from audit_entry where operator_id = ${actor.operatorId} and result = 'denied' order by id`,
        )
      ).map(({ action }) => action);

    const discard = await outcomeOf(() => requestDiscard(ctx, discardOf([id!])));
    expect(discard.ok).toBe(may);
    if (!discard.ok) expect(discard.refusal.kind).toBe("forbidden");
    // Where books has a say, a discard takes a second person; that is asked after the permission.
    if (discard.ok) expect(discard.value.awaiting).toBe(type === "Both");
    if (discard.ok) await callOff(ctx, discard.value);

    const retry = await outcomeOf(() => requestRetry(ctx, request([id!])));
    expect(retry.ok).toBe(may);
    if (!retry.ok)
      expect(retry.refusal).toMatchObject({ kind: "forbidden", message: expect.stringMatching(/^(You |No contract|To )/) });
    // Of one person alone books takes three an hour.
    const other = (await makeOperator(pair.store.db, Date.now(), { role: "administrator", name: `other ${n++}` })).ctx;
    const { operationId } = retry.ok ? retry.value : await requestRetry(other, request([id!]));

    const sees = zones === null || (type === "Both" ? true : type === "Placed" && zones.includes("sales"));
    for (const verb of [pauseOperation, resumeOperation, cancelOperation]) {
      const answer = await outcomeOf(() => verb(ctx, step(operationId)));
      expect(answer.ok).toBe(may);
      // An operation in nobody's zone of mine is no operation to me.
      if (!answer.ok) expect(answer.refusal.kind).toBe(sees ? "forbidden" : "not_found");
    }
    // S9: also what was tried on things of other zones.
    const steps = ["operation.pause", "operation.resume", "operation.cancel"];
    expect(await denials()).toEqual(may ? [] : ["dead_letter.discard", "dead_letter.retry", ...steps]);
    const state = (await counts(operationId)) as { state: string };
    expect(state.state).toBe(may ? "cancelled" : "running");
    if (!may) await cancelOperation(jo, step(operationId));
  },
);

test("what became of a zone since: as many unresolved keys then and now as its facts themselves count, and no figures of what is not seen", async () => {
  const counted = async (now: number) => {
    await pair.observe("shop");
    await pair.observe("stock");
    await judgeZones(pair.store.db, now);
    return (await firstRow<{ keysN: number; oldestMs: number | null }>(
      pair.store.db,
      sql`select count(distinct business_key)::int as "keysN", ${now}::float8 - floor(extract(epoch from min(since)) * 1000)::float8 as "oldestMs"
            from unresolved where zone_id = 'sales' and confirmed`,
    ))!;
  };
  const ids = await parked("Placed", 3);
  const before = await counted(Date.now());
  expect(before.keysN).toBeGreaterThanOrEqual(3);
  const { operationId } = await requestRetry(jo, request(ids));
  const read = async (now: number) => {
    const { effect, proof, sentence } = await readOperation({ ...jo, now }, { operationId: Number(operationId) });
    return {
      effect,
      proof,
      sentence: sentence.map(({ text }) => text).join(""),
      sales: effect.zones.find(({ zoneId }) => zoneId === "sales")!,
    };
  };
  const unbegun = await read(Date.now());
  expect([unbegun.effect.begunAt, unbegun.sales.points, unbegun.sales.before]).toEqual([null, [], null]);

  await dispatchChunks(pair.store.db, "a", pair.observed);
  await pair.answer("applied");
  await watchOutcomes(pair.store.db, pair.observed);
  const later = Date.now() + seconds(10);
  const after = await counted(later);
  expect(after.keysN).toBe(before.keysN - 3);
  const { effect, sales, proof, sentence } = await read(later);
  expect(sales).toMatchObject({ title: "Sales", keyName: "sale", before, last: { at: later, ...after } });
  expect(sales.points.findLast((keysN) => keysN !== null)).toBe(after.keysN);
  // Nobody looked before it: that is unknown, not none.
  expect(sales.points[0]).toBe(null);
  expect([effect.over, effect.from % effect.stepMs]).toEqual([false, 0]);
  expect(proof).toMatchObject({ checking: 3, undelivered: 0, total: 3 });
  expect(sentence).toContain("0 of 3 sales are proven converged so far.");

  const silent = await read(later + minutes(1));
  expect(silent.sales).toMatchObject({ verdict: "unknown", last: null, before });
  const over = await read(later + minutes(10));
  expect([over.effect.over, over.sales.last]).toEqual([true, { at: Math.floor(later / 10_000) * 10_000, ...after }]);
});
