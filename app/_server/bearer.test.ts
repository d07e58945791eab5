import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as me from "@/app/api/v1/me/route";
import * as operator from "@/app/api/v1/operators/[operatorId]/route";
import { rows } from "@/lib/db/rows";
import type { TestStore } from "@/lib/db/testing";
import { makeOperator, TEST_PASSWORD } from "@/lib/operators/testing";
import { parseTokenRequest } from "@/lib/tokens/input";
import { createToken, revokeToken } from "@/lib/tokens/service";
import { bearerOf } from "./bearer";
import { signedIn } from "./context";
import { Browser, openServer } from "./testing";

let store: TestStore;
const browser = new Browser();
let admin: Awaited<ReturnType<typeof makeOperator>>;
let token: { id: string; secret: string };

beforeAll(async () => {
  store = await openServer();
  admin = await makeOperator(store.db, Date.now(), { role: "administrator", name: "Anna" });
  await browser.signIn(admin.email, TEST_PASSWORD);
  const made = await createToken(
    admin.ctx,
    parseTokenRequest({ kind: "service", name: "ci", role: "viewer", expiresInDays: 1, key: "k" }),
  );
  token = { id: made.token.id, secret: made.secret! };
});
afterAll(() => store.close());

const whoAmI = async (who: Browser, authorization: string) => {
  const response = await me.GET(who.request("/api/v1/me", { headers: { authorization } }), { params: Promise.resolve({}) });
  return { status: response.status, actor: ((await response.json()) as { value?: { actor: { name: string } } }).value?.actor };
};

test("a token speaks where there is no cookie, and before the cookie where there is one", async () => {
  for (const who of [new Browser(), browser])
    for (const authorization of [`Bearer ${token.secret}`, `bearer  ${token.secret} `])
      expect(await whoAmI(who, authorization)).toMatchObject({ status: 200, actor: { kind: "service", name: "ci" } });
});

test("a token that is none is nobody, even beside a good cookie", async () => {
  for (const authorization of ["Bearer", "Bearer ", "Bearer acc_x", `Bearer ${token.secret}x`, "Bearer ''; drop table token"])
    expect((await whoAmI(browser, authorization)).status).toBe(401);
});

test("another scheme belongs to a proxy before us, and the cookie speaks", async () => {
  expect(await whoAmI(browser, "Basic dTpw")).toMatchObject({ status: 200, actor: { name: "Anna" } });
  expect((await whoAmI(new Browser(), "Basic dTpw")).status).toBe(401);
  expect(bearerOf(new Headers({ authorization: "Bearerish x" }))).toBeNull();
});

test("pages are for who is signed in: a token opens none", async () => {
  const { headers } = new Browser().request("/", { headers: { authorization: `Bearer ${token.secret}` } });
  await expect(signedIn(headers)).rejects.toMatchObject({ kind: "unauthenticated" });
});

test("a write by token needs no Origin, since no other site can make a browser show one, and is refused by role", async () => {
  const headers = { "content-type": "application/json", "idempotency-key": "k" };
  const change = (more: Record<string, string>) =>
    operator.POST(
      browser.request("/api/v1/operators/x", { method: "POST", headers: { ...headers, ...more }, body: '{"role":"viewer"}' }),
      { params: Promise.resolve({ operatorId: admin.id }) },
    );
  expect((await (await change({})).json()) as object).toMatchObject({
    refusal: { message: expect.stringContaining("own pages") },
  });
  const byToken = await change({ authorization: `Bearer ${token.secret}`, origin: "https://evil.example" });
  expect(await byToken.json()).toMatchObject({
    refusal: { kind: "forbidden", message: "To change operators takes a person who is signed in; a token may not." },
  });
  expect(
    await rows(store.db, sql`select actor_name from audit_entry where result = 'denied' and actor_kind = 'service'`),
  ).toEqual([{ actor_name: "ci" }]);
});

test("a revoked token is refused with the next request", async () => {
  await revokeToken(admin.ctx, { tokenId: token.id });
  expect((await whoAmI(browser, `Bearer ${token.secret}`)).status).toBe(401);
});
