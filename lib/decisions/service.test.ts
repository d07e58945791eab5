import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readApproval } from "../approvals/service";
import { actorId, type Ctx, type Role } from "../context";
import { firstRow, rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { dispatchChunks } from "../operations/dispatch";
import { parseDiscard } from "../operations/input";
import { preview } from "../operations/preview";
import { requestDiscard, requestRetry } from "../operations/service";
import { cancelOperation } from "../operations/steps";
import { watchOutcomes } from "../operations/watch";
import { confirmFactor, removeFactorOf, startFactor } from "../operators/second-factor/service";
import { totpAt } from "../operators/second-factor/totp";
import { changeOperator, inviteOperator, resetPassword } from "../operators/service";
import { makeOperator, TEST_PASSWORD, TEST_SEALING_KEY } from "../operators/testing";
import { outcomeOf } from "../outcome";
import { hours } from "../time";
import { parseTokenRequest } from "../tokens/input";
import { actorOfToken, createToken } from "../tokens/service";
import { approve, expireApprovals, refuse, withdraw } from "./service";

let pair: TestPair;
let n = 0;
beforeAll(async () => {
  pair = await testPair({ connections: 5 });
  await pair.observe("shop");
  await pair.observe("stock");
});
afterAll(() => pair.close());

const person = async (role: Role, zones: string[] | null = null): Promise<Ctx> =>
  (await makeOperator(pair.store.db, Date.now(), { role, zones, name: `${role} ${n++}` })).ctx;
const asPerson = (operatorId: string, role: Role): Ctx => ({
  db: pair.store.db,
  actor: { kind: "operator", operatorId, name: "made", email: "made@example.test", role, zones: null, sessionId: randomUUID() },
  now: Date.now(),
});
const vote = (approvalId: string, key = `vote-${n++}`) => ({ approvalId: Number(approvalId), key, reason: null });
const request = (messages: number[]) =>
  parseDiscard({ selection: { messages }, reason: "nobody needs these", code: "not_needed", key: `key-${n++}` });

async function parked(type: string, most = 1): Promise<number[]> {
  const keys: string[] = [];
  for (let i = 0; i < most; i++) {
    const sent = await pair.emit(type, `A-${n++}`);
    await pair.park(sent);
    keys.push(sent.key);
  }
  await pair.observe("stock");
  return (await pair.letters()).filter((letter) => keys.includes(letter.key)).map((letter) => letter.id);
}
/** A discard in books, where one takes a second person. */
async function asked(by: Ctx) {
  const made = await requestDiscard(by, request(await parked("Posted")));
  const row = await firstRow<{ id: number }>(
    pair.store.db,
    sql`select approval_id as id from approval where subject_id = ${Number(made.operationId)}`,
  );
  return { ...made, approvalId: String(row!.id) };
}
const state = async (operationId: string) =>
  (await firstRow<{ state: string }>(
    pair.store.db,
    sql`select state from operation where operation_id = ${Number(operationId)}`,
  ))!.state;
const claims = async () =>
  (await firstRow<{ n: number }>(pair.store.db, sql`select count(*)::int as n from dead_letter_claim`))!.n;
const auditOf = (approvalId: string) =>
  rows<{ action: string; result: string }>(
    pair.store.db,
    sql`select action, result from audit_entry where target_kind = 'approval' and target_id = ${approvalId} order by id`,
  );
const work = async () => {
  await dispatchChunks(pair.store.db, "a", pair.observed);
  await watchOutcomes(pair.store.db, pair.observed);
};
const refused = async (answer: Promise<unknown>) => {
  const outcome = await outcomeOf(() => answer);
  return outcome.ok ? "done" : `${outcome.refusal.kind}: ${outcome.refusal.message}`;
};

test("a discard that takes a second person holds its list, does nothing before it is approved, then does exactly that", async () => {
  const jo = await person("operator");
  const { operationId, approvalId, awaiting } = await asked(jo);
  expect(awaiting).toBe(true);
  await work();
  expect([await state(operationId), await claims()]).toEqual(["awaiting", 1]);
  const ann = await person("approver", ["books"]);
  expect(await approve(ann, vote(approvalId))).toEqual({ approvalId, state: "approved" });
  await work();
  expect([await state(operationId), await claims()]).toEqual(["done", 0]);
  expect(await auditOf(approvalId)).toEqual([{ action: "approval.approve", result: "done" }]);
  expect(await readApproval(jo, { approvalId: Number(approvalId) })).toMatchObject({
    state: "approved",
    summary: "Discard of 1 Posted",
    votes: [{ vote: "approve" }],
  });
});

test("S8: several small retries within an hour count as one large one, by person and zone", async () => {
  const jo = await person("operator");
  const ids = await parked("Posted", 6);
  const small = await requestRetry(jo, request(ids.slice(0, 2)));
  expect(small.awaiting).toBe(false);
  expect(await preview(jo, request(ids.slice(2, 4)).selection)).toMatchObject({ retryAbove: 3, retryLeft: 1, approvals: 1 });
  // What is asked for with a second person is not what somebody retried alone.
  expect((await requestRetry(jo, request(ids.slice(2, 4)))).awaiting).toBe(true);
  expect(await preview(jo, request([ids[4]!]).selection)).toMatchObject({ retryLeft: 1, approvals: 0 });
  // Of two at once, which both fit alone, one waits for a second person.
  const both = await Promise.all([requestRetry(jo, request([ids[4]!])), requestRetry(jo, request([ids[5]!]))]);
  expect(both.map(({ awaiting }) => awaiting).sort()).toEqual([false, true]);
  const another = await person("operator");
  const more = await parked("Posted", 3);
  expect(await preview(another, request(more).selection)).toMatchObject({ retryLeft: 3, approvals: 0 });
  // Another zone has a limit of its own, and after an hour it is another hour.
  expect(await preview(jo, request(await parked("Placed")).selection)).toMatchObject({ retryAbove: 5_000, retryLeft: 5_000 });
  expect(await preview({ ...jo, now: jo.now + hours(1) + 60_000 }, request(more).selection)).toMatchObject({ retryLeft: 3 });
  await pair.store.db.execute(sql`delete from dead_letter_claim`);
});

test("a retry above the contract's limit waits for a second person; at the limit it runs at once", async () => {
  const jo = await person("operator");
  const ids = await parked("Posted", 4);
  expect(await preview(jo, request(ids).selection)).toMatchObject({ messagesN: 4, retryAbove: 3, approvals: 1, refusal: null });
  const big = await requestRetry(jo, request(ids));
  expect([big.awaiting, await state(big.operationId)]).toEqual([true, "awaiting"]);
  const [open] = await rows<{ id: string }>(
    pair.store.db,
    sql`select approval_id::text as id from approval where subject_id = ${Number(big.operationId)}`,
  );
  await withdraw(jo, vote(open!.id));
  expect(await state(big.operationId)).toBe("cancelled");
  const small = await requestRetry(jo, request(ids.slice(0, 3)));
  expect([small.awaiting, await state(small.operationId)]).toEqual([false, "running"]);
  await cancelOperation(jo, { operationId: Number(small.operationId), key: "off", reason: null });
});

test("what a service asks for is not approved by who made its token, and is by another approver", async () => {
  const maker = await person("administrator");
  const { secret } = await createToken(
    maker,
    parseTokenRequest({ kind: "service", name: "night shift", role: "operator", expiresInDays: 7, key: `key-${n++}` }),
  );
  const service = { ...maker, actor: (await actorOfToken(pair.store.db, secret!, Date.now()))! };
  const { operationId, approvalId } = await asked(service);
  expect(await refused(approve(maker, vote(approvalId)))).toBe(
    "conflict: You made the service token that asked for this; a second person must decide.",
  );
  expect(await state(operationId)).toBe("awaiting");
  expect(await approve(await person("approver"), vote(approvalId))).toMatchObject({ state: "approved" });
});

async function setFactor(ctx: Ctx): Promise<void> {
  const { secret } = await startFactor(ctx, { password: TEST_PASSWORD }, { sealingKey: TEST_SEALING_KEY, issuer: "Accord" });
  await confirmFactor(ctx, { code: totpAt(secret!, ctx.now) }, TEST_SEALING_KEY);
}

test("S7, S9, S15: nobody is their own second person through an account they made, changed, gave a password or rid of a second factor, nor through one made by it", async () => {
  const root = await person("administrator");
  const { approvalId } = await asked(root);
  const invited = async (by: Ctx, role: Role) => {
    const email = `made${n++}@example.test`;
    const { operatorId } = await inviteOperator(by, { email, name: email, role, zones: null, password: true });
    return asPerson(operatorId, role);
  };
  const changed = await person("approver");
  await changeOperator(root, { operatorId: actorId(changed.actor), name: "Another name" });
  const reset = await person("approver");
  await resetPassword(root, { operatorId: actorId(reset.actor) });
  const freed = await person("approver");
  await setFactor(freed);
  await removeFactorOf(root, { operatorId: actorId(freed.actor) });
  const made = await invited(root, "administrator");
  const puppets = [await invited(root, "approver"), changed, reset, freed, made, await invited(made, "approver")];
  for (const puppet of puppets)
    expect(await refused(approve(puppet, vote(approvalId)))).toContain("within the last 30 days; somebody else must decide.");
  expect(await refused(approve(root, vote(approvalId)))).toContain("a second person must decide");
  expect((await auditOf(approvalId)).map(({ result }) => result)).toEqual(Array(7).fill("denied"));
  // Whom another administrator invited is a second person.
  expect(await approve(await invited(await person("administrator"), "approver"), vote(approvalId))).toMatchObject({
    state: "approved",
  });
});

test("nobody approves what they asked for; each person has one vote; two at once are two votes and one act", async () => {
  const jo = await person("approver");
  const { operationId, approvalId } = await asked(jo);
  expect(await refused(approve(jo, vote(approvalId)))).toBe(
    "conflict: You asked for this yourself; a second person must decide.",
  );
  await pair.store.db.execute(sql`update approval set needed_n = 2 where approval_id = ${Number(approvalId)}`);
  const ann = await person("approver");
  const first = vote(approvalId, "ann-approves");
  expect(await Promise.all([approve(ann, first), approve(ann, first)])).toEqual([
    { approvalId, state: "waiting" },
    { approvalId, state: "waiting" },
  ]);
  expect(await refused(approve(ann, vote(approvalId)))).toBe(
    "conflict: You have already approved this; it takes another person.",
  );
  const others = await Promise.all([person("approver"), person("administrator")]);
  const answers = await Promise.all(others.map((one) => refused(approve(one, vote(approvalId)))));
  expect(answers.filter((answer) => answer === "done")).toHaveLength(1);
  expect(answers.find((answer) => answer !== "done")).toMatch(/^conflict: This request was already approved by /);
  expect((await auditOf(approvalId)).filter(({ result }) => result === "done")).toHaveLength(2);
  await work();
  expect(await state(operationId)).toBe("done");
});

test("approve and withdraw at once: one wins, the other is told which, and the operation agrees with it", async () => {
  for (let i = 0; i < 4; i++) {
    const jo = await person("operator");
    const ann = await person("approver");
    const { operationId, approvalId } = await asked(jo);
    const answers = await Promise.all([refused(approve(ann, vote(approvalId))), refused(withdraw(jo, vote(approvalId)))]);
    const won = answers.indexOf("done");
    expect(answers.filter((answer) => answer === "done")).toHaveLength(1);
    expect(answers[1 - won]).toMatch(
      won === 0 ? /^conflict: This request was already approved by approver/ : /^conflict: This request was already withdrawn by/,
    );
    expect(await state(operationId)).toBe(won === 0 ? "running" : "cancelled");
    await work();
  }
  expect(await claims()).toBe(0);
});

test("refused, withdrawn and expired free what was held; a vote after the time is up is told so", async () => {
  const jo = await person("operator");
  const ann = await person("approver");
  const no = await asked(jo);
  await refuse(ann, vote(no.approvalId));
  const back = await asked(jo);
  expect(await refused(withdraw(ann, vote(back.approvalId)))).toMatch(/^forbidden: Only operator \d+, who asked, can withdraw/);
  const once = vote(back.approvalId, "withdraws");
  expect(await withdraw(jo, once)).toEqual(await withdraw(jo, once));
  const late = await asked(jo);
  const tomorrow = Date.now() + hours(25);
  expect(await refused(approve({ ...ann, now: tomorrow }, vote(late.approvalId)))).toBe(
    "conflict: Nobody decided within 24 h; this request has expired.",
  );
  await Promise.all([expireApprovals(pair.store.db, tomorrow), expireApprovals(pair.store.db, tomorrow)]);
  await work();
  for (const { operationId } of [no, back, late]) expect(await state(operationId)).toBe("cancelled");
  expect(await claims()).toBe(0);
  expect((await auditOf(back.approvalId)).map(({ result }) => result)).toEqual(["denied", "done"]);
});

const roles: Role[] = ["viewer", "operator", "approver", "administrator"];
test.each(roles.flatMap((role) => [["books"], ["sales"], null].map((zones) => ({ role, zones }))))(
  "$role of $zones: approve and refuse what was asked for in books",
  async ({ role, zones }) => {
    const jo = await person("operator");
    const who = await person(role, zones);
    const sees = zones === null || zones.includes("books");
    const may = sees && (role === "approver" || role === "administrator");
    for (const verb of [approve, refuse]) {
      const { approvalId, operationId } = await asked(jo);
      const answer = await outcomeOf(() => verb(who, vote(approvalId)));
      expect(answer.ok).toBe(may);
      if (!answer.ok) expect(answer.refusal.kind).toBe(sees ? "forbidden" : "not_found");
      if (!may && sees)
        expect(await auditOf(approvalId)).toEqual([
          { action: verb === approve ? "approval.approve" : "approval.refuse", result: "denied" },
        ]);
      if (!may) expect(await state(operationId)).toBe("awaiting");
      if (!may) await withdraw(jo, vote(approvalId));
    }
    await work();
  },
);
