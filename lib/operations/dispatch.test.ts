import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { rows } from "../db/rows";
import { until } from "../db/testing";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import type { Observed } from "../sources/observed";
import type { Redeliverable } from "../sources/redeliverable";
import type { Source } from "../sources/source";
import { dispatchChunks } from "./dispatch";
import { parseAct, parseDiscard } from "./input";
import { listItems, readOperation } from "./reading";
import { redeliveryId } from "./request";
import { requestDiscard, requestRetry } from "./service";
import { cancelOperation } from "./steps";
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
  expect(await pair.drift()).toEqual([]);
});
afterAll(() => pair.close());

const request = (messages: number[]) => parseAct({ selection: { messages }, reason: "the fix is deployed", key: `key-${n++}` });
async function parked(error?: string) {
  const sent = await pair.emit("Placed", `C-${n++}`);
  const seq = await pair.park(sent, error);
  await pair.observe("stock");
  const letter = (await pair.letters()).find((one) => one.key === sent.key)!;
  return { sent, seq, id: letter.id };
}
const discardOf = (messages: number[]) =>
  parseDiscard({ selection: { messages }, reason: "nobody needs them", code: "not_needed", key: `key-${n++}` });
const retry = async (...ids: number[]) => Number((await requestRetry(jo, request(ids))).operationId);
const dispatch = (workerId = "a", observed: Observed[] = pair.observed) => dispatchChunks(pair.store.db, workerId, observed);
const watch = () => watchOutcomes(pair.store.db, pair.observed);
const view = async (operationId: number) => {
  const { operation } = await readOperation({ ...jo, now: Date.now() }, { operationId });
  const { items } = await listItems(jo, { operationId });
  return { state: operation.state, counts: operation.counts, items: items.map(({ state, detail }) => ({ state, detail })) };
};
const requests = (operationId: number, item = 1) =>
  pair.stock.rows("select state from messaging.redelivery where redelivery_id = $1", [redeliveryId(operationId, item)]);
const stock = () => pair.of("stock");
/** Stock's source with some of its answers replaced. */
const but = ({ redeliver, ...change }: Partial<Source & Redeliverable>): Observed[] => {
  const { source } = stock();
  const redeliverable = { ...source.redeliverable!, ...(redeliver && { redeliver }) };
  return [{ ...stock(), source: { ...source, redeliverable, ...change } }];
};
const leaseRunsOut = () =>
  pair.store.db.execute(sql`update operation_chunk set claimed_at = claimed_at - interval '1 minute' where state = 'claimed'`);

test("a worker that is only slow, and the one that took its chunk over: one redelivery, one outcome", async () => {
  const { id } = await parked();
  const operationId = await retry(id);
  const slow = but({
    redeliver: async (asked) => {
      // While it hangs its claim runs out, and another worker carries the chunk to its end.
      await leaseRunsOut();
      await dispatch("fast");
      await pair.answer("applied");
      await watch();
      return stock().source.redeliverable!.redeliver(asked, false);
    },
  });
  await dispatch("slow", slow);
  expect(await requests(operationId)).toEqual([{ state: "applied" }]);
  expect(await view(operationId)).toMatchObject({ state: "done", counts: { succeeded: 1, total: 1 } });
  await pair.observe("stock");
});

test("a worker asks a source for one chunk at a time, and has claimed the next one meanwhile", async () => {
  const [one, other] = [await parked(), await parked()];
  const operations = [await retry(one.id), await retry(other.id)];
  const claimedN = async () =>
    (await rows<{ n: number }>(pair.store.db, sql`select count(*)::int as n from operation_chunk where state = 'claimed'`))[0]!.n;
  let asking = 0;
  const seen: number[] = [];
  const watched = but({
    redeliver: async (asked, again) => {
      asking++;
      if (seen.length === 0) await until(async () => (await claimedN()) === 2);
      seen.push(asking);
      const states = await stock().source.redeliverable!.redeliver(asked, again);
      asking--;
      return states;
    },
  });
  expect(await dispatch("a", watched)).toBe(2);
  expect(seen).toEqual([1, 1]);
  await pair.answer("applied");
  await watch();
  for (const operationId of operations)
    expect(await view(operationId)).toMatchObject({ state: "done", counts: { succeeded: 1 } });
  await pair.observe("stock");
});

test("Trap 5, a restart in the middle of marking: killed between the effect and the note of it, the next worker finds the effect, and adds none", async () => {
  const { id } = await parked();
  const operationId = await retry(id);
  const lost = but({
    redeliver: async (asked) => {
      await stock().source.redeliverable!.redeliver(asked, false);
      throw Object.assign(new Error("Connection terminated"), { code: undefined });
    },
  });
  await dispatch("dies", lost);
  expect(await requests(operationId)).toEqual([{ state: "waiting" }]);
  expect((await view(operationId)).items).toEqual([{ state: "waiting", detail: "The database did not answer in time." }]);
  // Nobody else takes it while the claim is fresh; then it is taken once.
  expect(await dispatch("next")).toBe(0);
  await leaseRunsOut();
  await Promise.all([dispatch("next"), dispatch("third")]);
  await pair.answer("applied");
  await watch();
  expect(
    await pair.stock.rows(
      "select 1 from messaging.redelivery where dead_letter_id = (select max(dead_letter_id) from messaging.dead_letter)",
    ),
  ).toHaveLength(1);
  expect(await view(operationId)).toMatchObject({ state: "done", counts: { succeeded: 1 } });
  await pair.observe("stock");
});

test("a store that fails after the effect says nothing of the source; the effect is found, and noted once the store works", async () => {
  const { id } = await parked();
  const operationId = Number((await requestDiscard(jo, discardOf([id]))).operationId);
  const owner = new pg.Client({ connectionString: pair.store.ownerUrl });
  await owner.connect();
  await owner.query(
    `create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'the disk of the store is full'; end $$;
     create trigger full_disk before insert on operation_outcome for each row execute function full_disk()`,
  );
  await expect(dispatch()).rejects.toThrow();
  await owner.query("drop function full_disk() cascade");
  await owner.end();
  expect((await view(operationId)).items).toEqual([{ state: "waiting", detail: null }]);
  expect(await dispatch("next")).toBe(0);
  await leaseRunsOut();
  expect(await dispatch("next")).toBe(1);
  await watch();
  expect(await view(operationId)).toMatchObject({ state: "done", counts: { discarded: 1, total: 1 } });
});

test("taken and silent for ten seconds is uncertain, and is settled when it is known", async () => {
  const { id } = await parked();
  const operationId = await retry(id);
  await dispatch();
  const taken = (ago: string) =>
    pair.stock.rows(
      "update messaging.redelivery set state = 'taken', taken_at = clock_timestamp() - $2::interval where redelivery_id = $1",
      [redeliveryId(operationId, 1), ago],
    );
  await taken("9 s");
  await watch();
  expect((await view(operationId)).counts).toMatchObject({ waiting: 1, uncertain: 0 });
  await taken("11 s");
  await watch();
  expect(await view(operationId)).toMatchObject({
    state: "running",
    counts: { waiting: 0, uncertain: 1 },
    items: [{ state: "uncertain" }],
  });
  await pair.answer("applied");
  await watch();
  expect(await view(operationId)).toMatchObject({ state: "done", counts: { uncertain: 0, succeeded: 1 } });
  await pair.observe("stock");
});

test("a source that goes away in the middle makes its items uncertain, and settles them when it returns", async () => {
  const { id } = await parked();
  const operationId = await retry(id);
  await dispatch();
  const away = () => Promise.reject(Object.assign(new Error("gone"), { code: "ECONNREFUSED" }));
  await pair.store.db.execute(
    sql`update source_status set observed_at = now() - interval '20 s', error = 'The database refuses connections.' where source_id = 'stock'`,
  );
  await watchOutcomes(pair.store.db, but({ redeliveries: away }));
  expect((await view(operationId)).counts).toMatchObject({ uncertain: 1, waiting: 0 });
  // Applied while nobody could see it.
  await pair.answer("applied");
  await pair.observe("stock");
  await watch();
  expect(await view(operationId)).toMatchObject({ state: "done", counts: { succeeded: 1, uncertain: 0 } });
});

test("a source that is away keeps nobody else's messages waiting", async () => {
  const { id } = await parked();
  const operationId = await retry(id);
  expect(await dispatch("a", but({ redeliver: () => Promise.reject(new Error("timeout")) }))).toBe(0);
  expect((await view(operationId)).state).toBe("running");
  await leaseRunsOut();
  expect(await dispatch()).toBe(1);
  await pair.answer("applied");
  await watch();
  await pair.observe("stock");
});

test("failed again says in which way; the letter is free, and a second retry is another redelivery", async () => {
  const { id } = await parked();
  const first = await retry(id);
  await dispatch();
  await pair.answer("failed");
  await watch();
  expect(await view(first)).toMatchObject({
    state: "done",
    counts: { failed_again: 1 },
    items: [{ detail: "Same way: Error: it broke" }],
  });
  // Whether or not it was looked at meanwhile, it is the same letter.
  const second = await retry(id);
  await pair.observe("stock");
  expect((await pair.letters()).map((letter) => letter.id)).toContain(id);
  await expect(requestRetry(jo, request([id]))).rejects.toThrow(`OP-${second} of Jo was first`);
  await dispatch();
  await pair.answer("applied");
  await watch();
  expect(await view(second)).toMatchObject({ state: "done", counts: { succeeded: 1 } });
  await pair.observe("stock");
});

test("a letter that is with somebody else when its turn comes is asked for when it is parked again: no item stays without an outcome", async () => {
  const { id, seq } = await parked();
  const operationId = await retry(id);
  await pair.settle(seq, "redelivering");
  await dispatch();
  await watch();
  expect(await requests(operationId)).toEqual([]);
  expect((await view(operationId)).state).toBe("running");
  await pair.settle(seq, "parked");
  await watch();
  expect(await requests(operationId)).toEqual([{ state: "waiting" }]);
  await pair.answer("applied");
  await watch();
  expect(await view(operationId)).toMatchObject({ state: "done", counts: { succeeded: 1 } });
  await pair.observe("stock");
});

test.each([
  ["resolved", "duplicate", "It was processed before its turn came; nothing was sent."],
  ["discarded", "stale", "It was discarded before its turn came; nothing was sent."],
] as const)(
  "Trap 2, a retry of what meanwhile succeeded: a letter that was %s before its turn ends as %s, and nothing is sent",
  async (state, outcome, detail) => {
    const { id, seq } = await parked();
    const operationId = await retry(id);
    await pair.settle(seq, state);
    await dispatch();
    await watch();
    expect(await requests(operationId)).toEqual([]);
    expect((await view(operationId)).items).toEqual([{ state: outcome, detail }]);
    await pair.observe("stock");
  },
);

test("a number that names another message after a restore is neither redelivered nor discarded", async () => {
  const [one, two] = [await parked(), await parked()];
  const retried = await retry(one.id);
  const discarded = Number((await requestDiscard(jo, discardOf([two.id]))).operationId);
  await pair.stock.rows("update messaging.dead_letter set message_id = gen_random_uuid() where dead_letter_id = any($1)", [
    [one.seq, two.seq],
  ]);
  await dispatch();
  await watch();
  for (const operationId of [retried, discarded])
    expect((await view(operationId)).items).toMatchObject([
      { state: "stale", detail: expect.stringContaining("no longer in its source") },
    ]);
  expect(
    await pair.stock.rows("select distinct state from messaging.dead_letter where dead_letter_id = any($1)", [
      [one.seq, two.seq],
    ]),
  ).toEqual([{ state: "parked" }]);
  await pair.observe("stock");
});

test("operations that nobody takes do not keep a later one from its outcome", async () => {
  const keys: string[] = [];
  for (let i = 0; i < 25; i++) {
    const sent = await pair.emit("Placed", `C-many-${i}`);
    await pair.park(sent);
    keys.push(sent.key);
  }
  await pair.observe("stock");
  const stuck = (await pair.letters()).filter((letter) => keys.includes(letter.key));
  const operations = [];
  for (const { id } of stuck) operations.push(await retry(id));
  const last = operations.at(-1)!;
  await dispatch();
  await pair.stock.rows(
    "update messaging.redelivery set state = 'applied', finished_at = clock_timestamp() where redelivery_id = $1",
    [redeliveryId(last, 1)],
  );
  await until(async () => {
    await watch();
    return (await view(last)).state === "done";
  });
  await pair.answer("applied");
  for (let round = 0; round < 3; round++) await watch();
  expect(await rows(pair.store.db, sql`select 1 from operation where ended_at is null`)).toEqual([]);
  await pair.observe("stock");
});

const cancel = (operationId: number) => cancelOperation(jo, { operationId, reason: null, key: `key-${n++}` });
const held = (ids: number[]) =>
  rows(pair.store.db, sql`select 1 from dead_letter_claim where dead_letter = any(${sql.param(ids)}::bigint[])`);

test("T6: what no consumer took is told, and a cancel takes it back: in the source, and the claim with it", async () => {
  const [one, two, three] = [await parked(), await parked(), await parked()];
  const operationId = await retry(one.id, two.id, three.id);
  await dispatch();
  await watch();
  expect(
    (await readOperation({ ...jo, now: Date.now() + 60_000 }, { operationId })).sentence.map(({ text }) => text).join(""),
  ).not.toMatch(/taken/);
  const later = await readOperation({ ...jo, now: Date.now() + 180_000 }, { operationId });
  expect(later.sentence.map(({ text }) => text).join("")).toMatch(
    /3 messages have not been taken by stock-service for .*Cancel takes them back/,
  );

  // One is being worked on when somebody cancels: it ends by its outcome.
  await pair.stock.rows(
    "update messaging.redelivery set state = 'taken', taken_at = clock_timestamp() where redelivery_id = $1",
    [redeliveryId(operationId, 1)],
  );
  await cancel(operationId);
  await watch();
  expect(await view(operationId)).toMatchObject({ state: "cancelled", counts: { cancelled: 2, waiting: 1 } });
  expect(await held([one.id, two.id, three.id])).toHaveLength(1);
  expect(
    await pair.stock.rows("select state from messaging.redelivery where redelivery_id = any($1) order by 1", [
      [1, 2, 3].map((item) => redeliveryId(operationId, item)),
    ]),
  ).toEqual([{ state: "stale" }, { state: "stale" }, { state: "taken" }]);
  await pair.answer("applied");
  await watch();
  expect(await view(operationId)).toMatchObject({ state: "cancelled", counts: { cancelled: 2, succeeded: 1, waiting: 0 } });
  expect(await held([one.id, two.id, three.id])).toEqual([]);
  await pair.observe("stock");
});

test("T6: nothing is ever written for an operation that was cancelled, whatever its source does later", async () => {
  const { id, seq } = await parked();
  const operationId = await retry(id);
  await dispatch();
  // The source loses the request and parks the letter again, as after a restore, before anybody has looked.
  await cancel(operationId);
  await pair.stock.rows("delete from messaging.redelivery where redelivery_id = $1", [redeliveryId(operationId, 1)]);
  await pair.settle(seq, "parked");
  await watch();
  expect(await requests(operationId)).toEqual([]);
  expect(await view(operationId)).toMatchObject({ state: "cancelled", counts: { cancelled: 1, waiting: 0 } });
  expect(await held([id])).toEqual([]);
  await pair.settle(seq, "parked");
  await watch();
  await dispatch();
  expect(await requests(operationId)).toEqual([]);
  await pair.observe("stock");
});

test("T6: a chunk that a worker had claimed when its operation was cancelled is not carried out", async () => {
  const { id } = await parked();
  const operationId = await retry(id);
  // Its worker dies between the claim and the write.
  await dispatch("dying", but({ redeliver: () => Promise.reject(new Error("killed")) }));
  await cancel(operationId);
  await leaseRunsOut();
  await dispatch("next");
  await watch();
  expect(await requests(operationId)).toEqual([]);
  expect(await view(operationId)).toMatchObject({ state: "cancelled", counts: { cancelled: 1 } });
  expect(await held([id])).toEqual([]);
});
