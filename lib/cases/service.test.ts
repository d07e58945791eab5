import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx, Role } from "../context";
import { firstRow, rows } from "../db/rows";
import { approve, expireApprovals } from "../decisions/service";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import { days, hours, minutes } from "../time";
import { textOf } from "../words";
import { judgeZones } from "../zones/judge";
import { openCase } from "./by-hand";
import { parseCases } from "./input";
import { followCases } from "./opening";
import { listCases, readCase } from "./reading";
import { acknowledgeCase, assignCase, commentCase, reopenCase, resolveCase, snoozeCase, tickCase } from "./service";
import { readWaiting } from "./waiting";

let pair: TestPair;
let jo: Ctx;
let n = 0;
beforeAll(async () => {
  pair = await testPair({ connections: 6 });
  jo = await person("operator");
  await pair.observe("shop");
  await pair.observe("stock");
});
afterAll(() => pair.close());

const db = () => pair.store.db;
async function person(role: Role, zones: string[] | null = null): Promise<Ctx> {
  return (await makeOperator(db(), Date.now(), { role, zones, name: `${role} ${n++}` })).ctx;
}
const at = (ctx: Ctx, now: number): Ctx => ({ ...ctx, now });
const key = () => `key-${n++}`;
const later = () => Date.now() + minutes(2);
const reason = "the projection was put right by hand";
const refused = async (answer: Promise<unknown>) => {
  const outcome = await outcomeOf(() => answer);
  return outcome.ok ? "done" : `${outcome.refusal.kind}: ${outcome.refusal.message}`;
};
const idOf = (ctx: Ctx): string => (ctx.actor.kind === "operator" ? ctx.actor.operatorId : "");
const nameOf = (ctx: Ctx): string => (ctx.actor.kind === "operator" ? ctx.actor.name : "");

async function byHand(zoneId = "sales"): Promise<number> {
  const made = await openCase(jo, { zoneId, title: `odd ${n++}`, businessKey: null, note: null, key: key() });
  return Number(made.caseId);
}
/** An open divergence of `sales`, as the reconciler would have found it ten minutes ago. */
async function diverged(
  businessKey: string,
  { explainedBy = null as string | null, kind = "missing", rule = "stock-agrees", ago = "10 minutes" } = {},
): Promise<void> {
  await db().execute(sql`insert into divergence (zone_id, rule, business_key, key, kind, state, since, first_seen_at, last_seen_at, fields, explained_by, seen_n, due_at, history)
    values ('sales', ${rule}, ${businessKey}, ${businessKey}, ${kind}, 'open', now() - ${ago}::interval, now() - ${ago}::interval, now(), '[]', ${explainedBy}, 3, now(), '[]')`);
}
const converge = (businessKey: string) =>
  db().execute(
    sql`update divergence set state = 'resolved', resolved_at = now(), resolution = 'converged' where business_key = ${businessKey}`,
  );
const casesOf = (ref: string) =>
  rows<{ caseId: number; title: string; resolution: string | null; reopenedN: number }>(
    db(),
    sql`select case_id as "caseId", title, resolution, reopened_n as "reopenedN" from case_file where concat_ws('/', cause_ref, nullif(cause_part, '')) like ${ref} order by case_id`,
  );
const history = async (caseId: number) =>
  (await readCase(jo, { caseId })).history.map((event) => `${event.by} ${textOf(event.text)}`).reverse();
const auditOf = (caseId: number) =>
  rows<{ action: string; result: string }>(
    db(),
    sql`select action, result from audit_entry where target_kind = 'case' and target_id = ${String(caseId)} order by id`,
  );

test("a group past its zone's window opens one case, two workers at once; retried away it ends by itself, parked again it opens again", async () => {
  const sent = await pair.emit("Placed", `G-${n++}`);
  await pair.park(sent, "Error: it broke in its own way");
  await pair.observe("stock");
  const [letter] = (await pair.letters()).filter((one) => one.key === sent.key);
  const ref = String(
    (await firstRow<{ id: number }>(db(), sql`select group_id as id from dead_letter where id = ${letter!.id}`))!.id,
  );
  await followCases(db());
  expect(await casesOf(ref)).toEqual([]);
  await Promise.all([followCases(db(), later()), followCases(db(), later()), followCases(db(), later())]);
  const [one, ...more] = await casesOf(ref);
  expect([one!.title, more]).toEqual(["stock-service cannot process Placed", []]);
  const view = await readCase(jo, { caseId: one!.caseId });
  expect(textOf(view.sentence)).toMatch(/^1 message is parked at stock-service, the oldest for .+\. Placed means: sold\.$/);
  expect(view.one.dueAt - view.one.openedAt).toBe(hours(1));
  expect(view.resolutions.find(({ resolution }) => resolution === "converged")!.blocked).toBe(
    "The cause still stands, so it has not converged.",
  );
  const request = { caseId: one!.caseId, resolution: "converged" as const, reason, until: null, key: key() };
  expect(await refused(resolveCase(jo, request))).toBe("conflict: The cause still stands, so it has not converged.");

  await db().execute(sql`update dead_letter_group set open_n = 0 where group_id = ${Number(ref)}`);
  await Promise.all([followCases(db(), later()), followCases(db(), later())]);
  expect(await casesOf(ref)).toMatchObject([{ resolution: "converged" }]);
  await db().execute(sql`update dead_letter_group set open_n = 1 where group_id = ${Number(ref)}`);
  await Promise.all([followCases(db(), later()), followCases(db(), later())]);
  expect(await casesOf(ref)).toMatchObject([{ resolution: null, reopenedN: 1 }]);
  expect(await history(one!.caseId)).toEqual([
    expect.stringMatching(/^Accord opened the case: the oldest is .+ old, the window is 30 s$/),
    "Accord found that the cause is gone",
    "Accord resolved the case, converged by itself: “The cause went before anybody took notice.”",
    "Accord opened the case again: the cause has returned",
  ]);
  // A day after it was resolved, what returns is a case of its own.
  await db().execute(sql`update dead_letter_group set open_n = 0 where group_id = ${Number(ref)}`);
  await followCases(db(), later());
  await db().execute(sql`update dead_letter_group set open_n = 1 where group_id = ${Number(ref)}`);
  await followCases(db(), later() + days(2));
  expect((await casesOf(ref)).map(({ resolution }) => resolution)).toEqual(["converged", null]);
});

test("what somebody works on stays when its cause goes, and says since when; back again it says that too", async () => {
  await diverged("D-1");
  await followCases(db());
  const [one] = await casesOf("stock-agrees/missing");
  expect(one!.title).toBe("Sales are missing in stock-agrees, by stock-agrees");
  const { caseId } = one!;
  await commentCase(jo, { caseId, text: "I look at it.", key: key() });
  await converge("D-1");
  await followCases(db());
  const gone = await readCase(jo, { caseId });
  expect([gone.one.state, textOf(gone.sentence)]).toEqual(["open", expect.stringMatching(/^The cause is gone since /)]);
  await diverged("D-1");
  await followCases(db());
  expect((await history(caseId)).slice(-2)).toEqual(["Accord found that the cause is gone", "Accord found the cause again"]);
  await converge("D-1");
  await followCases(db());
  await resolveCase(jo, { caseId, resolution: "converged", reason, until: null, key: key() });
  expect((await readCase(jo, { caseId })).one).toMatchObject({ state: "resolved", resolution: "converged" });
});

test("keys that one lag explains are one case, a stopped comparison is one, and what another fact explains opens none", async () => {
  for (const name of ["L-1", "L-2", "L-3"]) await diverged(name, { explainedBy: "lag" });
  await diverged("U-1");
  await db().execute(
    sql`insert into unresolved (source_id, reason, ref, zone_id, business_key, since) values ('stock', 'parked', 'x', 'sales', 'U-1', now())`,
  );
  await db().execute(
    sql`insert into reconciliation_rule (zone_id, rule, next_run_at, bulk_since, bulk_n) values ('sales', 'prices-agree', now(), now(), 40000)`,
  );
  await Promise.all([followCases(db()), followCases(db())]);
  expect(await casesOf("stock-agrees/L-%")).toEqual([]);
  expect((await casesOf("stock-agrees/missing")).filter(({ resolution }) => resolution === null)).toEqual([]);
  const [lag] = await casesOf("stock-agrees/lag");
  expect(textOf((await readCase(jo, { caseId: lag!.caseId })).sentence)).toMatch(/^3 sales in .* they are one case\./);
  expect(await casesOf("prices-agree")).toHaveLength(1);
  await db().execute(sql`delete from unresolved where ref = 'x'`);
  await db().execute(sql`update reconciliation_rule set bulk_since = null`);
  for (const name of ["L-1", "L-2", "L-3", "U-1"]) await converge(name);
  await followCases(db());
});

test("stuck sagas of one type and step are one case; a repair that did not help opens it again after a window", async () => {
  for (let i = 0; i < 3; i++)
    await db().execute(sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, state, step, started_at, deadline_at)
      values ('shop', gen_random_uuid(), 'sale', 'sales', ${`S-${i}`}, 'running', 'pay', now() - interval '9 minutes', now() - interval '8 minutes')`);
  await Promise.all([followCases(db()), followCases(db())]);
  const found = await casesOf("sale/pay");
  expect(found).toMatchObject([{ title: "sale is stuck at pay" }]);
  const { caseId } = found[0]!;
  expect(textOf((await readCase(jo, { caseId })).sentence)).toContain("3 sales are stuck, past their deadline.");
  await resolveCase(jo, { caseId, resolution: "compensated", reason, until: null, key: key() });
  await followCases(db());
  expect(await casesOf("sale/pay")).toMatchObject([{ resolution: "compensated" }]);
  await Promise.all([followCases(db(), later()), followCases(db(), later())]);
  expect(await casesOf("sale/pay")).toMatchObject([{ resolution: null, reopenedN: 1 }]);
  await resolveCase(jo, { caseId, resolution: "no_divergence", reason, until: null, key: key() });
  await followCases(db(), later() + hours(1));
  expect(await casesOf("sale/pay")).toMatchObject([{ resolution: "no_divergence" }]);
});

test("eight operators resolve at once: one wins, seven are told who, one entry; the same press twice is one", async () => {
  const caseId = await byHand();
  const people = await Promise.all(Array.from({ length: 8 }, () => person("operator")));
  const request = (by: Ctx) => resolveCase(by, { caseId, resolution: "authority", reason, until: null, key: "same-key-of-all" });
  const answers = await Promise.all(people.map((by) => refused(request(by))));
  expect(answers.filter((answer) => answer === "done")).toHaveLength(1);
  const winner = people[answers.indexOf("done")]!;
  for (const answer of answers.filter((one) => one !== "done"))
    expect(answer).toBe(`conflict: CASE-${caseId} was already resolved by ${nameOf(winner)}.`);
  expect(await Promise.all([request(winner), request(winner)])).toEqual([
    { caseId: String(caseId), state: "resolved" },
    { caseId: String(caseId), state: "resolved" },
  ]);
  const done = async () => (await auditOf(caseId)).filter(({ result }) => result === "done");
  expect(await done()).toEqual([{ action: "case.resolve", result: "done" }]);
  // S9: seven tried, and came second.
  expect((await auditOf(caseId)).filter(({ result }) => result === "denied")).toHaveLength(7);
  const clicks = await Promise.all(Array.from({ length: 5 }, () => reopenCase(winner, { caseId, reason, key: "twice" })));
  expect(new Set(clicks.map(({ state }) => state))).toEqual(new Set(["open"]));
  expect(await done()).toHaveLength(2);
  expect(await refused(reopenCase(winner, { caseId, reason: "for another reason", key: "twice" }))).toMatch(
    /Idempotency-Key was used for another request/,
  );
});

test("who takes a case second is told who was first; it is given only to who may work in its zone", async () => {
  const caseId = await byHand();
  const people = await Promise.all(Array.from({ length: 6 }, () => person("operator")));
  const answers = await Promise.all(
    people.map((by) => refused(assignCase(by, { caseId, to: idOf(by), from: null, key: key() }))),
  );
  const first = people[answers.indexOf("done")]!;
  expect(answers.filter((answer) => answer !== "done")).toEqual(
    Array.from({ length: 5 }, () => `conflict: ${nameOf(first)} was first and has this case.`),
  );
  const stranger = await person("operator", ["books"]);
  expect(await refused(assignCase(jo, { caseId, to: idOf(stranger), from: idOf(first), key: key() }))).toMatch(
    /may not work on cases of sales\.$/,
  );
  await assignCase(jo, { caseId, to: idOf(jo), from: idOf(first), key: key() });
  expect((await listCases(jo, parseCases({ who: "mine" }))).cases.map((one) => one.caseId)).toContain(String(caseId));
  expect((await readWaiting(jo)).mine.map((one) => one.caseId)).toContain(String(caseId));
  await assignCase(jo, { caseId, to: null, from: idOf(jo), key: key() });
  expect((await readCase(jo, { caseId })).one.assignee).toBeNull();
});

test("a snooze ends by itself, sooner when the case gets due; it is neither longer than a week nor over already", async () => {
  const caseId = await byHand();
  const until = Date.now() + hours(6);
  expect(await snoozeCase(jo, { caseId, until, key: key() })).toMatchObject({ state: "snoozed" });
  expect((await listCases(jo, parseCases({ state: "snoozed" }))).cases.map((one) => one.caseId)).toContain(String(caseId));
  const { one } = await readCase(jo, { caseId });
  const due = at(jo, one.dueAt + 1);
  // Nobody works, and it is awake all the same.
  expect((await readCase(due, { caseId })).one.state).toBe("open");
  await Promise.all([followCases(db(), due.now), followCases(db(), due.now)]);
  expect((await history(caseId)).at(-1)).toBe("Accord woke the case: it is due");
  expect(await refused(snoozeCase(jo, { caseId, until: Date.now() - minutes(5), key: key() }))).toMatch(
    /^invalid: until: lies in the past/,
  );
  expect(await refused(snoozeCase(jo, { caseId, until: Date.now() + days(8), key: key() }))).toMatch(/more than 7 days ahead/);
  await snoozeCase(jo, { caseId, until, key: key() });
  expect(await snoozeCase(jo, { caseId, until: null, key: key() })).toMatchObject({ state: "open" });
});

test("acknowledged once, steps ticked and taken back by name, all in a history that nobody can change", async () => {
  const caseId = await byHand();
  const runbook = { when: "parked", title: "What to do", steps: ["Look", "Repair"] };
  await db().execute(sql`update case_file set runbook = ${JSON.stringify(runbook)}::jsonb where case_id = ${caseId}`);
  const others = [jo, await person("operator")];
  const answers = await Promise.all(others.map((by) => refused(acknowledgeCase(by, { caseId, key: key() }))));
  expect(answers.filter((answer) => answer === "done")).toHaveLength(1);
  await tickCase(jo, { caseId, step: 1, done: true, key: key() });
  expect(await refused(tickCase(others[1]!, { caseId, step: 1, done: true, key: key() }))).toBe(
    "conflict: Step 1 is done already.",
  );
  expect(await refused(tickCase(jo, { caseId, step: 3, done: true, key: key() }))).toBe(
    "invalid: step: the runbook has 2 steps.",
  );
  await tickCase(jo, { caseId, step: 2, done: true, key: key() });
  await tickCase(jo, { caseId, step: 2, done: false, key: key() });
  const view = await readCase(jo, { caseId });
  expect([view.one.state, view.one.tickedN, view.runbook!.steps[0]!.done!.by]).toEqual(["acknowledged", 1, nameOf(jo)]);
  expect(view.history.map((event) => event.n)).toEqual([5, 4, 3, 2, 1]);
  await expect(db().execute(sql`update case_event set by_name = 'nobody' where case_id = ${caseId}`)).rejects.toThrow();
  await expect(db().execute(sql`delete from case_event where case_id = ${caseId}`)).rejects.toThrow();
});

test("opened by hand once per press, and once per thing: the second is told of the first", async () => {
  const request = { zoneId: "sales", title: "Prices look odd", businessKey: "P-1", note: "see the mail", key: "opens" };
  const made = await Promise.all([openCase(jo, request), openCase(jo, request), openCase(jo, request)]);
  expect(new Set(made.map(({ caseId }) => caseId)).size).toBe(1);
  expect(made.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(await refused(openCase(jo, { ...request, key: key() }))).toBe(
    `conflict: CASE-${made[0]!.caseId} of ${nameOf(jo)} is open for the same.`,
  );
  expect(await refused(openCase(jo, { ...request, zoneId: "nowhere", key: key() }))).toMatch(/^not_found/);
});

test("X26: free text is taken for no key; one with spaces that the zone knows is a key", async () => {
  const request = { zoneId: "sales", title: "Prices look odd", businessKey: "the order of Mr. X", note: null };
  expect(await refused(openCase(jo, { ...request, key: key() }))).toMatch(
    /^invalid: businessKey: nothing is known of a key “the order of Mr. X”/,
  );
  await diverged("P 2", { kind: "duplicate" });
  const { caseId } = await openCase(jo, { ...request, businessKey: "P 2", key: key() });
  expect(textOf((await readCase(jo, { caseId: Number(caseId) })).sentence), "what somebody saw is no word of the contract").toBe(
    `${nameOf(jo)} opened this by hand.`,
  );
});

test("X5: twelve orders that two rules see to differ are one case with its keys, which come and go; one that has just differed opens none", async () => {
  for (let i = 0; i < 12; i++)
    for (const rule of ["prices-agree", "stock-agrees"]) {
      await diverged(`T-${i}`, { kind: "mismatch", rule });
    }
  await diverged("T-young", { kind: "duplicate", rule: "prices-agree", ago: "80 seconds" });
  await Promise.all([followCases(db()), followCases(db()), followCases(db())]);
  expect(await casesOf("stock-agrees/mismatch")).toEqual([]);
  const [one, ...more] = await casesOf("prices-agree/%");
  expect([one!.title, more]).toEqual(["Sales are wrong in prices-agree, by prices-agree", []]);
  const { caseId } = one!;
  const shown = async () => {
    const { sentence, cause } = await readCase(jo, { caseId });
    return [textOf(sentence).split(".")[0], cause?.kind === "facts" && textOf(cause.rows[1]!.value)];
  };
  expect(await shown()).toEqual(["12 sales differ in prices-agree from its authority", "12"]);
  await diverged("T-12", { kind: "mismatch", rule: "prices-agree" });
  for (let i = 0; i < 5; i++) await converge(`T-${i}`);
  await followCases(db());
  expect(await shown()).toEqual(["8 sales differ in prices-agree from its authority", "8"]);
  expect(await casesOf("stock-agrees/mismatch"), "every key of it is a key of the other").toEqual([]);
  await followCases(db(), Date.now() + minutes(1));
  expect((await casesOf("prices-agree/duplicate")).length, "a minute past its window").toBe(1);
  for (const name of ["T-young", ...Array.from({ length: 13 }, (_, i) => `T-${i}`)]) await converge(name);
  await followCases(db());
  expect((await casesOf("prices-agree/%")).every(({ resolution }) => resolution === "converged")).toBe(true);
});

test("X14: what consumers went past without opens one case of its producer, and ends with it", async () => {
  const missed = (n: number) =>
    JSON.stringify({
      missed:
        n === 0
          ? []
          : [
              {
                sourceId: "shop",
                consumers: ["stock-service", "mail-service"],
                eventTypes: ["Placed"],
                eventsN: n,
                keysN: n,
                oldest: Date.now() - minutes(10),
                oldestKey: "M-1",
              },
            ],
    });
  const judged = async (n: number) => {
    await judgeZones(db());
    await db().execute(sql`update zone_status set causes = causes || ${missed(n)}::jsonb where zone_id = 'sales'`);
  };
  await judged(31);
  await Promise.all([followCases(db()), followCases(db())]);
  const [one, ...more] = await casesOf("shop");
  expect([one!.title, more]).toEqual(["Events of shop-service did not reach stock-service or mail-service", []]);
  const { sentence, cause } = await readCase(jo, { caseId: one!.caseId });
  expect(textOf(sentence)).toMatch(
    /^31 events of shop-service did not reach stock-service or mail-service: 31 sales, the oldest for \d+m/,
  );
  expect(cause?.kind === "facts" && cause.rows[0]).toMatchObject({ value: [{ href: "/zones/sales/keys?reason=undelivered" }] });
  await judged(0);
  await followCases(db());
  expect(await casesOf("shop")).toMatchObject([{ resolution: "converged" }]);
});

test("an accepted difference takes an end and a second person; another difference withdraws the request", async () => {
  await diverged("A-1", { kind: "mismatch" });
  await diverged("A-2", { kind: "unexpected" });
  await followCases(db());
  const [one] = await casesOf("stock-agrees/mismatch");
  const [two] = await casesOf("stock-agrees/unexpected");
  const request = (caseId: number, until: number | null) => ({
    caseId,
    resolution: "accepted" as const,
    reason,
    until,
    key: key(),
  });
  const until = Date.now() + days(30);
  expect(await refused(resolveCase(jo, request(one!.caseId, null)))).toMatch(/needs an end/);
  expect(await refused(resolveCase(jo, request(one!.caseId, Date.now() + days(91))))).toMatch(/more than 90 days ahead/);
  expect(await refused(resolveCase(jo, request(await byHand(), until)))).toMatch(/Only a difference between/);
  for (const { caseId } of [one!, two!]) expect(await resolveCase(jo, request(caseId, until))).toMatchObject({ state: "open" });
  const { caseId } = one!;
  expect(await refused(resolveCase(jo, { ...request(caseId, null), resolution: "projection" }))).toBe(
    `conflict: ${nameOf(jo)} has asked for a second person; resolving waits for that.`,
  );
  const ann = await person("approver", ["sales"]);
  expect((await readWaiting(ann)).approvals).toMatchObject([{ subjectId: String(caseId) }, { subjectId: String(two!.caseId) }]);
  expect((await readWaiting(jo)).approvals).toEqual([]);
  const { approval } = await readCase(ann, { caseId });
  const say = { approvalId: Number(approval!.approvalId), key: key(), reason: null };
  expect(await refused(approve(jo, say))).toMatch(/^forbidden/);
  expect(await approve(ann, say)).toMatchObject({ state: "approved" });
  expect((await readCase(jo, { caseId })).one).toMatchObject({ state: "resolved", resolution: "accepted", acceptedUntil: until });
  expect(await firstRow(db(), sql`select state, accepted_until as until from divergence where business_key = 'A-1'`)).toEqual({
    state: "accepted",
    until,
  });
  expect((await auditOf(caseId)).map(({ action, result }) => `${action} ${result}`)).toEqual([
    // What is refused again within a minute is the same attempt.
    ...["case.resolve denied", "case.resolve done", "case.resolve result"],
  ]);

  const other = (await readCase(ann, { caseId: two!.caseId })).approval!;
  await db().execute(sql`update divergence set authority_digest = 'changed' where business_key = 'A-2'`);
  expect(await refused(approve(ann, { ...say, approvalId: Number(other.approvalId), key: key() }))).toMatch(
    /^conflict: The difference is not the one that was asked about any more/,
  );
  await Promise.all([expireApprovals(db(), Date.now()), expireApprovals(db(), Date.now())]);
  expect((await readCase(jo, { caseId: two!.caseId })).approval).toMatchObject({ state: "withdrawn" });
  expect((await history(two!.caseId)).filter((line) => line.includes("dropped the request"))).toHaveLength(1);
});

const roles: Role[] = ["viewer", "operator", "approver", "administrator"];
test.each(roles.flatMap((role) => [["sales"], ["books"], null].map((zones) => ({ role, zones }))))(
  "$role of $zones: every act on a case of sales",
  async ({ role, zones }) => {
    const who = await person(role, zones);
    const sees = zones === null || zones.includes("sales");
    const may = sees && role !== "viewer";
    const open = { zoneId: "sales", title: `denied ${n++}`, businessKey: null, note: null, key: key() };
    expect((await refused(openCase(who, open))).split(":")[0]).toBe(may ? "done" : sees ? "forbidden" : "not_found");
    const caseId = await byHand();
    const runbook = { when: "parked", title: "What to do", steps: ["Look"] };
    await db().execute(sql`update case_file set runbook = ${JSON.stringify(runbook)}::jsonb where case_id = ${caseId}`);
    const acts: [string, () => Promise<unknown>][] = [
      ["case.assign", () => assignCase(who, { caseId, to: idOf(may ? who : jo), from: null, key: key() })],
      ["case.acknowledge", () => acknowledgeCase(who, { caseId, key: key() })],
      ["case.comment", () => commentCase(who, { caseId, text: "hm", key: key() })],
      ["case.snooze", () => snoozeCase(who, { caseId, until: Date.now() + minutes(5), key: key() })],
      ["case.tick", () => tickCase(who, { caseId, step: 1, done: true, key: key() })],
      ["case.resolve", () => resolveCase(who, { caseId, resolution: "authority", reason, until: null, key: key() })],
      ["case.reopen", () => reopenCase(who, { caseId, reason, key: key() })],
    ];
    for (const [action, act] of acts)
      expect([action, (await refused(act())).split(":")[0]]).toEqual([action, may ? "done" : sees ? "forbidden" : "not_found"]);
    const denied = (await auditOf(caseId)).filter(({ result }) => result === "denied").map(({ action }) => action);
    expect(denied).toEqual(sees && !may ? acts.map(([action]) => action) : []);
    expect(await outcomeOf(() => readCase(who, { caseId }))).toMatchObject({ ok: sees });
    expect((await listCases(who, parseCases({}))).cases.every(({ zone }) => zones === null || zones.includes(zone.zoneId))).toBe(
      true,
    );
  },
);
