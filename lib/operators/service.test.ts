import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firstRow, rows } from "../db/rows";
import { type TestStore, testStore, until } from "../db/testing";
import { parseTokenRequest } from "../tokens/input";
import { actorOfToken, createToken } from "../tokens/service";
import { parseInvitation, parseOperatorChange, parsePasswordChange } from "./input";
import {
  changeOperator,
  changePassword,
  ensureFirstAdministrator,
  inviteOperator,
  listNames,
  listOperators,
  readOperator,
  resetPassword,
} from "./service";
import { actorOfSession, listSessions, openSession, revokeSession, revokeSessionsOf, sweepSessions } from "./sessions/service";
import { signInWithPassword } from "./sign-in/service";
import { makeOperator, TEST_PASSWORD, TEST_SEALING_KEY } from "./testing";

let store: TestStore;
const now = Date.UTC(2026, 5, 18, 3, 12, 41);
const anna = { email: "anna@example.test", name: "Anna", role: "operator", zones: ["orders"], password: true } as const;
const signIn = (email: string, password: string, at = now) =>
  signInWithPassword(store.db, at, { email, password, ip: null, userAgent: "" }, TEST_SEALING_KEY);

async function personalToken(of: Awaited<ReturnType<typeof makeOperator>>): Promise<string> {
  const asked = parseTokenRequest({ kind: "personal", name: "script", role: "viewer", zones: null, expiresInDays: 30, key: "k" });
  return (await createToken(of.ctx, asked)).secret!;
}

beforeEach(async () => {
  store = await testStore(8);
});
afterEach(() => store.close());

test("four processes start at once: one makes the first administrator and gets the password", async () => {
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => ensureFirstAdministrator(store.db, { email: "Root@Example.test" })),
  );
  const made = answers.filter((answer) => answer !== null);
  expect(made).toHaveLength(1);
  expect(await firstRow(store.db, sql`select count(*) as n from operator`)).toEqual({ n: 1 });
  expect(await firstRow(store.db, sql`select count(*) as n from audit_entry where action = 'operator.invite'`)).toEqual({ n: 1 });
  await expect(signIn(made[0]!.email, made[0]!.password)).resolves.toMatchObject({ operatorId: expect.any(String) });
  expect(await ensureFirstAdministrator(store.db, { email: "other@example.test" })).toBeNull();
});

test("a first password from the environment is held to everybody's rule", async () => {
  await expect(ensureFirstAdministrator(store.db, { email: "root@example.test", password: "short" })).rejects.toMatchObject({
    kind: "invalid",
  });
  expect(await ensureFirstAdministrator(store.db, { email: "root@example.test", password: TEST_PASSWORD })).toEqual({
    email: "root@example.test",
    password: TEST_PASSWORD,
  });
});

test("an invited person signs in with the password that was shown once", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const { operatorId, password } = await inviteOperator(admin.ctx, { ...anna, zones: ["orders"] });
  expect(await signIn("ANNA@example.test ", password!)).toMatchObject({ operatorId });
  await expect(inviteOperator(admin.ctx, { ...anna, zones: null })).rejects.toMatchObject({ kind: "conflict" });
  const stored = await firstRow(
    store.db,
    sql`select o::text as operator, (select string_agg(e::text, '') from audit_entry e) as audit from operator o where id = ${operatorId}::uuid`,
  );
  expect(JSON.stringify(stored)).not.toContain(password);
});

test("S7: a password that somebody else has seen is for one use, and one's own is not", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const { operatorId, password } = await inviteOperator(admin.ctx, { ...anna, zones: null });
  const { sessionId } = await signIn(anna.email, password!);
  const actor = (await actorOfSession(store.db, sessionId, now))!;
  expect(actor.mustChangePassword).toBe(true);
  await changePassword({ db: store.db, actor, now }, { current: password!, next: "a password of Anna's own" });
  expect(await actorOfSession(store.db, sessionId, now)).not.toHaveProperty("mustChangePassword");
  await expect(signIn(anna.email, password!)).rejects.toMatchObject({ kind: "unauthenticated" });

  // Who comes in by the provider has not used it.
  const reset = await resetPassword(admin.ctx, { operatorId });
  const byProvider = await openSession(
    store.db,
    now,
    { ...actor, id: operatorId },
    { ip: null, userAgent: "", how: "openid_connect" },
  );
  expect(await actorOfSession(store.db, byProvider!, now)).not.toHaveProperty("mustChangePassword");
  const again = await signIn(anna.email, reset.password!);
  expect(await actorOfSession(store.db, again.sessionId, now)).toMatchObject({ mustChangePassword: true });
  // One that whoever starts Accord gave themselves is theirs.
  const full = await makeOperator(store.db, now, { name: "Own" });
  expect(await actorOfSession(store.db, full.actor.sessionId, now)).not.toHaveProperty("mustChangePassword");
});

test("of two changes of a password at once one counts, and the other is told", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const nexts = ["the first of two passwords", "the second of two passwords"];
  const outcomes = await Promise.allSettled(nexts.map((next) => changePassword(vera.ctx, { current: TEST_PASSWORD, next })));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const won = nexts[outcomes.findIndex(({ status }) => status === "fulfilled")]!;
  await expect(signIn(vera.email, won)).resolves.toMatchObject({ operatorId: vera.id });
});

test("a sign-in that is under way while the password is reset opens no session", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  let signing: Promise<unknown> | undefined;
  await store.db.transaction(async (tx) => {
    await resetPassword({ ...admin.ctx, db: tx }, { operatorId: vera.id });
    signing = signIn(vera.email, TEST_PASSWORD).then(
      () => "it opened one",
      (error: { kind: string }) => error.kind,
    );
    await until(() => isWaiting(store));
  });
  expect(await signing).toBe("unauthenticated");
});

/** Whether a connection of this store waits for another one's row. */
const isWaiting = async ({ db }: TestStore): Promise<boolean> =>
  (await firstRow(
    db,
    sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into session%'`,
  )) !== null;

test("only an administrator for all zones invites, changes and lists; the attempt of another is recorded", async () => {
  for (const person of [
    await makeOperator(store.db, now, { role: "approver" }),
    await makeOperator(store.db, now, { role: "administrator", zones: ["orders"], name: "limited" }),
  ]) {
    await expect(inviteOperator(person.ctx, { ...anna, zones: null })).rejects.toMatchObject({ kind: "forbidden" });
    await expect(changeOperator(person.ctx, { operatorId: person.id, role: "administrator", zones: null })).rejects.toMatchObject(
      { kind: "forbidden" },
    );
    await expect(resetPassword(person.ctx, { operatorId: person.id })).rejects.toMatchObject({ kind: "forbidden" });
    await expect(listOperators(person.ctx)).rejects.toMatchObject({ kind: "forbidden" });
    expect((await listNames(person.ctx)).length).toBeGreaterThan(0);
    const denied = await rows(
      store.db,
      sql`select action from audit_entry where operator_id = ${person.id}::uuid and result = 'denied' order by id`,
    );
    expect(denied).toEqual([{ action: "operator.invite" }, { action: "operator.change" }, { action: "operator.reset_password" }]);
  }
});

test("two last administrators demote each other at once: one of them stays", async () => {
  const ada = await makeOperator(store.db, now, { role: "administrator", name: "Ada" });
  const bob = await makeOperator(store.db, now, { role: "administrator", name: "Bob" });
  const outcomes = await Promise.allSettled([
    changeOperator(ada.ctx, { operatorId: bob.id, role: "viewer" }),
    changeOperator(bob.ctx, { operatorId: ada.id, active: false }),
  ]);
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(
    await firstRow(store.db, sql`select count(*) as n from operator where active and role = 'administrator' and zones is null`),
  ).toEqual({ n: 1 });
});

test("the last administrator is neither demoted, limited to zones nor switched off", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  for (const change of [{ role: "approver" as const }, { zones: ["orders"] }, { active: false }])
    await expect(changeOperator(admin.ctx, { operatorId: admin.id, ...change })).rejects.toMatchObject({ kind: "conflict" });
  await expect(changeOperator(admin.ctx, { operatorId: admin.id, name: "Root" })).resolves.toMatchObject({ name: "Root" });
});

test("a change of role counts from the person's next request, and the audit tells both sides", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const oscar = await makeOperator(store.db, now, { name: "Oscar" });
  await changeOperator(admin.ctx, { operatorId: oscar.id, role: "viewer", zones: ["orders"] });
  expect(await actorOfSession(store.db, oscar.actor.sessionId, now)).toMatchObject({ role: "viewer", zones: ["orders"] });
  expect(await firstRow(store.db, sql`select detail from audit_entry where action = 'operator.change'`)).toEqual({
    detail: {
      before: { role: "operator", zones: null, active: true },
      after: { role: "viewer", zones: ["orders"], active: true },
    },
  });
});

test("who is switched off is out with the next request, and stays out when switched on again", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const oscar = await makeOperator(store.db, now, { name: "Oscar" });
  await changeOperator(admin.ctx, { operatorId: oscar.id, active: false });
  expect(await actorOfSession(store.db, oscar.actor.sessionId, now)).toBeNull();
  await expect(signIn(oscar.email, TEST_PASSWORD)).rejects.toMatchObject({ kind: "unauthenticated" });
  await changeOperator(admin.ctx, { operatorId: oscar.id, active: true });
  expect(await actorOfSession(store.db, oscar.actor.sessionId, now)).toBeNull();
});

test("a revoked session is nobody at once; one's own may be ended by anybody, another's by an administrator", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  await expect(revokeSession(vera.ctx, { sessionId: admin.actor.sessionId })).rejects.toMatchObject({ kind: "forbidden" });
  expect(await actorOfSession(store.db, admin.actor.sessionId, now)).not.toBeNull();
  expect(await revokeSession(vera.ctx, { sessionId: vera.actor.sessionId })).toEqual({ ended: true });
  expect(await actorOfSession(store.db, vera.actor.sessionId, now)).toBeNull();
  const again = await openSession(
    store.db,
    now,
    { ...vera.actor, id: vera.id },
    { ip: null, userAgent: "", how: "openid_connect" },
  );
  expect(await revokeSessionsOf(admin.ctx, { operatorId: vera.id })).toEqual({ ended: 1 });
  expect(await actorOfSession(store.db, again!, now)).toBeNull();
});

test("a session ends after twelve idle hours and after a week, and text that is no id is nobody", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const after = (hours: number) => actorOfSession(store.db, vera.actor.sessionId, now + hours * 3_600_000);
  expect(await after(12)).toBeNull();
  for (let hours = 11; hours < 168; hours += 11) expect(await after(hours)).not.toBeNull();
  expect(await after(168)).toBeNull();
  expect(await actorOfSession(store.db, "' or true --", now)).toBeNull();
});

test("people see their own sessions, and nobody else's", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const oscar = await makeOperator(store.db, now, { name: "Oscar" });
  expect(await listSessions(vera.ctx, { operatorId: vera.id })).toMatchObject([{ id: vera.actor.sessionId, userAgent: "test" }]);
  await expect(listSessions(vera.ctx, { operatorId: oscar.id })).rejects.toMatchObject({ kind: "forbidden" });
});

test("X29: one's own page and an administrator's view of it hold sessions and tokens; nobody else sees them", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  await personalToken(vera);
  for (const { ctx } of [admin, vera])
    expect(await readOperator(ctx, { operatorId: vera.id })).toMatchObject({
      operator: { name: "Vera", role: "viewer", signsInWith: "password", passwordOnce: false },
      sessions: [{ id: vera.actor.sessionId, how: "password" }],
      tokens: [{ name: "script" }],
    });
  const limited = await makeOperator(store.db, now, { role: "administrator", zones: ["orders"], name: "limited" });
  await expect(readOperator(limited.ctx, { operatorId: vera.id })).rejects.toMatchObject({ kind: "forbidden" });
  await expect(readOperator(admin.ctx, { operatorId: crypto.randomUUID() })).rejects.toMatchObject({ kind: "not_found" });
  // A session that was left alone is over, whatever its last day.
  const later = { ...admin.ctx, now: now + 13 * 3_600_000 };
  expect((await readOperator(later, { operatorId: vera.id })).sessions).toEqual([]);
});

test("a new password ends the other sessions, and a wrong present one is guessed five times at most", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const other = await openSession(
    store.db,
    now,
    { ...vera.actor, id: vera.id },
    { ip: null, userAgent: "", how: "openid_connect" },
  );
  const next = "another long password";
  // S10: a token that somebody made in another's session ends with the password.
  const token = await personalToken(vera);
  expect(await changePassword(vera.ctx, { current: TEST_PASSWORD, next })).toEqual({ endedSessions: 1 });
  expect(await actorOfToken(store.db, token, now)).toBeNull();
  expect(await actorOfSession(store.db, other!, now)).toBeNull();
  expect(await actorOfSession(store.db, vera.actor.sessionId, now)).not.toBeNull();
  await expect(signIn(vera.email, TEST_PASSWORD)).rejects.toMatchObject({ kind: "unauthenticated" });
  await expect(signIn(vera.email, next)).resolves.toMatchObject({ operatorId: vera.id });
  for (let i = 0; i < 5; i++)
    await expect(changePassword(vera.ctx, { current: "wrong", next })).rejects.toMatchObject({ kind: "invalid" });
  await expect(changePassword(vera.ctx, { current: next, next })).rejects.toMatchObject({ kind: "throttled" });
  // S9: a wrong present password is written down.
  expect(
    await rows(store.db, sql`select result, detail from audit_entry where action = 'operator.change_password' order by id`),
  ).toEqual([
    { result: "done", detail: {} },
    { result: "denied", detail: { why: "The present password is wrong." } },
  ]);
});

test("S15: one's own name, the present password and what everybody takes are no new password", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera Lindqvist" });
  for (const next of ["vera.lindqvist@example.test", "Lindqvist-2026", TEST_PASSWORD])
    await expect(changePassword(vera.ctx, { current: TEST_PASSWORD, next })).rejects.toMatchObject({
      kind: "invalid",
      detail: { field: "next" },
    });
  expect(() => parsePasswordChange({ current: TEST_PASSWORD, next: "Password1234" })).toThrow("common words");
  await expect(
    ensureFirstAdministrator(store.db, { email: "root@example.test", password: "aaaaaaaaaaaa" }),
  ).rejects.toMatchObject({
    kind: "invalid",
  });
});

test("a password that was reset is the only one, and open sessions end", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const token = await personalToken(vera);
  const { password } = await resetPassword(admin.ctx, { operatorId: vera.id, key: "reset" });
  // S10: the person's tokens end with the password.
  expect(await actorOfToken(store.db, token, now)).toBeNull();
  expect(await actorOfSession(store.db, vera.actor.sessionId, now)).toBeNull();
  await expect(signIn(vera.email, TEST_PASSWORD)).rejects.toMatchObject({ kind: "unauthenticated" });
  // S13: sent again it is the same reset, and neither makes a second password nor shows the first.
  const again = await Promise.all(
    Array.from({ length: 4 }, () => resetPassword(admin.ctx, { operatorId: vera.id, key: "reset" })),
  );
  expect(again).toEqual(Array.from({ length: 4 }, () => ({ password: null })));
  await expect(signIn(vera.email, password!)).resolves.toMatchObject({ operatorId: vera.id });
});

test("S13: whoever is invited twice by one request is one person, and their password is shown once", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const invitation = {
    email: "twice@example.test",
    name: "Twice",
    role: "viewer" as const,
    zones: null,
    password: true,
    key: "invite",
  };
  const answers = await Promise.all(Array.from({ length: 4 }, () => inviteOperator(admin.ctx, invitation)));
  expect(new Set(answers.map(({ operatorId }) => operatorId)).size).toBe(1);
  const shown = answers.flatMap(({ password }) => password ?? []);
  expect(shown).toHaveLength(1);
  await expect(signIn(invitation.email, shown[0]!)).resolves.toMatchObject({ operatorId: answers[0]!.operatorId });
  const kept = await firstRow<{ text: string }>(store.db, sql`select string_agg(k::text, ' ') as text from idempotency_key k`);
  expect(kept!.text).not.toContain(shown[0]!);
});

test("the sweep forgets ended sessions after a month and keeps the open ones", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  await sweepSessions(store.db, now);
  expect(await firstRow(store.db, sql`select count(*) as n from session`)).toEqual({ n: 1 });
  await sweepSessions(store.db, vera.ctx.now + 38 * 24 * 3_600_000);
  expect(await firstRow(store.db, sql`select count(*) as n from session`)).toEqual({ n: 0 });
});

test("input names the field that is wrong", () => {
  expect(() => parseInvitation({ ...anna, email: "anna" })).toThrow("email: is not an e-mail address.");
  expect(() => parseOperatorChange({ operatorId: "1" })).toThrow("operatorId: is not an id.");
  expect(() => parsePasswordChange({ current: "x", next: "short" })).toThrow("next: needs at least 12 characters.");
  expect(parseInvitation({ email: " Anna@Example.TEST ", name: "Anna", role: "viewer" })).toEqual({
    email: "anna@example.test",
    name: "Anna",
    role: "viewer",
    zones: null,
    password: true,
  });
});
