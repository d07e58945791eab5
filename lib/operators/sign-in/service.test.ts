import { createHook } from "node:async_hooks";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firstRow, rows } from "../../db/rows";
import { type TestStore, testStore } from "../../db/testing";
import { outcomeOf } from "../../outcome";
import { changeOperator, inviteOperator } from "../service";
import { actorOfSession } from "../sessions/service";
import { makeOperator, TEST_PASSWORD, TEST_SEALING_KEY } from "../testing";
import type { OidcMapping } from "./rules";
import { signInWithOidc, signInWithPassword } from "./service";

let store: TestStore;
const now = Date.UTC(2026, 5, 18, 3, 12, 41);
const attempt = (email: string, password: string, { at = now, ip = null as string | null } = {}) =>
  outcomeOf(() => signInWithPassword(store.db, at, { email, password, ip, userAgent: "test" }, TEST_SEALING_KEY));
const kindOf = (outcome: Awaited<ReturnType<typeof attempt>>) => (outcome.ok ? "in" : outcome.refusal.kind);

beforeEach(async () => {
  store = await testStore(12);
});
afterEach(() => store.close());

test("an unknown e-mail, a wrong password and an inactive account are told the same", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const off = await makeOperator(store.db, now, { role: "viewer", name: "Off" });
  await changeOperator(admin.ctx, { operatorId: off.id, active: false });
  const answers = [
    await attempt("nobody@example.test", TEST_PASSWORD),
    await attempt(vera.email, "wrong"),
    await attempt(off.email, TEST_PASSWORD),
    await attempt("", ""),
  ];
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await attempt(vera.email, TEST_PASSWORD)).toMatchObject({ ok: true, value: { operatorId: vera.id } });
});

test("an unknown e-mail costs what a wrong password costs: the same hash is computed for both", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera", full: true });
  let hashesN = 0;
  const init = (_id: number, type: string) => {
    if (type === "SCRYPTREQUEST") hashesN++;
  };
  const hook = createHook({ init }).enable();
  const hashesOf = async (email: string) => {
    const before = hashesN;
    await attempt(email, "wrong");
    return hashesN - before;
  };
  expect([await hashesOf(vera.email), await hashesOf("nobody@example.test"), await hashesOf("")]).toEqual([1, 1, 1]);
  hook.disable();
});

test("thirty guesses at once at one e-mail: five are judged, the others are told until when", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const answers = await Promise.all(Array.from({ length: 30 }, () => attempt(vera.email, "wrong")));
  const kinds = answers.map(kindOf);
  expect(kinds.filter((kind) => kind === "unauthenticated")).toHaveLength(5);
  expect(kinds.filter((kind) => kind === "throttled")).toHaveLength(25);
  expect(answers.find((answer) => kindOf(answer) === "throttled")).toMatchObject({
    refusal: { message: "Too many sign-ins failed. Try again in 30 s.", detail: { blockedUntil: now + 30_000 } },
  });
});

test("a block holds against the right password too, doubles with every failure after it, and ends", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  for (let i = 0; i < 5; i++) await attempt(vera.email, "wrong");
  expect(kindOf(await attempt(vera.email, TEST_PASSWORD, { at: now + 29_999 }))).toBe("throttled");
  expect(kindOf(await attempt(vera.email, "wrong", { at: now + 30_000 }))).toBe("unauthenticated");
  expect(await attempt(vera.email, "wrong", { at: now + 30_001 })).toMatchObject({
    refusal: { detail: { blockedUntil: now + 90_000 } },
  });
  expect(kindOf(await attempt(vera.email, TEST_PASSWORD, { at: now + 90_000 }))).toBe("in");
  expect(kindOf(await attempt(vera.email, "wrong", { at: now + 90_001 }))).toBe("unauthenticated");
});

test("no block lasts longer than a quarter of an hour", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  let at = now;
  for (let i = 0; i < 40; i++) {
    const answer = await attempt(vera.email, "wrong", { at });
    const until = answer.ok ? 0 : Number(answer.refusal.detail.blockedUntil ?? at);
    expect(until - at).toBeLessThanOrEqual(15 * 60_000);
    at = Math.max(at, until);
  }
});

test("one address that tries many e-mails is blocked, and others are not", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  // Whom nobody knows costs a full hash each.
  const names = Array.from({ length: 10 }, (_, n) => `Guess ${n}`);
  const guessed = await Promise.all(names.map((name) => makeOperator(store.db, now, { role: "viewer", name })));
  for (let i = 0; i < 5; i++) await Promise.all(guessed.map(({ email }) => attempt(email, "wrong", { ip: "203.0.113.9" })));
  expect(kindOf(await attempt(vera.email, TEST_PASSWORD, { ip: "203.0.113.9" }))).toBe("throttled");
  expect(kindOf(await attempt(vera.email, TEST_PASSWORD, { ip: "198.51.100.7" }))).toBe("in");
});

test("an office that signs in from one address all day is never blocked", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  for (let i = 0; i < 60; i++) expect(kindOf(await attempt(vera.email, TEST_PASSWORD, { ip: "203.0.113.9" }))).toBe("in");
});

test("a sign-in and a failure are recorded, the typed e-mail is not", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  await attempt("my secret password", "x");
  await attempt(vera.email, "wrong");
  await attempt(vera.email, TEST_PASSWORD);
  const entries = await rows(
    store.db,
    sql`select actor_kind, result, target_id = ${vera.id} as vera from audit_entry where action = 'session.open' order by id`,
  );
  expect(entries.slice(1)).toEqual([
    { actor_kind: "stranger", result: "denied", vera: false },
    { actor_kind: "stranger", result: "denied", vera: true },
    { actor_kind: "operator", result: "done", vera: false },
  ]);
  const stored = await rows(store.db, sql`select t::text from sign_in_throttle t union all select e::text from audit_entry e`);
  expect(JSON.stringify(stored)).not.toContain("secret");
});

test("S9: a sign-in and every refused one say where they came from, by whatever door", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const from = { ip: "203.0.113.9", userAgent: `Browser ${"x".repeat(10_000)}` };
  const way = (email: string, password: string) =>
    outcomeOf(() => signInWithPassword(store.db, now, { email, password, ...from }, TEST_SEALING_KEY));
  await way(vera.email, TEST_PASSWORD);
  for (let i = 0; i < 6; i++) await way(vera.email, "wrong");
  await outcomeOf(() => signInWithOidc(store.db, now, { sub: "1", email: "stray@example.test", groups: [] }, mapping, from));
  const entries = await rows<{ result: string; detail: Record<string, unknown> }>(
    store.db,
    sql`select result, detail from audit_entry where detail ? 'agent' and detail ->> 'address' is not null order by id`,
  );
  expect(entries.map(({ result, detail }) => [result, detail.why ?? "-"])).toEqual([
    ["done", "-"],
    ["denied", "-"],
    ["denied", "throttled"],
    ["denied", "unverified_email"],
  ]);
  for (const { detail } of entries) {
    expect(detail.address).toBe("203.0.113.9");
    expect(detail.agent).toHaveLength(200);
  }
});

const mapping: OidcMapping = {
  issuer: "https://id.example.test",
  roleClaim: "groups",
  roleMap: { "accord-admins": "administrator", oncall: "operator" },
  zonesClaim: null,
  defaultRole: null,
  emailIsVerified: false,
};
const claims = (over: Record<string, unknown> = {}) => ({
  sub: "subject-1",
  email: "Nina@Example.test",
  email_verified: true,
  name: "Nina",
  groups: ["oncall"],
  ...over,
});
const oidc = (given: Record<string, unknown>, over: Partial<OidcMapping> = {}) =>
  outcomeOf(() => signInWithOidc(store.db, now, given, { ...mapping, ...over }));

test("a first sign-in through the provider makes one operator, however many happen at once", async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => oidc(claims())));
  expect(new Set(answers.map((answer) => answer.ok && answer.value.operatorId)).size).toBe(1);
  const first = answers[0]!;
  expect(first.ok && (await actorOfSession(store.db, first.value.sessionId, now))).toMatchObject({
    name: "Nina",
    role: "operator",
    zones: null,
  });
});

test("each sign-in reads role and zones anew, and no group means no entry", async () => {
  await oidc(claims());
  const promoted = await oidc(claims({ groups: ["oncall", "accord-admins"], zones: ["orders"] }), { zonesClaim: "zones" });
  expect(promoted.ok && (await actorOfSession(store.db, promoted.value.sessionId, now))).toMatchObject({
    role: "administrator",
    zones: ["orders"],
  });
  expect(await oidc(claims({ groups: ["golf"] }))).toMatchObject({
    ok: false,
    refusal: { kind: "forbidden", detail: { code: "no_role" } },
  });
  expect(await oidc(claims({ groups: ["golf"] }), { defaultRole: "viewer" })).toMatchObject({ ok: true });
});

test("an e-mail that the provider has not verified opens nobody's account", async () => {
  const vera = await makeOperator(store.db, now, { role: "administrator", name: "Nina" });
  for (const email_verified of [false, undefined, "true"])
    expect(await oidc(claims({ email_verified, groups: ["accord-admins"] }))).toMatchObject({
      refusal: { detail: { code: "unverified_email" } },
    });
  expect(await oidc(claims({ email_verified: false }), { emailIsVerified: true })).toMatchObject({
    refusal: { detail: { code: "unverified_email" } },
  });
  expect(await firstRow(store.db, sql`select oidc_subject from operator where id = ${vera.id}::uuid`)).toEqual({
    oidc_subject: null,
  });
});

test("a verified e-mail ties the invited person to one identity, and a second identity is refused", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const { operatorId } = await inviteOperator(admin.ctx, {
    email: "nina@example.test",
    name: "Nina K.",
    role: "approver",
    zones: ["orders"],
    password: false,
  });
  const roles = { roleClaim: null };
  expect(await oidc(claims(), roles)).toMatchObject({ value: { operatorId } });
  expect(await oidc(claims({ sub: "subject-2" }), roles)).toMatchObject({ refusal: { detail: { code: "taken_email" } } });
  expect(await oidc(claims(), { ...roles, issuer: "https://other.example.test" })).toMatchObject({
    refusal: { detail: { code: "taken_email" } },
  });
  expect(await oidc(claims({ email: "moved@example.test" }), roles)).toMatchObject({ value: { operatorId } });
  expect(await firstRow(store.db, sql`select role, zones, name from operator where id = ${operatorId}::uuid`)).toEqual({
    role: "approver",
    zones: ["orders"],
    name: "Nina K.",
  });
});

test("who is switched off stays out, whatever the provider says", async () => {
  const admin = await makeOperator(store.db, now, { role: "administrator" });
  const nina = await oidc(claims());
  await changeOperator(admin.ctx, { operatorId: nina.ok ? nina.value.operatorId : "", active: false });
  expect(await oidc(claims({ groups: ["accord-admins"] }))).toMatchObject({ refusal: { detail: { code: "inactive" } } });
});

test("S10: with the role that a provider takes away, sessions that are open end, and it is on record", async () => {
  const nina = await oidc(claims({ groups: ["oncall"] }));
  const { operatorId, sessionId } = nina.ok ? nina.value : { operatorId: "", sessionId: "" };
  expect(await actorOfSession(store.db, sessionId, now)).toMatchObject({ operatorId });
  expect(await oidc(claims({ groups: ["gardeners"] }))).toMatchObject({ refusal: { detail: { code: "no_role" } } });
  expect(await actorOfSession(store.db, sessionId, now)).toBeNull();
  expect(await firstRow(store.db, sql`select actor_name as by, detail from audit_entry where action = 'session.revoke'`)).toEqual(
    { by: "OpenID Connect", detail: { ended: 1, tokens: 0, why: "no_role" } },
  );
});

test("the provider does not take the last administrator away", async () => {
  await oidc(claims({ groups: ["accord-admins"] }));
  const demoted = await oidc(claims({ groups: ["oncall"] }));
  expect(demoted.ok && (await actorOfSession(store.db, demoted.value.sessionId, now))).toMatchObject({ role: "administrator" });
});
