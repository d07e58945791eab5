import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstRow, rows } from "../../db/rows";
import { type TestStore, testStore } from "../../db/testing";
import { outcomeOf } from "../../outcome";
import { minutes, seconds } from "../../time";
import { parseTokenRequest } from "../../tokens/input";
import { actorOfToken, createToken } from "../../tokens/service";
import { operatorCommand } from "../command";
import { ensureFirstAdministrator, readOperator, resetPassword } from "../service";
import { actorOfSession, openSession } from "../sessions/service";
import { signInWithPassword } from "../sign-in/service";
import { makeOperator, TEST_PASSWORD, TEST_SEALING_KEY } from "../testing";
import { sealingKeyOf } from "./rules";
import { confirmFactor, removeFactor, removeFactorOf, startFactor } from "./service";
import { totpAt } from "./totp";
import { CODE_ASKED, UNREADABLE, WRONG_CODE } from "./words";

let store: TestStore;
let n = 0;
const now = Date.UTC(2026, 5, 18, 3, 12, 41);
const sealing = { sealingKey: TEST_SEALING_KEY, issuer: "Accord test" };
type Made = Awaited<ReturnType<typeof makeOperator>>;

beforeAll(async () => {
  store = await testStore(16);
});
afterAll(() => store.close());

const person = (role: "operator" | "administrator" = "operator") => makeOperator(store.db, now, { role, name: `Person ${++n}` });
const at = (of: Made, time: number) => ({ ...of.ctx, now: time });

/** Somebody with a second factor that was confirmed at `now`. */
async function withFactor(role: "operator" | "administrator" = "operator") {
  const one = await person(role);
  const { secret } = await startFactor(one.ctx, { password: TEST_PASSWORD, key: "begin" }, sealing);
  const { recoveryCodes } = await confirmFactor(one.ctx, { code: totpAt(secret!, now), key: "confirm" }, TEST_SEALING_KEY);
  return { ...one, secret: secret!, recoveryCodes: recoveryCodes! };
}

async function signIn(
  one: { email: string },
  code?: string,
  time = now,
  { password = TEST_PASSWORD, key = TEST_SEALING_KEY } = {},
) {
  const attempt = { email: one.email, password, code, ip: null, userAgent: "" };
  const outcome = await outcomeOf(() => signInWithPassword(store.db, time, attempt, key));
  return outcome.ok ? "in" : outcome.refusal.message;
}

test("S15: signing in takes password and code; without the code it is asked for, and a wrong one is told as a wrong password is", async () => {
  const one = await withFactor();
  const next = now + seconds(30);
  expect(await signIn(one, undefined, next)).toBe(CODE_ASKED);
  expect(await signIn(one, "", next)).toBe(CODE_ASKED);
  expect(await signIn(one, "000000", next)).toBe(WRONG_CODE);
  expect(await signIn(one, totpAt(one.secret, next), next, { password: "not this one" })).toBe(WRONG_CODE);
  expect(await signIn({ email: "nobody@example.test" }, "123456", next)).toBe(WRONG_CODE);
  expect(await signIn(one, totpAt(one.secret, next), next)).toBe("in");
  const said = await rows<{ detail: Record<string, unknown> }>(
    store.db,
    sql`select detail from audit_entry where operator_id = ${one.id}::uuid and action = 'session.open' and result = 'done' order by id`,
  );
  expect(said.at(-1)!.detail).toMatchObject({ how: "password", second: "totp" });
  const refused = sql`select 1 from audit_entry where target_id = ${one.id} and result = 'denied' and detail ->> 'why' = 'code'`;
  expect(await rows(store.db, refused)).toHaveLength(1);
});

test("S15: one code at once in four sign-ins lets one in, and none later; the next code lets in again", async () => {
  const one = await withFactor();
  const next = now + seconds(30);
  const code = totpAt(one.secret, next);
  const answers = await Promise.all(Array.from({ length: 4 }, () => signIn(one, code, next)));
  expect(answers.filter((answer) => answer === "in")).toHaveLength(1);
  expect(answers.filter((answer) => answer === WRONG_CODE)).toHaveLength(3);
  expect(await signIn(one, code, next)).toBe(WRONG_CODE);
  // Nor one of the step before, which a telephone that is late would show.
  expect(await signIn(one, totpAt(one.secret, now), next)).toBe(WRONG_CODE);
  const later = next + minutes(61);
  expect(await signIn(one, totpAt(one.secret, later), later)).toBe("in");
});

test("S15: the code that confirmed a second factor is used up by that", async () => {
  const one = await withFactor();
  expect(await signIn(one, totpAt(one.secret, now))).toBe(WRONG_CODE);
});

test("S15: a recovery code lets in once, of two at once one, and is stored as a hash", async () => {
  const one = await withFactor();
  expect(one.recoveryCodes).toHaveLength(10);
  expect(new Set(one.recoveryCodes).size).toBe(10);
  const [code, other] = one.recoveryCodes as [string, string];
  const answers = await Promise.all([signIn(one, code), signIn(one, code.replaceAll("-", " ").toUpperCase())]);
  expect(answers.toSorted()).toEqual([WRONG_CODE, "in"]);
  expect(await signIn(one, code)).toBe(WRONG_CODE);
  const stranger = await withFactor();
  expect(await signIn(stranger, other)).toBe(WRONG_CODE);
  expect((await readOperator(one.ctx, { operatorId: one.id })).operator).toMatchObject({
    secondFactorSince: now,
    recoveryCodesLeft: 9,
  });
  const stored = JSON.stringify([
    await rows(store.db, sql`select to_jsonb(c) as row from recovery_code c`),
    await rows(store.db, sql`select to_jsonb(f) as row from second_factor f`),
    await rows(store.db, sql`select to_jsonb(a) as row from audit_entry a`),
    await rows(store.db, sql`select to_jsonb(k) as row from idempotency_key k`),
  ]);
  for (const secret of [...one.recoveryCodes, one.secret, TEST_PASSWORD]) expect(stored).not.toContain(secret);
});

test("S15: codes are guessed five times at most, one after another or at once, and a right password forgets none of the wrong ones", async () => {
  const one = await withFactor();
  const next = now + seconds(30);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => signIn(one, `00000${i}`, next)));
  const judged = answers.filter((answer) => answer === WRONG_CODE).length;
  expect(judged).toBeLessThanOrEqual(5);
  expect(answers.filter((answer) => /^Too many (wrong codes|sign-ins failed)\./.test(answer))).toHaveLength(10 - judged);
  for (let i = judged; i < 5; i++) expect(await signIn(one, "999999", next)).toBe(WRONG_CODE);
  expect(await signIn(one, undefined, next)).toBe(CODE_ASKED);
  expect(await signIn(one, totpAt(one.secret, next), next)).toMatch(/^Too many wrong codes\. Try again in /);
  const later = next + seconds(60);
  expect(await signIn(one, totpAt(one.secret, later), later)).toBe("in");
});

test("S15: it is set up with the present password and a first code, once; other sessions end, and what was begun counts for nothing", async () => {
  const one = await person();
  const { email, ctx } = one;
  await expect(startFactor(ctx, {}, sealing)).rejects.toMatchObject({ kind: "invalid", detail: { field: "password" } });
  await expect(startFactor(ctx, { password: "wrong" }, sealing)).rejects.toMatchObject({
    message: "The present password is wrong.",
  });
  const first = await startFactor(ctx, { password: TEST_PASSWORD }, sealing);
  expect(await signIn({ email })).toBe("in");
  const second = await startFactor(ctx, { password: TEST_PASSWORD, key: "k" }, sealing);
  expect(await startFactor(ctx, { password: TEST_PASSWORD, key: "k" }, sealing)).toEqual({ secret: null, uri: null });
  const confirm = (code: string, time = now) => confirmFactor(at(one, time), { code }, TEST_SEALING_KEY);
  await expect(confirm(totpAt(first.secret!, now))).rejects.toMatchObject({ kind: "invalid", detail: { field: "code" } });
  const late = now + minutes(31);
  await expect(confirm(totpAt(second.secret!, late), late)).rejects.toMatchObject({ kind: "conflict" });
  const elsewhere = (await openSession(
    store.db,
    now,
    { ...one.actor, id: one.id },
    { ip: null, userAgent: "", how: "openid_connect" },
  ))!;
  const code = totpAt(second.secret!, now);
  const both = await Promise.allSettled([confirm(code), confirm(code)]);
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await actorOfSession(store.db, elsewhere, now)).toBeNull();
  expect(await actorOfSession(store.db, one.actor.sessionId, now)).not.toBeNull();
  await expect(startFactor(ctx, { password: TEST_PASSWORD }, sealing)).rejects.toMatchObject({ kind: "conflict" });
  expect(await rows(store.db, sql`select 1 from recovery_code where operator_id = ${one.id}::uuid`)).toHaveLength(10);
});

test("S15: one's own goes with password and code only; every attempt is in the audit", async () => {
  const one = await withFactor();
  const next = now + seconds(30);
  const remove = (typed: { password?: string; code: string }) => removeFactor(at(one, next), typed, TEST_SEALING_KEY);
  await expect(remove({ code: totpAt(one.secret, next) })).rejects.toMatchObject({ detail: { field: "password" } });
  await expect(remove({ password: TEST_PASSWORD, code: "000000" })).rejects.toMatchObject({ detail: { field: "code" } });
  expect(await signIn(one, undefined, next)).toBe(CODE_ASKED);
  expect(await remove({ password: TEST_PASSWORD, code: one.recoveryCodes[0]! })).toEqual({ removed: true });
  expect(await signIn(one, undefined, next)).toBe("in");
  const entries = sql`select result from audit_entry where action = 'second_factor.remove' and target_id = ${one.id} order by id`;
  expect(await rows(store.db, entries)).toEqual([{ result: "denied" }, { result: "done" }]);
  expect(await firstRow(store.db, sql`select 1 from recovery_code where operator_id = ${one.id}::uuid`)).toBeNull();
});

test("S15: an administrator removes somebody else's, never their own so; sessions and personal tokens end", async () => {
  const admin = await withFactor("administrator");
  const one = await withFactor();
  const asked = parseTokenRequest({ kind: "personal", name: "script", role: "viewer", expiresInDays: 30, key: "k" });
  const { secret } = await createToken(one.ctx, asked);
  await expect(removeFactorOf(one.ctx, { operatorId: admin.id })).rejects.toMatchObject({ kind: "forbidden" });
  await expect(removeFactorOf(admin.ctx, { operatorId: admin.id })).rejects.toMatchObject({ kind: "conflict" });
  expect(await removeFactorOf(admin.ctx, { operatorId: one.id })).toEqual({ removed: true });
  await expect(removeFactorOf(admin.ctx, { operatorId: one.id })).rejects.toMatchObject({ kind: "conflict" });
  expect(await actorOfSession(store.db, one.actor.sessionId, now)).toBeNull();
  expect(await actorOfToken(store.db, secret!, now)).toBeNull();
  expect(await signIn(one)).toBe("in");
  const entries = sql`select result, operator_id as by from audit_entry where action = 'second_factor.remove_other' and target_id = ${one.id} and result = 'done'`;
  expect(await rows(store.db, entries)).toEqual([{ result: "done", by: admin.id }]);
});

test("S15: a password that is reset leaves the second factor where it is: who resets it does not come in with it", async () => {
  const admin = await person("administrator");
  const one = await withFactor();
  const { password } = await resetPassword(admin.ctx, { operatorId: one.id });
  expect(await signIn(one, undefined, now, { password: password! })).toBe(CODE_ASKED);
});

test("S15: another secret of the application reads no second factor and says so; recovery codes go on", async () => {
  const one = await withFactor();
  const next = now + seconds(30);
  const key = sealingKeyOf("another secret");
  expect(await signIn(one, totpAt(one.secret, next), next, { key })).toBe(UNREADABLE);
  expect(await signIn(one, one.recoveryCodes[0], next, { key })).toBe("in");
});

test("S15: who comes in through the provider has theirs there; nobody sets one up by a token", async () => {
  const one = await person();
  await store.db.execute(sql`update operator set password_hash = null where id = ${one.id}::uuid`);
  await expect(startFactor(one.ctx, {}, sealing)).rejects.toMatchObject({ kind: "conflict" });
  const byToken = { ...one.ctx, actor: { ...one.actor, sessionId: null, token: { id: "t", name: "script" } } };
  await expect(startFactor(byToken, {}, sealing)).rejects.toMatchObject({ kind: "forbidden" });
});

test("S15: where one is required, a session by password without one may nothing but set it up", async () => {
  const one = await person();
  const required = () => actorOfSession(store.db, one.actor.sessionId, now, "required");
  expect(await required()).toMatchObject({ mustSetSecondFactor: true });
  expect(await actorOfSession(store.db, one.actor.sessionId, now, "optional")).not.toHaveProperty("mustSetSecondFactor");
  const { secret } = await startFactor(one.ctx, { password: TEST_PASSWORD }, sealing);
  expect(await required()).toMatchObject({ mustSetSecondFactor: true });
  await confirmFactor(one.ctx, { code: totpAt(secret!, now) }, TEST_SEALING_KEY);
  expect(await required()).not.toHaveProperty("mustSetSecondFactor");
  const byProvider = { ip: null, userAgent: "", how: "openid_connect" } as const;
  const other = await person();
  const session = (await openSession(store.db, now, { ...other.actor, id: other.id }, byProvider))!;
  expect(await actorOfSession(store.db, session, now, "required")).not.toHaveProperty("mustSetSecondFactor");
});

test("S15: whoever reaches the store takes a second factor away by command, and the last way back in has none", async () => {
  const one = await withFactor("administrator");
  const lines = await operatorCommand(store.db, ["remove-second-factor", one.email], now);
  expect(lines).toMatchObject({ exitCode: 0, lines: [expect.stringContaining("signs in with the password alone")] });
  expect(await operatorCommand(store.db, ["remove-second-factor", one.email], now)).toMatchObject({ exitCode: 2 });
  const last = await withFactor("administrator");
  await store.db.execute(sql`update operator set active = false where role = 'administrator'`);
  const back = await ensureFirstAdministrator(store.db, { email: last.email, password: "a way back into the house" }, now);
  expect(await signIn(last, undefined, now, { password: back!.password })).toBe("in");
});
