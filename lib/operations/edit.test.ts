import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { firstRow, rows } from "../db/rows";
import { approve } from "../decisions/service";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import type { Observed } from "../sources/observed";
import { dispatchChunks } from "./dispatch";
import { previewEdit, readEdited, workOut } from "./edit";
import { parseAct, parseEdit, parsePreviewEdit } from "./input";
import { listItems, readOperation } from "./reading";
import { editedMessageId, redeliveryId } from "./request";
import { requestEdit, requestRetry, retryFailed } from "./service";
import { watchOutcomes } from "./watch";

const schema = JSON.stringify({
  type: "object",
  required: ["country"],
  properties: { country: { enum: ["DE", "FR"] }, qty: { type: "integer", minimum: 1 } },
});

let pair: TestPair;
let jo: Ctx;
let ann: Ctx;
let n = 0;
beforeAll(async () => {
  pair = await testPair({
    written: (files) => ({
      ...files,
      "contracts/sales.yaml": `${files["contracts/sales.yaml"]!.replace(
        "means: Sold. }",
        "means: Sold., schema_ref: placed.json }",
      )}masking: ["$.customer.email"]\n`,
      "contracts/placed.json": schema,
    }),
  });
  jo = (await makeOperator(pair.store.db, Date.now(), { name: "Jo" })).ctx;
  ann = (await makeOperator(pair.store.db, Date.now(), { name: "Ann", role: "approver" })).ctx;
  await pair.observe("shop");
  await pair.observe("stock");
});
afterAll(() => pair.close());

/** Parked with a payload, and seen. */
async function parked(...payloads: string[]): Promise<{ id: number; seq: string; messageId: string }[]> {
  const sent = [];
  for (const payload of payloads) {
    const one = await pair.emit("Placed", `E-${String(n++).padStart(4, "0")}`);
    const seq = await pair.park(one);
    await pair.stock.rows("update messaging.dead_letter set payload = $2::jsonb where dead_letter_id = $1", [seq, payload]);
    sent.push({ ...one, seq });
  }
  await pair.observe("stock");
  const letters = await pair.letters();
  return sent.map(({ key, seq, messageId }) => ({ id: letters.find((one) => one.key === key)!.id, seq, messageId }));
}
const edit = (messages: number[], patch: unknown, key = `edit-${n++}`) =>
  parseEdit({
    selection: { messages },
    reason: "the country was a name",
    key,
    patch: typeof patch === "string" ? patch : JSON.stringify(patch),
  });
const look = (messages: number[], patch: unknown, ctx = jo) =>
  previewEdit(ctx, parsePreviewEdit({ selection: { messages }, patch: JSON.stringify(patch) }));
const toGermany = [{ op: "replace", path: "/country", value: "DE" }];
const dispatch = (worker = "a", observed: Observed[] = pair.observed) => dispatchChunks(pair.store.db, worker, observed);
const leaseRunsOut = () =>
  pair.store.db.execute(sql`update operation_chunk set claimed_at = claimed_at - interval '1 minute' where state = 'claimed'`);

/** Asked for by one and approved by another, as the contract says of an edit. */
async function approved(messages: number[], patch: unknown): Promise<number> {
  const { operationId, awaiting } = await requestEdit(jo, edit(messages, patch));
  expect(awaiting).toBe(true);
  expect(await dispatch()).toBe(0);
  const { approval } = await readOperation(ann, { operationId: Number(operationId) });
  expect(approval).toMatchObject({ action: "dead_letter.edit", neededN: 1 });
  await approve(ann, { approvalId: Number(approval!.approvalId), key: `yes-${n++}`, reason: null });
  return Number(operationId);
}
const written = (operationId: number, item = 1) =>
  pair.stock.rows(
    `select r.payload::text as payload, r.edited_message_id::text as "editedId", r.message_id::text as "messageId", d.payload::text as original
       from messaging.redelivery r join messaging.dead_letter d using (dead_letter_id) where redelivery_id = $1`,
    [redeliveryId(operationId, item)],
  );
const outcomes = async (operationId: number) =>
  (await listItems(jo, { operationId })).items.map(({ state, detail }) => ({ state, detail }));

const rich = '{"id": 9007199254740993, "amount": 1.10, "country": "Germany", "customer": {"email": "bob@example.com"}}';

test("an edit is sent under a new id with every other digit as it was; the original is kept, and what is masked is seen nowhere", async () => {
  const [letter] = await parked(rich);
  const view = await look([letter!.id], toGermany);
  expect(view).toMatchObject({ approvals: 1, refusal: null, edit: { changeN: 1, sameN: 0, misfitN: 0, schema: true } });
  const operationId = await approved([letter!.id], toGermany);
  await dispatch();
  expect(await written(operationId)).toEqual([
    {
      payload: expect.stringContaining('"id": 9007199254740993'),
      editedId: editedMessageId(operationId, 1),
      messageId: letter!.messageId,
      original: expect.stringContaining('"country": "Germany"'),
    },
  ]);
  const [{ payload }] = (await written(operationId)) as [{ payload: string }];
  expect(payload).toContain('"amount": 1.10');
  expect(JSON.parse(payload)).toMatchObject({ country: "DE", customer: { email: "bob@example.com" } });
  await pair.answer("applied");
  await watchOutcomes(pair.store.db, pair.observed);
  await pair.observe("stock");
  expect(await outcomes(operationId)).toEqual([{ state: "succeeded", detail: null }]);
  const after = await readEdited(jo, { operationId });
  expect(after.samples).toMatchObject([{ item: 1, editedMessageId: editedMessageId(operationId, 1) }]);
  expect(after.samples[0]!.texts!.after).toContain('"country": "DE"');
  expect(JSON.stringify([view, after])).not.toContain("bob@");
  expect(
    await rows(
      pair.store.db,
      sql`select action, result, detail ->> 'patch' as patch from audit_entry where target_id = ${String(operationId)} and target_kind = 'operation' order by id`,
    ),
  ).toEqual([
    { action: "dead_letter.edit", result: "done", patch: JSON.stringify(toGermany) },
    { action: "dead_letter.edit", result: "result", patch: null },
  ]);
  expect((await readOperation(jo, { operationId })).operation.title).toBe("Edit and retry of 1 Placed");
});

test("of many, those that fit are sent and the others stay parked, each with its path and why", async () => {
  const letters = await parked(
    '{"country": "Germany"}',
    '{"country": "DE"}',
    '{"country": "France", "qty": 0}',
    '{"land": "DE"}',
  );
  const ids = letters.map(({ id }) => id);
  await pair.store.db.execute(sql`update dead_letter_body set payload = null where id = ${ids[3]}`);
  const view = await look(ids, toGermany);
  expect(view.edit).toMatchObject({ changeN: 1, sameN: 1, misfitN: 1, unseenN: 1, problem: null });
  expect(view.edit.misfits).toMatchObject([{ id: String(ids[2]), misfits: [{ at: "/qty", why: "must be >= 1", by: "schema" }] }]);
  expect(view.edit.samples).toMatchObject([{ id: String(ids[0]), before: expect.stringContaining("Germany") }]);
  const operationId = await approved(ids, toGermany);
  await dispatch();
  expect(await outcomes(operationId)).toHaveLength(1);
  await pair.answer("applied");
  await watchOutcomes(pair.store.db, pair.observed);
  expect(
    await pair.stock.rows("select state from messaging.dead_letter where dead_letter_id = any($1::bigint[]) order by 1", [
      letters.slice(1).map(({ seq }) => seq),
    ]),
  ).toEqual(Array(3).fill({ state: "parked" }));
});

test.each([
  [
    "does not keep to the schema",
    [{ op: "replace", path: "/country", value: "Berlin" }],
    /^Message \d+: \/country must be one of "DE", "FR"\.$/,
  ],
  ["does not fit the payload", [{ op: "remove", path: "/nothing" }], /^Message \d+: \/nothing does not exist\.$/],
  [
    "writes what is masked",
    [{ op: "add", path: "/customer", value: { email: "eve@example.com" } }],
    /^Message \d+: \/customer\/email is masked/,
  ],
  ["changes nothing", [{ op: "test", path: "/country", value: "Germany" }], /^The patch changes nothing in what you selected\.$/],
  ["is empty", [], /^The patch changes nothing\.$/],
  ["is no patch", [{ op: "add", path: "/a" }], /^Operation 1, \/a, has no value, which add needs\.$/],
])("an edit that %s is refused with its path and the message, and nothing is held", async (_, patch, sentence) => {
  const [letter] = await parked('{"country": "Germany"}');
  await expect(requestEdit(jo, edit([letter!.id], patch))).rejects.toMatchObject({
    kind: "invalid",
    message: expect.stringMatching(sentence),
  });
  expect(
    await firstRow(pair.store.db, sql`select count(*)::int as n from dead_letter_claim where dead_letter = ${letter!.id}`),
  ).toEqual({ n: 0 });
});

test("pressed twice at once it is one operation; killed between the effect and its note it is one redelivery with the same payload", async () => {
  const [letter] = await parked('{"country": "Germany"}');
  const request = edit([letter!.id], toGermany, "pressed-twice");
  const answers = await Promise.all([requestEdit(jo, request), requestEdit(jo, request)]);
  expect(new Set(answers.map(({ operationId }) => operationId)).size).toBe(1);
  expect(answers.filter(({ repeated }) => repeated)).toHaveLength(1);
  await expect(
    requestEdit(jo, { ...request, patch: "[]".replace("[]", JSON.stringify([{ op: "add", path: "/x", value: 1 }])) }),
  ).rejects.toMatchObject({ kind: "conflict" });
  const operationId = Number(answers[0]!.operationId);
  const { approval } = await readOperation(ann, { operationId });
  await approve(ann, { approvalId: Number(approval!.approvalId), key: `yes-${n++}`, reason: null });
  const stock = pair.of("stock");
  const { redeliverable } = stock.source;
  const dying: Observed = {
    ...stock,
    source: {
      ...stock.source,
      redeliverable: {
        ...redeliverable!,
        redeliver: async (asked) => {
          await redeliverable!.redeliver(asked, false);
          throw new Error("killed");
        },
      },
    },
  };
  await dispatch("dies", [dying]);
  const first = await written(operationId);
  await leaseRunsOut();
  await Promise.all([dispatch("next"), dispatch("third")]);
  expect(await written(operationId)).toEqual(first);
  expect(await pair.stock.rows("select 1 from messaging.redelivery where dead_letter_id = $1", [letter!.seq])).toHaveLength(1);
  await pair.answer("applied");
  await watchOutcomes(pair.store.db, pair.observed);
  expect(await outcomes(operationId)).toEqual([{ state: "succeeded", detail: null }]);
});

test("Trap 4, edit and plain retry overlap: one holds the message, the other is told who, and it is sent once", async () => {
  for (let round = 0; round < 4; round++) {
    const [letter] = await parked('{"country": "Germany"}');
    const plain = parseAct({ selection: { messages: [letter!.id] }, reason: "the fix is deployed", key: `plain-${n++}` });
    const answers = await Promise.all([
      outcomeOf<unknown>(() => requestEdit(jo, edit([letter!.id], toGermany))),
      outcomeOf<unknown>(() => requestRetry(jo, plain)),
    ]);
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal.message]))).toEqual([expect.stringMatching(/OP-\d+/)]);
    expect(
      await firstRow(pair.store.db, sql`select count(*)::int as n from dead_letter_claim where dead_letter = ${letter!.id}`),
    ).toEqual({ n: 1 });
    await dispatch();
    const sent = await pair.stock.rows("select 1 from messaging.redelivery where dead_letter_id = $1", [letter!.seq]);
    expect(sent).toHaveLength(answers[1]!.ok ? 1 : 0);
    await pair.answer("applied");
    await watchOutcomes(pair.store.db, pair.observed);
  }
});

test("what its row has become meanwhile is judged again where it stands: what fits no more is not sent, and is free", async () => {
  const [letter] = await parked('{"country": "Germany"}');
  const operationId = await approved([letter!.id], toGermany);
  await pair.stock.rows(
    `update messaging.dead_letter set payload = '{"country": "Germany", "qty": 0}' where dead_letter_id = $1`,
    [letter!.seq],
  );
  await dispatch();
  await watchOutcomes(pair.store.db, pair.observed);
  expect(await outcomes(operationId)).toEqual([
    { state: "cancelled", detail: "The edit does not fit it, so nothing was sent: /qty must be >= 1." },
  ]);
  expect(
    await pair.stock.rows(
      "select d.state, count(r.redelivery_id)::int as n from messaging.dead_letter d left join messaging.redelivery r using (dead_letter_id) where dead_letter_id = $1 group by 1",
      [letter!.seq],
    ),
  ).toEqual([{ state: "parked", n: 0 }]);
  expect(
    await firstRow(pair.store.db, sql`select count(*)::int as n from dead_letter_claim where dead_letter = ${letter!.id}`),
  ).toEqual({ n: 0 });
});

test("an edit that failed is edited again, and not sent once more as it was", async () => {
  const [letter] = await parked('{"country": "Germany"}');
  const operationId = await approved([letter!.id], toGermany);
  await dispatch();
  await pair.answer("failed");
  await watchOutcomes(pair.store.db, pair.observed);
  await pair.observe("stock");
  expect(await outcomes(operationId)).toMatchObject([{ state: "failed_again" }]);
  const again = { operationId, reason: "the fix is deployed", ticket: null, plan: edit([1], []).plan, key: `again-${n++}` };
  await expect(retryFailed(jo, again)).rejects.toMatchObject({
    kind: "conflict",
    message: expect.stringContaining("was edited"),
  });
});

test("to edit has its own permission, and what was tried without it is written down and told nothing of the payload", async () => {
  const [letter] = await parked(rich);
  const viewer = await makeOperator(pair.store.db, Date.now(), { name: "Looks", role: "viewer" });
  const foreign = await makeOperator(pair.store.db, Date.now(), { name: "Books", zones: ["books"] });
  for (const { ctx, id } of [viewer, foreign]) {
    const answer = await outcomeOf(() => requestEdit(ctx, edit([letter!.id], [{ op: "remove", path: "/nothing" }])));
    expect(answer).toMatchObject({ ok: false, refusal: { kind: "forbidden" } });
    expect(
      await rows(pair.store.db, sql`select action, result from audit_entry where operator_id = ${id} and result = 'denied'`),
    ).toEqual([{ action: "dead_letter.edit", result: "denied" }]);
  }
  expect((await look([letter!.id], toGermany, foreign.ctx)).edit).toMatchObject({
    changeN: 0,
    first: null,
    misfits: [],
    samples: [],
  });
});

test("a source of another framework keeps no edited payload, and the refusal says so", async () => {
  const [letter] = await parked('{"country": "Germany"}');
  await pair.store.db.execute(sql`update source set preset = 'cap' where source_id = 'stock'`);
  const message = expect.stringMatching(
    /of stock keeps no edited payload beside the original, so a message is retried there as it is\./,
  );
  expect(await look([letter!.id], toGermany)).toMatchObject({ refusal: message });
  await expect(requestEdit(jo, edit([letter!.id], toGermany))).rejects.toMatchObject({ kind: "conflict", message });
  await pair.store.db.execute(sql`update source set preset = 'native' where source_id = 'stock'`);
});

test("an edit that takes longer than a process can give is given up and says so; others are answered meanwhile", async () => {
  const letters = await parked(rich, rich);
  const selection = { messages: letters.map(({ id }) => id), groups: [], asOf: null };
  const heavy = Array.from({ length: 100 }, (_, i) => ({ op: "add" as const, path: `/n${i}`, value: "x".repeat(400) }));
  await expect(workOut(pair.store.db, selection, heavy, [], 0)).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringContaining("Narrow what you select."),
  });
  expect(await workOut(pair.store.db, selection, heavy, [])).toMatchObject({ changeN: 2 });
});
