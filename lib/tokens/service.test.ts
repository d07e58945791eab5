import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listAudit } from "../audit/service";
import { audited } from "../audited";
import type { Ctx } from "../context";
import { firstRow, rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import { changeOperator, changePassword, resetPassword } from "../operators/service";
import { makeOperator, TEST_PASSWORD } from "../operators/testing";
import { can, canRead, zoneFilter } from "../permissions";
import { days, minutes } from "../time";
import { parseTokenRequest, type TokenRequest } from "./input";
import { actorOfToken, createToken, listTokens, revokeToken, sweepTokens } from "./service";

let store: TestStore;
let admin: Awaited<ReturnType<typeof makeOperator>>;
let omar: Awaited<ReturnType<typeof makeOperator>>;
const now = Date.UTC(2026, 5, 18, 3, 12, 41);
let n = 0;
const request = (over: Partial<TokenRequest> = {}): TokenRequest =>
  parseTokenRequest({ name: `script ${++n}`, role: "viewer", expiresInDays: 30, key: `press-${n}`, ...over });

beforeAll(async () => {
  store = await testStore(8);
  admin = await makeOperator(store.db, now, { role: "administrator", name: "Anna" });
  omar = await makeOperator(store.db, now, { role: "operator", name: "Omar", zones: ["orders", "ledger"] });
});
afterAll(() => store.close());

async function made(ctx: Ctx, over: Partial<TokenRequest> = {}) {
  const { token, secret } = await createToken(ctx, request(over));
  const actor = await actorOfToken(store.db, secret!, now);
  return { token, secret: secret!, actor: actor!, ctx: { db: store.db, actor: actor!, now } as Ctx };
}
const stillOpens = async (secret: string, at = now) => (await actorOfToken(store.db, secret, at)) !== null;

test("a secret is shown once and stored nowhere; it speaks for its owner", async () => {
  const { token, secret, actor } = await made(omar.ctx, { role: "operator" });
  expect(secret).toMatch(/^acc_[\w-]{43}$/);
  expect(token.prefix).toBe(secret.slice(0, 10));
  expect(actor).toEqual({ ...omar.actor, sessionId: null, token: { id: token.id, name: token.name } });
  for (const table of ["token", "audit_entry"])
    expect(
      await firstRow(store.db, sql`select 1 from ${sql.raw(table)} t where t::text like ${`%${secret.slice(12)}%`}`),
    ).toBeNull();
  expect(JSON.stringify(await listTokens(omar.ctx))).not.toContain(secret.slice(12));
});

test("a request sent again is the same token, without its secret; ten at once make one, with one entry", async () => {
  const same = request({ name: "ten at once" });
  const answers = await Promise.all(Array.from({ length: 10 }, () => createToken(omar.ctx, same)));
  expect(new Set(answers.map(({ token }) => token.id)).size).toBe(1);
  expect(answers.filter(({ secret }) => secret !== null)).toHaveLength(1);
  expect(answers.filter(({ repeated }) => repeated)).toHaveLength(9);
  expect(
    await rows(store.db, sql`select 1 from audit_entry where action = 'token.create' and target_id = 'ten at once'`),
  ).toHaveLength(1);
  await expect(createToken(omar.ctx, { ...same, role: "operator" })).rejects.toMatchObject({
    kind: "conflict",
    message: "This Idempotency-Key was used for another request. Send a new key.",
  });
});

test("a personal token may no more than it was made for, and no more than its owner now", async () => {
  const lesser = await made(omar.ctx, { role: "viewer", zones: ["orders"] });
  expect(lesser.actor).toMatchObject({ role: "viewer", zones: ["orders"] });
  const full = await made(omar.ctx, { role: "operator" });
  await changeOperator(admin.ctx, { operatorId: omar.id, role: "viewer", zones: ["ledger"] });
  expect(await actorOfToken(store.db, full.secret, now)).toMatchObject({ role: "viewer", zones: ["ledger"] });
  expect(await actorOfToken(store.db, lesser.secret, now)).toMatchObject({ role: "viewer", zones: [] });
  await changeOperator(admin.ctx, { operatorId: omar.id, role: "administrator", zones: null });
  expect(await actorOfToken(store.db, full.secret, now)).toMatchObject({ role: "operator", zones: null });
  expect(await actorOfToken(store.db, lesser.secret, now)).toMatchObject({ role: "viewer", zones: ["orders"] });
  await changeOperator(admin.ctx, { operatorId: omar.id, role: "operator", zones: ["orders", "ledger"] });
});

test.each([
  [{ role: "administrator" as const }, "Your own role is operator; a personal token cannot be administrator."],
  [{ zones: ["orders", "payments"] }, "payments: a personal token can only be for zones of your own."],
])("a personal token for more than its owner has is refused in words: %o", async (over, message) => {
  await expect(createToken(omar.ctx, request(over))).rejects.toMatchObject({ kind: "invalid", message });
});

test("it dies with its owner's deactivation, and stays dead when they come back; a service's lives on", async () => {
  const leaver = await makeOperator(store.db, now, { role: "administrator", name: "Lea" });
  const personal = await made(leaver.ctx);
  const service = await made(leaver.ctx, { kind: "service", name: "deployer of Lea" });
  await changeOperator(admin.ctx, { operatorId: leaver.id, active: false });
  expect(await stillOpens(personal.secret)).toBe(false);
  await changeOperator(admin.ctx, { operatorId: leaver.id, active: true });
  expect(await stillOpens(personal.secret)).toBe(false);
  expect(await stillOpens(service.secret)).toBe(true);
});

test("S10: it dies with the password that it was made under, reset or changed; a service's lives on", async () => {
  const lena = await makeOperator(store.db, now, { role: "administrator", name: "Lena" });
  const service = await made(lena.ctx, { kind: "service", name: "deployer of Lena" });
  const before = await made(lena.ctx);
  await changePassword(lena.ctx, { current: TEST_PASSWORD, next: "a longer password than before" });
  expect(await stillOpens(before.secret)).toBe(false);
  const after = await made(lena.ctx, { name: "after the change" });
  await resetPassword(admin.ctx, { operatorId: lena.id });
  expect(await stillOpens(after.secret)).toBe(false);
  expect(await stillOpens(service.secret)).toBe(true);
});

test("only administrators for all zones make service tokens and see them; a denied attempt is written down", async () => {
  const limited = await makeOperator(store.db, now, { role: "administrator", name: "Lim", zones: ["orders"] });
  for (const { ctx, id } of [omar, limited]) {
    await expect(createToken(ctx, request({ kind: "service" }))).rejects.toMatchObject({ kind: "forbidden" });
    expect(
      await firstRow(
        store.db,
        sql`select 1 from audit_entry where operator_id = ${id}::uuid and result = 'denied' and action = 'token.create_service'`,
      ),
    ).not.toBeNull();
    expect((await listTokens(ctx)).services).toBeNull();
  }
  const { token, actor } = await made(admin.ctx, { kind: "service", name: "ci", role: "operator", zones: ["orders"] });
  expect(actor).toEqual({
    kind: "service",
    name: "ci",
    role: "operator",
    zones: ["orders"],
    token: { id: token.id, name: "ci" },
  });
  expect((await listTokens(admin.ctx)).services).toContainEqual({ ...token, lastUsedAt: now });
  await expect(createToken(admin.ctx, request({ kind: "service", name: "ci" }))).rejects.toMatchObject({
    kind: "conflict",
    message: 'There is a service token "ci" already. Revoke it first, or take another name.',
  });
});

test("role and zones of a token hold wherever permission is asked", async () => {
  const { actor } = await made(admin.ctx, { kind: "service", role: "operator", zones: ["orders"] });
  expect([canRead(actor, "orders"), canRead(actor, "ledger"), canRead(actor, null)]).toEqual([true, false, false]);
  expect(zoneFilter(actor)).toEqual(["orders"]);
  expect(can(actor, "dead_letter.retry", ["orders"]).ok).toBe(true);
  expect(can(actor, "dead_letter.retry", ["orders", "ledger"]).ok).toBe(false);
  const viewer = await made(admin.ctx, { kind: "service", role: "viewer" });
  expect(can(viewer.actor, "dead_letter.retry", ["orders"])).toEqual({
    ok: false,
    reason: "This token is a viewer; to retry messages takes an operator, an approver or an administrator.",
  });
});

test("a token of an administrator makes no tokens, ends none, changes nobody and no password", async () => {
  for (const kind of ["personal", "service"] as const) {
    const { ctx, token } = await made(admin.ctx, { kind, role: "administrator" });
    const attempts = [
      () => createToken(ctx, request()),
      () => createToken(ctx, request({ kind: "service" })),
      () => revokeToken(ctx, { tokenId: token.id }),
      () => changeOperator(ctx, { operatorId: omar.id, role: "viewer" }),
      () => changePassword(ctx, { current: "wrong password", next: "another long password" }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ kind: "forbidden" });
    await expect(createToken(ctx, request())).rejects.toThrow(
      "To make a token takes a person who is signed in; a token may not.",
    );
  }
  // No guessing at the password either: the attempt never got to comparing it.
  expect(await rows(store.db, sql`select 1 from sign_in_throttle`)).toEqual([]);
});

test("what a token does stands in the audit under its name, what a personal one does under its owner's with the token named", async () => {
  const service = await made(admin.ctx, { kind: "service", name: "night shift", role: "operator" });
  const personal = await made(omar.ctx, { role: "operator" });
  const act = ({ ctx }: { ctx: Ctx }, id: string) =>
    audited(ctx, "dead_letter.retry", { kind: "dead_letter", id, zones: ["orders"] }, async () => null, { detail: { items: 1 } });
  await act(service, "by service");
  await act(personal, "by person");
  const of = async (targetId: string) => (await listAudit(admin.ctx, { targetId, limit: 10 })).entries[0];
  expect(await of("by service")).toMatchObject({
    actorKind: "service",
    actorName: "night shift",
    operatorId: null,
    detail: { items: 1, token: { id: service.token.id, name: "night shift" } },
  });
  expect(await of("by person")).toMatchObject({
    actorKind: "operator",
    actorName: "Omar",
    operatorId: omar.id,
    detail: { token: { id: personal.token.id, name: personal.token.name } },
  });
});

test("a service that floods with denied attempts leaves those of strangers and of other services their place", async () => {
  const loud = await made(admin.ctx, { kind: "service", role: "viewer" });
  const quiet = await made(admin.ctx, { kind: "service", role: "viewer" });
  const denied = ({ ctx }: { ctx: Ctx }, id: string) =>
    expect(audited(ctx, "dead_letter.retry", { kind: "dead_letter", id, zones: ["orders"] }, async () => null)).rejects.toThrow();
  for (let i = 0; i < 70; i++) await denied(loud, `loud ${i}`);
  await denied(quiet, "quiet");
  const count = (like: string) => rows(store.db, sql`select 1 from audit_entry where target_id like ${like}`);
  expect([(await count("loud %")).length, (await count("quiet")).length]).toEqual([60, 1]);
});

test("revoking is one's own or an administrator's, and again it ends nothing more", async () => {
  const { token, secret } = await made(omar.ctx);
  const vera = await makeOperator(store.db, now, { role: "viewer", name: "Vera" });
  await expect(revokeToken(vera.ctx, { tokenId: token.id })).rejects.toMatchObject({ kind: "forbidden" });
  expect(await stillOpens(secret)).toBe(true);
  expect(await revokeToken(omar.ctx, { tokenId: token.id })).toEqual({ ended: true });
  expect(await stillOpens(secret)).toBe(false);
  expect(await revokeToken(omar.ctx, { tokenId: token.id })).toEqual({ ended: false });
  const other = await made(omar.ctx);
  expect(await revokeToken(admin.ctx, { tokenId: other.token.id })).toEqual({ ended: true });
  await expect(revokeToken(admin.ctx, { tokenId: omar.id })).rejects.toMatchObject({ kind: "not_found" });
});

test("it ends at its time, is swept a month later, and says when it was last used at most once a minute", async () => {
  const { token, secret } = await made(omar.ctx, { expiresInDays: 1 });
  const used = async () => (await listTokens(omar.ctx)).own.find((one) => one.id === token.id)!.lastUsedAt;
  await actorOfToken(store.db, secret, now + minutes(0.5));
  expect(await used()).toBe(now);
  await actorOfToken(store.db, secret, now + minutes(1));
  expect(await used()).toBe(now + minutes(1));
  expect([await stillOpens(secret, now + days(1) - 1), await stillOpens(secret, now + days(1))]).toEqual([true, false]);
  await sweepTokens(store.db, now + days(31));
  expect(await used()).toBe(now + days(1) - 1);
  await sweepTokens(store.db, now + days(31) + 1);
  expect(await firstRow(store.db, sql`select 1 from token where id = ${token.id}::uuid`)).toBeNull();
});

test("nothing but a whole secret opens anything", async () => {
  const { secret } = await made(omar.ctx);
  for (const not of ["", "acc_", secret.slice(0, -1), `${secret}x`, secret.toUpperCase(), "acc_".padEnd(47, "A")])
    expect(await stillOpens(not)).toBe(false);
});

test.each([0, 366, 1.5, "30", undefined])("a token that expires in %s days is refused", (expiresInDays) => {
  expect(() => parseTokenRequest({ name: "x", role: "viewer", key: "k", expiresInDays })).toThrow(/^expiresInDays: /);
});
