import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Ctx } from "../context";
import { rows } from "../db/rows";
import { type TestMapped, testMapped } from "../observation/mapped.testing";
import { makeOperator } from "../operators/testing";
import { checkSource } from "../sources/check";
import { callServices } from "./calls";
import { parseAct } from "./input";
import { preview } from "./preview";
import { listItems, readOperation } from "./reading";
import { redeliveryId } from "./request";
import { requestRetry } from "./service";
import { cancelOperation } from "./steps";

// Spring Modulith 2: only its application resubmits, and what it has resubmitted stands in its table.
const tables = `create table event_publication (id uuid primary key, listener_id text not null, event_type text not null, serialized_event text not null,
  publication_date timestamptz not null default now(), completion_date timestamptz, status text, completion_attempts int not null default 1, last_resubmission_date timestamptz)`;
const contract = `version: 1
zone: billing
title: Billing
promise: What is ordered is billed.
facts: [{ fact: order, authority: app }]
expectation: { class: eventual, window: 30s }
semantics: { events: { Placed: { from: app, to: [billing], means: Sold. } } }
recovery: { retry: { attempts: 3, backoff: fixed, first: 1s, take_within: 1m } }
accountability: { owner: money }
masking: ["$.email"]
`;

type Answer = (id: string, response: http.ServerResponse) => unknown;
const asked: { key: string; id: string; token: string }[] = [];
let answer: Answer;
const server = http.createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { id } = JSON.parse(body) as { id: string };
  const { authorization = "", "idempotency-key": key } = request.headers;
  asked.push({ key: String(key), id, token: authorization });
  await answer(id, response);
});
let app: TestMapped;
let jo: Ctx;
beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const source = `preset: spring-modulith
consumers: [billing]
dead_letters: { key: t.serialized_event $.order }
retry:
  http:
    url: http://127.0.0.1:${(server.address() as AddressInfo).port}/resubmit
    headers: { Authorization: Bearer s3cret-of-the-shop }
    timeout: 300ms
    allow: [127.0.0.1]`;
  app = await testMapped({ tables, source, contract });
  jo = (await makeOperator(app.store.db, Date.now(), { name: "Jo" })).ctx;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
});
beforeEach(() => {
  asked.length = 0;
  answer = (_, response) => response.writeHead(202).end();
});

let n = 0;
async function parked(): Promise<{ id: string; letter: number }> {
  const id = `00000000-0000-0000-0000-${String(++n).padStart(12, "0")}`;
  await app.rows(
    "insert into event_publication (id, listener_id, event_type, serialized_event, status) values ($1, 'billing', 'shop.Placed', $2, 'FAILED')",
    [id, JSON.stringify({ order: `B-${n}`, email: `jane-${n}@example.org` })],
  );
  await app.observe();
  const [letter] = await rows<{ id: number }>(app.store.db, sql`select id from dead_letter where source_seq = ${id}`);
  return { id, letter: letter!.id };
}
async function retried(): Promise<{ operationId: number; id: string }> {
  const { id, letter } = await parked();
  const act = parseAct({ selection: { messages: [letter] }, reason: "the fix is deployed", key: `k${n}` });
  const operationId = Number((await requestRetry(jo, act)).operationId);
  await app.dispatch();
  return { operationId, id };
}
const call = () => callServices(app.store.db, [app.observed]);
const set = (id: string, status: string) =>
  app.rows(
    "update event_publication set status = $2, completion_attempts = completion_attempts + 1, last_resubmission_date = clock_timestamp(), completion_date = case when $2 = 'COMPLETED' then now() end where id = $1",
    [id, status],
  );
const itemOf = async (operationId: number) => {
  await app.watch();
  const { items } = await listItems({ ...jo, now: Date.now() }, { operationId });
  return items.map(({ state, detail }) => ({ state, detail }))[0];
};
const sentence = async (operationId: number) =>
  (await readOperation({ ...jo, now: Date.now() }, { operationId })).sentence.map(({ text }) => text).join("");
const cancel = (operationId: number) => cancelOperation(jo, { operationId, reason: "", key: `cancel-${operationId}` });
/** What was asked, and what it was answered, lies this far back. */
const ago = (seconds: number) =>
  app.store.db.execute(
    sql`update operation_call set called_at = called_at - ${seconds} * interval '1 s', answered_at = answered_at - ${seconds} * interval '1 s', next_at = next_at - ${seconds} * interval '1 s'`,
  );

test("before the press it is told who is asked and that it may be called, and nobody is asked for that", async () => {
  const asks = `POST http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await checkSource(app.config)).find(({ check }) => check === "call")).toMatchObject({
    state: "ok",
    sentence: `The service is asked to retry by ${asks}, and its address may be called.`,
  });
  const { id, letter } = await parked();
  const { hazards, refusal } = await preview(jo, { messages: [letter], groups: [], asOf: null });
  expect([refusal, hazards[0]]).toEqual([
    null,
    expect.stringContaining(`Accord asks the application (${asks}), which retries by`),
  ]);
  expect(asked).toEqual([]);
  await set(id, "COMPLETED");
});

test("Trap 10, success when only enqueued: an answer alone is no outcome; the service says yes, and what became of it stands in its table", async () => {
  const { operationId, id } = await retried();
  expect(await itemOf(operationId)).toEqual({ state: "waiting", detail: null });
  await call();
  await call();
  expect(asked).toEqual([{ key: redeliveryId(operationId, 1), id, token: "Bearer s3cret-of-the-shop" }]);
  const yes = "app-service answered 202; its tables show nothing of it yet.";
  expect(await itemOf(operationId)).toEqual({ state: "waiting", detail: yes });
  await ago(61);
  expect(await itemOf(operationId)).toEqual({ state: "uncertain", detail: yes });
  expect(await sentence(operationId)).toContain("app-service was asked for 1 message, and its tables show no end of it yet.");
  await set(id, "RESUBMITTED");
  await itemOf(operationId);
  const taken = "app-service answered 202; its tables show that it was taken up, and no end of it yet.";
  expect(await itemOf(operationId)).toEqual({ state: "waiting", detail: taken });
  await app.store.db.execute(sql`update operation_call set seen_at = seen_at - interval '61 s'`);
  expect(await itemOf(operationId)).toEqual({ state: "uncertain", detail: taken });
  await set(id, "COMPLETED");
  expect(await itemOf(operationId)).toEqual({ state: "succeeded", detail: null });
  await call();
  expect(asked.length).toBe(1);
});

test("what is parked anew has failed again, whatever the service answered", async () => {
  const { operationId, id } = await retried();
  answer = async (_, response) => {
    await set(id, "FAILED");
    response.writeHead(200).end();
  };
  await call();
  expect(await itemOf(operationId)).toMatchObject({ state: "failed_again" });
});

test("a service that refuses ends its item with what it said, without what is masked and without the secret", async () => {
  const { operationId } = await retried();
  answer = (_, response) =>
    response.writeHead(404).end(`unknown publication of jane-${n}@example.org, asked with Bearer s3cret-of-the-shop`);
  await call();
  const { detail, state } = (await itemOf(operationId))!;
  expect(state).toBe("stale");
  expect(detail).toContain("app-service refused it: it answered 404: unknown publication of ");
  expect(detail).not.toMatch(/jane|s3cret/);
});

test("a service that breaks off after it worked has worked once: it is asked again under the same key, and not after its effect", async () => {
  const { operationId, id } = await retried();
  answer = async (_, response) => void response.socket!.resetAndDestroy();
  await call();
  await call();
  expect(asked.length).toBe(1);
  expect(await itemOf(operationId)).toEqual({
    state: "uncertain",
    detail:
      "app-service broke the connection off (ECONNRESET), and may have carried it out all the same. It is asked again under the same Idempotency-Key.",
  });
  await ago(6);
  answer = async (_, response) => {
    await set(id, "COMPLETED");
    response.writeHead(500).end();
  };
  await call();
  expect(asked.map(({ key }) => key)).toEqual([redeliveryId(operationId, 1), redeliveryId(operationId, 1)]);
  await ago(600);
  await call();
  expect(asked.length).toBe(2);
  expect(await itemOf(operationId)).toEqual({ state: "succeeded", detail: null });
});

test("killed between the call and its note, the request is uncertain, and the next worker asks under the same key when the time of the call has passed", async () => {
  const { operationId, id } = await retried();
  const { callable } = app.observed.source;
  const dies = async (...of: Parameters<NonNullable<typeof callable>["call"]>) => {
    await callable!.call(...of);
    throw new Error("killed");
  };
  const killed = { ...app.observed, source: { ...app.observed.source, callable: { ...callable!, call: dies } } };
  await callServices(app.store.db, [killed]);
  await call();
  expect(asked.length).toBe(1);
  expect((await itemOf(operationId))!.detail).toContain(
    "app-service was asked, and no answer is known, and may have carried it out",
  );
  await ago(10);
  await Promise.all([call(), call()]);
  expect(asked.map(({ key }) => key)).toEqual([redeliveryId(operationId, 1), redeliveryId(operationId, 1)]);
  await set(id, "COMPLETED");
  expect((await itemOf(operationId))!.state).toBe("succeeded");
});

test("what was done before its turn is not asked for, and a cancelled operation asks no more and gives up what shows no effect", async () => {
  const first = await retried();
  await set(first.id, "COMPLETED");
  await call();
  expect(await itemOf(first.operationId)).toMatchObject({ state: "duplicate" });
  const [never, shown] = [await retried(), await retried()];
  answer = (id, response) => (id === shown.id ? response.writeHead(202).end() : undefined);
  await cancel(never.operationId);
  await call();
  expect(await itemOf(never.operationId)).toEqual({ state: "cancelled", detail: "Nothing was sent for it." });
  await cancel(shown.operationId);
  expect((await itemOf(shown.operationId))!.state).toBe("waiting");
  await ago(61);
  expect(await itemOf(shown.operationId)).toEqual({
    state: "cancelled",
    detail: "Its service answered 202, and nothing came of it until the operation was cancelled; it may still be carried out.",
  });
  expect(asked.map(({ id }) => id)).toEqual([shown.id]);
});

test("a service that hangs or is overrun is asked ever more seldom, and at last not any more", async () => {
  const { operationId } = await retried();
  answer = (_, response) => response.writeHead(503, { "retry-after": "100" }).end();
  await call();
  await ago(90);
  await call();
  expect(asked.length).toBe(1);
  for (let i = 0; i < 12; i++) {
    await ago(301);
    await call();
  }
  expect(asked.length).toBe(10);
  expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
  expect((await itemOf(operationId))!.detail).toContain("It was asked 10 times, and is not asked again.");
});

test("the secret of the call stands nowhere in the store", async () => {
  const tables = await rows<{ name: string }>(
    app.store.db,
    sql`select tablename as name from pg_tables where schemaname = 'public'`,
  );
  expect(tables.length).toBeGreaterThan(20);
  const holds = await Promise.all(
    tables.map(async ({ name }) => {
      const [found] = await rows<{ n: number }>(
        app.store.db,
        sql`select count(*)::int as n from ${sql.identifier(name)} t where t::text like '%s3cret%'`,
      );
      return found!.n > 0 ? [name] : [];
    }),
  );
  expect(holds.flat()).toEqual([]);
});
