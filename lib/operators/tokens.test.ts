import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import { minutes, seconds } from "../time";
import { parseOwnTokenRequest } from "./input";
import { SIGN_IN_AGAIN } from "./proof";
import { actorOfSession, openSession } from "./sessions/service";
import { signInWithOidc, signInWithPassword } from "./sign-in/service";
import { makeOperator, TEST_PASSWORD, TEST_SEALING_KEY } from "./testing";
import { makeToken, readTokens } from "./tokens";

let store: TestStore;
const now = Date.UTC(2026, 5, 18, 3, 12, 41);
let n = 0;
const asked = (over: Record<string, unknown> = {}) =>
  parseOwnTokenRequest({ name: `script ${++n}`, role: "viewer", expiresInDays: 30, key: `press-${n}`, ...over });
const deniedOf = (name: string) =>
  rows<{ action: string; why: string }>(
    store.db,
    sql`select action, detail ->> 'why' as why from audit_entry where target_id = ${name} and result = 'denied' order by id`,
  );
const mapping = {
  ...{ issuer: "https://id.example", roleClaim: null, roleMap: {}, zonesClaim: null },
  ...{ defaultRole: "operator" as const, emailIsVerified: true },
};

beforeAll(async () => {
  store = await testStore(8);
});
afterAll(() => store.close());

/** Somebody who came in through the provider, `ago` before now; `proved`: when the provider says that they gave the proof. */
async function fromProvider(sub: string, { ago = 0, proved }: { ago?: number; proved?: number } = {}) {
  const at = now - ago;
  const claims = { sub, email: `${sub}@example.test`, name: sub, ...(proved !== undefined && { auth_time: proved / 1_000 }) };
  const { sessionId } = await signInWithOidc(store.db, at, claims, mapping);
  return { db: store.db, actor: (await actorOfSession(store.db, sessionId, at))!, now };
}

test("S10: making a token, one's own or a service's, takes the present password; without it or with a wrong one nothing is made, and the attempt is in the audit", async () => {
  const anna = await makeOperator(store.db, now, { role: "administrator", name: "Anna" });
  for (const kind of ["personal", "service"] as const) {
    const without = asked({ kind });
    await expect(makeToken(anna.ctx, without)).rejects.toMatchObject({ kind: "invalid", detail: { field: "password" } });
    const wrong = asked({ kind, password: "not this one" });
    await expect(makeToken(anna.ctx, wrong)).rejects.toMatchObject({
      kind: "invalid",
      message: "The present password is wrong.",
    });
    const action = kind === "service" ? "token.create_service" : "token.create";
    for (const { name } of [without, wrong]) expect(await deniedOf(name)).toMatchObject([{ action }]);
  }
  expect(await rows(store.db, sql`select 1 from token where operator_id = ${anna.id}::uuid`)).toEqual([]);
  for (const kind of ["personal", "service"] as const)
    expect((await makeToken(anna.ctx, asked({ kind, password: TEST_PASSWORD }))).secret).toMatch(/^acc_/);
});

test("S10: the password is in no entry of the audit and in no answer that is kept for a repeat, not even as part of a hash", async () => {
  const omar = await makeOperator(store.db, now, { name: "Omar" });
  const request = asked({ password: TEST_PASSWORD });
  const made = await makeToken(omar.ctx, request);
  expect(await makeToken(omar.ctx, request)).toMatchObject({ token: { id: made.token.id }, secret: null, repeated: true });
  // The same request under its key, whatever the password was: it is no part of what is compared.
  const { password: _, ...bare } = request;
  const hashes = await rows<{ hash: string }>(store.db, sql`select request_hash as hash from idempotency_key`);
  const { createHash } = await import("node:crypto");
  const { key: __, ...plain } = bare;
  expect(hashes.map(({ hash }) => hash)).toContain(createHash("sha256").update(JSON.stringify(plain)).digest("hex"));
  expect(JSON.stringify(await rows(store.db, sql`select to_jsonb(a) as entry from audit_entry a`))).not.toContain(TEST_PASSWORD);
});

test("S10: guessing at the password through tokens is blocked as guessing at the sign-in is, and counts with it", async () => {
  const gus = await makeOperator(store.db, now, { name: "Gus" });
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, () => makeToken(gus.ctx, asked({ password: "a wrong password" }))),
  );
  const kinds = answers.map((answer) => (answer.status === "rejected" ? (answer.reason as { kind: string }).kind : "made"));
  expect(kinds.filter((kind) => kind === "invalid")).toHaveLength(5);
  expect(kinds.filter((kind) => kind === "throttled")).toHaveLength(15);
  const attempt = { email: gus.email, password: TEST_PASSWORD, ip: null, userAgent: "" };
  await expect(signInWithPassword(store.db, now, attempt, TEST_SEALING_KEY)).rejects.toMatchObject({ kind: "throttled" });
});

test("S10: who comes through a provider needs a sign-in of the last ten minutes, by the provider's own time where it says one", async () => {
  const stale =
    "Sign in once more first: a secret of yours outlives this session, so it takes a sign-in of the last ten minutes.";
  expect(SIGN_IN_AGAIN).toBe(stale);
  const cases = [
    { sub: "fresh", over: {}, proof: "nothing" },
    { sub: "nine", over: { ago: minutes(10) - seconds(1) }, proof: "nothing" },
    { sub: "eleven", over: { ago: minutes(11) }, proof: "sign_in" },
    // The provider remembered them: the session is new, the proof is of this morning.
    { sub: "remembered", over: { proved: now - minutes(240) }, proof: "sign_in" },
    { sub: "asked", over: { proved: now - seconds(5) }, proof: "nothing" },
    // No provider moves the proof past the sign-in.
    { sub: "tomorrow", over: { ago: minutes(11), proved: now + minutes(60) }, proof: "sign_in" },
  ] as const;
  for (const { sub, over, proof } of cases) {
    const ctx = await fromProvider(sub, over);
    expect([sub, (await readTokens(ctx)).proof]).toEqual([sub, proof]);
    const request = asked();
    if (proof === "nothing") expect((await makeToken(ctx, request)).secret).toMatch(/^acc_/);
    else {
      await expect(makeToken(ctx, request)).rejects.toMatchObject({ kind: "forbidden", message: stale });
      // A password that somebody types helps nobody who has none.
      await expect(makeToken(ctx, { ...request, password: "anything" })).rejects.toMatchObject({ message: stale });
      expect(await deniedOf(request.name)).toEqual([{ action: "token.create", why: stale }]);
    }
  }
});

test("S10: who has both may give either; a session by password is none of the provider's, however new", async () => {
  const bea = await makeOperator(store.db, now, { name: "Bea" });
  expect((await readTokens(bea.ctx)).proof).toBe("password");
  const from = { ip: null, userAgent: "", how: "openid_connect" } as const;
  const old = (await openSession(store.db, now - minutes(30), { ...bea.actor, id: bea.id }, from))!;
  const ctx = { ...bea.ctx, actor: { ...bea.actor, sessionId: old } };
  expect((await readTokens(ctx)).proof).toBe("password");
  await expect(makeToken(ctx, asked({ password: TEST_PASSWORD }))).resolves.toMatchObject({ repeated: false });
  const fresh = (await openSession(store.db, now, { ...bea.actor, id: bea.id }, from))!;
  await expect(makeToken({ ...ctx, actor: { ...bea.actor, sessionId: fresh } }, asked())).resolves.toMatchObject({
    repeated: false,
  });
});

test("S10: who may not make a token is told so, whatever they show", async () => {
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  const request = asked({ kind: "service", password: "wrong" });
  await expect(makeToken(vera.ctx, request)).rejects.toMatchObject({ kind: "forbidden" });
  expect(await deniedOf(request.name)).toMatchObject([{ action: "token.create_service" }]);
  expect(await rows(store.db, sql`select 1 from sign_in_throttle where key like 'email:%' and failures = 1`)).toEqual([]);
});
