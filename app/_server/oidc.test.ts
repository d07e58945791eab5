import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOidcProvider } from "@/e2e/oidc-provider";
import { rows } from "@/lib/db/rows";
import type { TestStore } from "@/lib/db/testing";
import { actorOf } from "./session";
import { Browser, ORIGIN, openServer } from "./testing";

let store: TestStore;
let provider: Awaited<ReturnType<typeof startOidcProvider>>;

beforeAll(async () => {
  store = await openServer();
  provider = await startOidcProvider({
    clientId: "accord",
    clientSecret: "secret",
    redirectUri: `${ORIGIN}/api/auth/callback/oidc`,
    accounts: {
      nina: { name: "Nina", email: "nina@example.test", email_verified: true, groups: ["oncall"] },
      ulla: { name: "Ulla", email: "ulla@example.test", email_verified: false, groups: ["oncall"] },
      gary: { name: "Gary", email: "gary@example.test", email_verified: true, groups: ["golf"] },
    },
  });
  Object.assign(process.env, {
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: "accord",
    OIDC_CLIENT_SECRET: "secret",
    OIDC_SCOPE: provider.scopes,
    OIDC_ROLE_CLAIM: "groups",
    OIDC_ROLE_MAP: "accord-admins=administrator,oncall=operator",
  });
});
afterAll(async () => {
  await provider?.close();
  await store?.close();
});

/** Through the provider's real pages and back, with a jar of cookies for each side. */
async function signInAs(
  account: string,
  { browser = new Browser(), again = false } = {},
): Promise<{ browser: Browser; landedOn: string | null }> {
  const form = { csrfToken: await browser.csrf(), callbackUrl: "/dead-letters", json: "true" };
  const { url } = (await (await browser.auth(`/api/auth/signin/oidc${again ? "?max_age=0" : ""}`, form)).json()) as {
    url: string;
  };
  const back = await consent(url, account);
  const response = await browser.auth(back);
  return { browser, landedOn: response.headers.get("location") };
}

async function consent(url: string, account: string): Promise<string> {
  const jar = new Browser();
  let next = url;
  for (let step = 0; step < 10; step++) {
    if (next.startsWith(ORIGIN)) return next.slice(ORIGIN.length);
    const cookie = [...jar.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const asks = next.includes("/interaction/");
    const body = asks ? new URLSearchParams({ account }) : null;
    const response = await fetch(next, { method: asks ? "POST" : "GET", redirect: "manual", headers: { cookie }, body });
    jar.keep(response);
    next = new URL(response.headers.get("location") ?? "", next).href;
  }
  throw new Error(`The provider never came back; the last page was ${next}.`);
}

test("through a real provider, claims become an operator with a session, and the way goes on where it began", async () => {
  const { browser, landedOn } = await signInAs("nina");
  expect(landedOn).toBe(`${ORIGIN}/dead-letters`);
  expect(await actorOf(browser.request("/").headers, Date.now())).toMatchObject({
    name: "Nina",
    email: "nina@example.test",
    role: "operator",
    zones: null,
  });
  const again = await signInAs("nina");
  expect(await actorOf(again.browser.request("/").headers, Date.now())).toMatchObject({ name: "Nina" });
  expect(await rows(store.db, sql`select email, oidc_issuer as issuer from operator`)).toEqual([
    { email: "nina@example.test", issuer: provider.issuer },
  ]);
});

test("S10: whoever is to sign in once more is asked by the provider itself, its time is kept, and the session before has ended", async () => {
  const { browser } = await signInAs("nina");
  const before = browser.request("/").headers;
  await signInAs("nina", { browser, again: true });
  expect(await actorOf(before, Date.now())).toBeNull();
  const { sessionId } = (await actorOf(browser.request("/").headers, Date.now()))!;
  const [proved] = await rows<{ at: number | null }>(
    store.db,
    sql`select proved_at as at from session where id = ${sessionId}::uuid`,
  );
  expect(Math.abs(Date.now() - proved!.at!)).toBeLessThan(60_000);
});

test.each([
  ["ulla", "unverified_email"],
  ["gary", "no_role"],
])("%s comes back to the sign-in page with %s and without a session", async (account, code) => {
  const { browser, landedOn } = await signInAs(account);
  expect(landedOn).toBe(`${ORIGIN}/sign-in?refused=${code}`);
  expect(browser.cookies.has("accord-session")).toBe(false);
});

test("an answer that another browser asked for opens nothing", async () => {
  const browser = new Browser();
  const form = { csrfToken: await browser.csrf(), callbackUrl: "/", json: "true" };
  const { url } = (await (await browser.auth("/api/auth/signin/oidc", form)).json()) as { url: string };
  const back = await consent(url, "nina");
  const victim = new Browser();
  const response = await victim.auth(back);
  expect(response.headers.get("location")).toContain("error=OAuthCallback");
  expect(victim.cookies.has("accord-session")).toBe(false);
});
