import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { seconds } from "../time";
import { parseReveal } from "./input";
import { answerLooks } from "./looks";
import { readPayload, revealPayload } from "./reveal";
import { readMessage } from "./service";

let pair: TestPair;
let ada: Ctx;
let n = 0;
const NAME = "Anna Kanarek";

beforeAll(async () => {
  pair = await testPair();
  ada = (await makeOperator(pair.store.db, Date.now(), { name: "Ada", role: "approver", zones: ["sales"] })).ctx;
  await pair.store.db.execute(
    sql`update contract_revision set body = body || '{"masking": ["$.customer.name", "$.payment.pan"]}'::jsonb where zone_id = 'sales'`,
  );
});
afterAll(() => pair.close());

/** Stock put aside a sale with this payload: the number in the store, and in stock. */
async function parked(payload: object): Promise<{ id: number; seq: string }> {
  const key = `R-${n++}`;
  const [row] = await pair.stock.rows<{ seq: string }>(
    `insert into messaging.dead_letter (consumer, message_id, event_type, aggregate_type, business_key, version, payload, headers, occurred_at, error_type, error_message, attempts, first_failed_at)
     values ('stock-service', $1, 'Placed', 'sale', $2, 1, $3, $4, clock_timestamp(), 'Error', 'it broke', 5, clock_timestamp()) returning dead_letter_id::text as seq`,
    [randomUUID(), key, JSON.stringify(payload), JSON.stringify({ for: NAME })],
  );
  await pair.observe("stock");
  return { id: (await pair.letters()).find((one) => one.key === key)!.id, seq: row!.seq };
}
const asked = (id: number, key = `reveal-${n++}`) => parseReveal({ id, reason: "the customer is on the phone", key });
const at = (ctx: Ctx, afterMs = 0): Ctx => ({ ...ctx, now: Date.now() + afterMs });
/** Asks while a worker answers what is asked of its sources. */
async function withWorker<T>(asking: Promise<T>): Promise<T> {
  let done = false;
  const answering = (async () => {
    while (!done) await answerLooks(pair.store.db, pair.observed);
  })();
  try {
    return await asking;
  } finally {
    done = true;
    await answering;
  }
}
const looks = () => rows(pair.store.db, sql`select 1 from payload_look`);

test("revealed for a reason: the values, for a minute; the audit has who, why and which fields, and no value", async () => {
  const { id } = await parked({ customer: { name: NAME }, n: 7 });
  expect(JSON.stringify(await readMessage(ada, { id }))).not.toContain(NAME);
  const view = await revealPayload(at(ada), asked(id));
  expect(view).toMatchObject({ payload: { customer: { name: NAME } }, headers: { for: NAME } });
  expect(view.hideAt).toBe(view.now + seconds(60));
  const entries = await rows<{ result: string; reason: string; text: string }>(
    pair.store.db,
    sql`select result, reason, audit_entry::text as text from audit_entry where action = 'dead_letter.reveal' and target_id = ${String(id)}`,
  );
  expect(entries).toMatchObject([{ result: "done", reason: "the customer is on the phone" }]);
  expect(entries[0]!.text).toContain("$.customer.name");
  expect(entries[0]!.text).not.toContain("$.payment.pan");
  // Neither there, nor in what is kept to answer a repeat with.
  expect(entries[0]!.text).not.toContain(NAME);
  expect(await rows(pair.store.db, sql`select 1 from idempotency_key where idempotency_key::text like ${`%${NAME}%`}`)).toEqual(
    [],
  );
});

test("the same request again is the same minute and one entry; after it nothing is told, and a new reason is asked", async () => {
  const { id } = await parked({ customer: { name: NAME } });
  const request = asked(id);
  const first = await revealPayload(at(ada), request);
  const again = await revealPayload(at(ada, 59_000), request);
  expect(again.hideAt).toBe(first.hideAt);
  await expect(revealPayload(at(ada, 61_000), request)).rejects.toMatchObject({ kind: "conflict" });
  expect(() => parseReveal({ id, reason: "because", key: "k" })).toThrow("reason: must say why");
});

test("an operator, a script and who may not see the zone are refused, and the attempt is written down", async () => {
  const { id } = await parked({ customer: { name: NAME } });
  const { ctx: oskar, actor } = await makeOperator(pair.store.db, Date.now(), { name: "Oskar", role: "operator" });
  await expect(revealPayload(at(oskar), asked(id))).rejects.toMatchObject({
    kind: "forbidden",
    message: "You are an operator; to reveal what is masked takes an approver or an administrator.",
  });
  const script: Ctx = { ...ada, actor: { ...ada.actor, token: { id: randomUUID(), name: "script" } } as never };
  await expect(revealPayload(at(script), asked(id))).rejects.toMatchObject({ kind: "forbidden" });
  const books = (await makeOperator(pair.store.db, Date.now(), { name: "Bea", role: "approver", zones: ["books"] })).ctx;
  await expect(revealPayload(at(books), asked(id))).rejects.toMatchObject({ kind: "not_found" });
  expect(
    await rows(pair.store.db, sql`select action from audit_entry where operator_id = ${actor.operatorId} and result = 'denied'`),
  ).toEqual([{ action: "dead_letter.reveal" }]);
});

test("a payload larger than Accord keeps is read in its source when it is asked for, masked, and kept nowhere", async () => {
  const { id } = await parked({ customer: { name: NAME }, notes: "x".repeat(200_000) });
  const page = await readMessage(ada, { id });
  expect([page.payload, page.payloadBytes > 200_000]).toEqual([null, true]);
  const loaded = await withWorker(readPayload(at(ada), { id }));
  expect(loaded.payload).toMatchObject({
    customer: { name: { $masked: "12 chars" } },
    notes: expect.stringMatching(/^x{200000}$/),
  });
  expect(JSON.stringify(loaded)).not.toContain(NAME);
  const revealed = await withWorker(revealPayload(at(ada), asked(id)));
  expect(revealed.payload).toMatchObject({ customer: { name: NAME } });
  expect(await looks()).toEqual([]);
});

test("what its source has no more, cannot be read, or is too large for a page says so", async () => {
  const [gone, huge] = [await parked({ notes: "y".repeat(200_000) }), await parked({ notes: "z".repeat(5_000_000) })];
  await pair.stock.rows("delete from messaging.dead_letter where dead_letter_id = $1", [gone.seq]);
  await expect(withWorker(readPayload(at(ada), { id: gone.id }))).rejects.toThrow("stock does not keep this message any more.");
  await expect(withWorker(readPayload(at(ada), { id: huge.id }))).rejects.toThrow(
    /bytes are more than a page shows; read it in stock/,
  );
  const { source } = pair.of("stock");
  const away = [{ ...pair.of("stock"), source: { ...source, body: () => Promise.reject(new Error("connect ECONNREFUSED")) } }];
  const asking = readPayload(at(ada), { id: huge.id }).catch((error: Error) => error.message);
  let answer: string | object | null = null;
  void asking.then((message) => {
    answer = message;
  });
  while (answer === null) await answerLooks(pair.store.db, away);
  expect(answer).toMatch(/^stock could not be read: /);
  expect(await looks()).toEqual([]);
});

test("bytes in a message are shown as what they are", async () => {
  const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(600, 1)]).toString("base64");
  const { id } = await parked({ customer: { name: NAME }, scan: png });
  expect((await readMessage(ada, { id })).payload).toMatchObject({
    scan: { $binary: "PNG image", bytesN: 608, head: null },
    customer: { name: { $masked: "12 chars" } },
  });
  expect((await revealPayload(at(ada), asked(id))).payload).toMatchObject({
    scan: { $binary: "PNG image", bytesN: 608, head: expect.stringMatching(/^89 50 4e 47/) },
  });
});
