import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { totpAt } from "../lib/operators/second-factor/totp";
import { freePort } from "../lib/platform/port";
import { openBrowser } from "./browser";
import { faultsOf } from "./looks";
import { startOidcProvider } from "./oidc-provider";
import { park, write } from "./parked";
import { type Product, startProduct } from "./setup";
import { answerOf, focusOf, hearsKeys, newcomer, OWN_PASSWORD, post, rowIn, rowsIn, signedIn } from "./story";
import { openTelling } from "./telling";

const REASON = "The story's service was told by hand; see INC-7.";

let browser: Browser;
let product: Product;
let provider: Awaited<ReturnType<typeof startOidcProvider>>;
let telling: Awaited<ReturnType<typeof openTelling>>;

beforeAll(async () => {
  const port = await freePort();
  browser = await openBrowser();
  telling = await openTelling({ "customer-profile": ["parked > 0"] });
  product = await startProduct({
    rate: 0,
    env: {
      ...telling.env,
      OIDC_ISSUER: `http://127.0.0.1:${port}`,
      OIDC_CLIENT_ID: "accord",
      OIDC_CLIENT_SECRET: "secret",
      OIDC_NAME: "Example ID",
      OIDC_SCOPE: "openid email profile groups",
      OIDC_ROLE_CLAIM: "groups",
      OIDC_ROLE_MAP: "oncall=operator",
    },
  });
  provider = await startOidcProvider({
    port,
    clientId: "accord",
    clientSecret: "secret",
    redirectUri: `${product.url}/api/auth/callback/oidc`,
    accounts: {
      nina: { name: "Nina", email: "nina@example.test", email_verified: true, groups: ["oncall"] },
      gary: { name: "Gary", email: "gary@example.test", email_verified: true, groups: ["golf"] },
    },
  });
});
afterAll(async () => {
  await provider?.close();
  await product?.stop();
  await browser?.close();
  telling?.close();
});

/** A page that remembers what the browser complained about: a blocked script, a failed hydration. */
async function open(path: string): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({ baseURL: product.url });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(path);
  return { page, context, complaints };
}

const me = (page: Page) => page.evaluate(async () => (await fetch("/api/v1/me")).json());

test("a stranger is led to sign in by keyboard, is told what is wrong, and lands where they were going", async () => {
  const { page, context, complaints } = await open("/zones?sort=age");
  await page.waitForURL((url) => url.pathname === "/sign-in");
  await page.getByLabel("E-mail").waitFor();
  await page.keyboard.type(product.login.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type("a wrong password");
  await page.keyboard.press("Enter");
  await page.getByText("E-mail or password is wrong.").waitFor();
  await page.getByLabel("Password").fill(product.login.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/zones");
  expect(new URL(page.url()).search).toBe("?sort=age");
  expect(await me(page)).toMatchObject({ value: { actor: { email: product.login.email, role: "administrator" } } });
  expect(complaints.filter((text) => /Content Security Policy|hydrat/i.test(text))).toEqual([]);
  await context.close();
});

type Alerts = { alerts: { alertId: string; condition: string; state: string }[] };
let alertId = "";

test("a parked message raises an alert, whose signed message has a link; it asks who somebody is, and acknowledges as them, once", async () => {
  await write(product, "customer-profile", 1);
  const admin = await signedIn(browser, product);
  const alerts = async (state: "open" | "past") => (await answerOf<Alerts>(admin, `/api/v1/alerts?state=${state}`)).alerts;
  const raised = async () =>
    (await alerts("open")).find(({ condition, state }) => condition === "parked > 0" && state === "raised");
  alertId = (await until(raised, { withinMs: 60_000, everyMs: 200 })).alertId;
  const link = (await until(async () => telling.toldOf("raised", alertId), { withinMs: 30_000 })).links!.acknowledge!;
  expect(link).toMatch(new RegExp(`^${product.url}/acknowledge#accord_link_`));

  const { page, context, complaints } = await open(link);
  await page.getByText("Parked messages: more than 0").waitFor();
  // What is signed stands nowhere that is kept or copied; and what only opens the link takes nothing.
  expect(page.url()).toBe(`${product.url}/acknowledge`);
  expect(await raised()).toMatchObject({ alertId });
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole("link", { name: "Sign in to acknowledge" }).click();
  await page.getByLabel("E-mail").fill(product.login.email);
  await page.getByLabel("Password").fill(product.login.password);
  await page.keyboard.press("Enter");
  await page.getByText("It is recorded as Administrator.").waitFor();
  await page.getByRole("button", { name: "Acknowledge" }).dblclick();
  await page.getByText("Acknowledged by Administrator: nobody is told further.").waitFor();
  await page.getByRole("link", { name: "Open the alert" }).click();
  await page.getByText("Acknowledged").first().waitFor();
  expect(await page.getByText("Administrator").count()).toBeGreaterThan(0);
  await until(async () => telling.toldOf("acknowledged", alertId), { withinMs: 30_000 });
  const second = await open(link);
  await second.page.getByText(/^This link was used\. Administrator acknowledged it .* ago\.$/).waitFor();
  expect([...complaints, ...second.complaints].filter((text) => /Content Security Policy|hydrat/i.test(text))).toEqual([]);
  await Promise.all([context, second.context, admin].map((one) => one.close()));

  // Its end takes half a minute of quiet: what follows goes on meanwhile.
  await rowsIn(
    product,
    "notifications",
    "update messaging.dead_letter set state = 'resolved', state_changed_at = clock_timestamp()",
  );
});

test("S7: whoever was invited chooses a password of their own by keyboard before anything opens, and the one they were given is over", async () => {
  const admin = await signedIn(browser, product);
  const email = "ines@example.test";
  const { password } = (
    await (await post(admin, product, "/api/v1/operators", { name: "Ines", email, role: "operator", zones: null })).json()
  ).value;
  const ines = await signedIn(browser, product, { email, password });
  const page = await ines.newPage();
  await page.goto("/dead-letters");
  await page.waitForURL((url) => url.pathname === "/password");
  await page.getByRole("heading", { level: 1, name: "Choose a password of your own" }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect((await ines.request.get("/api/v1/zones")).status()).toBe(403);
  await focusOf(page.getByLabel("Present password"));
  const type = async (...texts: string[]) => {
    for (const text of texts) {
      await page.keyboard.press("Control+a");
      await page.keyboard.type(text);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
  };
  await type(password, "twelve letters", "other letters");
  await page.getByText("It differs from the new password above.").waitFor();
  await page.getByLabel("Present password").focus();
  await type("not this one", OWN_PASSWORD, OWN_PASSWORD);
  await page.getByText("The present password is wrong.").waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByLabel("Present password").focus();
  await type(password, OWN_PASSWORD, OWN_PASSWORD);
  await page.waitForURL((url) => url.pathname === "/dead-letters");
  expect((await ines.request.get("/api/v1/zones")).status()).toBe(200);
  await expect(signedIn(browser, product, { email, password })).rejects.toThrow("could not sign in");
  await ines.close();
});

test("S15: by keyboard, somebody sets a second factor up, is asked for its code at the next sign-in, comes in by it and by a recovery code once, and removes it", async () => {
  const admin = await signedIn(browser, product);
  const email = "tess@example.test";
  const { password } = (
    await (await post(admin, product, "/api/v1/operators", { name: "Tess", email, role: "operator", zones: null })).json()
  ).value;
  await admin.close();
  const tess = await newcomer(browser, product, { email, password });
  const page = await tess.newPage();
  await page.goto("/account");
  await page.getByRole("link", { name: "Set up a second factor" }).click();
  await focusOf(page.getByLabel("Present password"));
  await page.keyboard.type(OWN_PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("img", { name: "A square for your authenticator" }).waitFor();
  await focusOf(page.getByLabel("Its first code"));
  expect(await faultsOf(page)).toEqual([]);
  const secret = (await page.locator("code").textContent())!;
  await page.getByLabel("Its first code").focus();
  await page.keyboard.type("000000");
  await page.keyboard.press("Enter");
  await page.getByText("The code is wrong, or was used before.").waitFor();
  await page.getByLabel("Its first code").fill(totpAt(secret, Date.now()));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "I have kept them" }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  const codes = (await page.locator("code").textContent())!.split("\n");
  expect(codes).toHaveLength(10);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.waitForURL((url) => url.pathname === "/account");
  await page.getByText("authenticator, with 10 recovery codes left").waitFor();
  await tess.close();

  const enter = async (code: string) => {
    const { page, context } = await open("/sign-in?from=%2Faccount");
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(OWN_PASSWORD);
    await page.keyboard.press("Enter");
    await focusOf(page.getByLabel("Code"));
    await page.keyboard.type("999999");
    await page.keyboard.press("Enter");
    await page.getByText("Password or code is wrong, or the code was used before.").waitFor();
    await page.getByLabel("Code").fill(code);
    await page.keyboard.press("Enter");
    return { page, context };
  };
  const first = await enter(totpAt(secret, Date.now() + 30_000));
  await first.page.waitForURL((url) => url.pathname === "/account");
  await first.context.close();
  const used = await enter(codes[0]!);
  await used.page.waitForURL((url) => url.pathname === "/account");
  await used.page.getByText("authenticator, with 9 recovery codes left").waitFor();
  await used.page.getByRole("button", { name: "Remove second factor" }).click();
  const dialog = used.page.getByRole("dialog");
  await dialog.getByLabel("Present password").fill(OWN_PASSWORD);
  await dialog.getByLabel("Code").fill(codes[0]!);
  await used.page.keyboard.press("Enter");
  await dialog.getByText("The code is wrong, or was used before.").waitFor();
  await dialog.getByLabel("Code").fill(codes[1]!);
  await used.page.keyboard.press("Enter");
  await used.page.getByRole("link", { name: "Set up a second factor" }).waitFor();
  await used.context.close();
});

test("S10: a token is made with the present password; through the provider, after signing in there once more", async () => {
  const admin = await signedIn(browser, product);
  const page = await admin.newPage();
  await page.goto("/tokens");
  await page.getByRole("button", { name: "Make token" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("nightly");
  await dialog.getByLabel("Present password").fill("not this one");
  await dialog.getByRole("button", { name: "Make token" }).click();
  await dialog.getByText("The present password is wrong.").waitFor();
  await dialog.getByLabel("Present password").fill(product.login.password);
  await dialog.getByRole("button", { name: "Make token" }).click();
  await page.getByText("Copy the token now.").waitFor();
  await admin.close();

  const nina = await open("/tokens");
  await nina.page.getByRole("button", { name: "Sign in with Example ID" }).click();
  await nina.page.getByRole("button", { name: "nina" }).click();
  await nina.page.waitForURL((url) => url.pathname === "/tokens");
  await rowsIn(product, "accord", "update session set proved_at = now() - interval '1 hour' where how = 'openid_connect'");
  await nina.page.reload();
  await nina.page.getByRole("button", { name: "Make token" }).click();
  await nina.page.getByRole("link", { name: "Sign in again" }).click();
  await nina.page.getByRole("button", { name: "Sign in with Example ID" }).click();
  await nina.page.getByRole("button", { name: "nina" }).click();
  await nina.page.waitForURL((url) => url.pathname === "/tokens");
  await nina.page.getByRole("button", { name: "Make token" }).click();
  await nina.page.getByRole("dialog").getByLabel("Name").fill("nightly");
  await nina.page.getByRole("dialog").getByRole("button", { name: "Make token" }).click();
  await nina.page.getByText("Copy the token now.").waitFor();
  await nina.context.close();
});

test("signing out ends the session for copies of its cookie too", async () => {
  const { page, context } = await open("/sign-in");
  await page.getByLabel("E-mail").fill(product.login.email);
  await page.getByLabel("Password").fill(product.login.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  const cookies = await context.cookies();
  expect(cookies.find(({ name }) => name === "accord-session")).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  await page.goto("/sign-out");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/sign-in");
  const copy = await browser.newContext({ baseURL: product.url });
  await copy.addCookies(cookies);
  expect((await copy.request.get("/api/v1/me")).status()).toBe(401);
  await copy.close();
  await context.close();
});

test("through the provider, an on-call engineer comes in as an operator, and somebody without a role is told whom to ask", async () => {
  const nina = await open("/zones");
  await nina.page.getByRole("button", { name: "Sign in with Example ID" }).click();
  await nina.page.getByRole("button", { name: "nina" }).click();
  await nina.page.waitForURL((url) => url.pathname === "/zones");
  expect(await me(nina.page)).toMatchObject({ value: { actor: { name: "Nina", role: "operator" } } });
  await nina.context.close();
  const gary = await open("/sign-in");
  await gary.page.getByRole("button", { name: "Sign in with Example ID" }).click();
  await gary.page.getByRole("button", { name: "gary" }).click();
  await gary.page.getByText("Your account has no role in Accord. Ask an administrator for one.").waitFor();
  await gary.context.close();
});

test("the sign-in page has no accessibility fault, wide or on a phone, light or dark", async () => {
  const { page, context, complaints } = await open("/sign-in?refused=no_role");
  expect(await faultsOf(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

/** Presses Tab until what has the focus reads so. */
async function tabTo(page: Page, what: RegExp): Promise<void> {
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement as HTMLInputElement | null;
      return at?.getAttribute("aria-label") ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? "";
    });
  for (let i = 0; i < 60; i++) {
    if (what.test(await focused())) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${what}; it is at ${await focused()}.`);
}

test("from sign-in to a resolved case by keyboard alone: found, taken, noted, resolved with a reason, and on record", async () => {
  // Older than the window of five minutes: the cause opens a case by itself.
  await park(product, "order-commitment", 3, "6 minutes");
  const caseId = await until(
    async () => (await rowIn<{ id: string }>(product, "accord", "select case_id::text as id from case_file")).id,
    { withinMs: 20_000, everyMs: 200 },
  );

  const stranger = await browser.newContext({ baseURL: product.url, viewport: { width: 1440, height: 900 } });
  const page = await stranger.newPage();
  const { keyboard } = page;
  await page.goto("/zones");
  await page.getByLabel("E-mail").waitFor();
  await keyboard.type(product.login.email);
  await keyboard.press("Tab");
  await keyboard.type(product.login.password);
  await keyboard.press("Enter");
  await page.locator("tr[data-row=order-commitment]").getByText("Breached").first().waitFor();
  await hearsKeys(page);
  await keyboard.press("g");
  await keyboard.press("c");
  await page.waitForURL(/\/cases$/);
  await page.locator("[data-row]").first().waitFor();
  await keyboard.press("j");
  await keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/cases/${caseId}$`));
  await page.getByText(`CASE-${caseId}`).first().waitFor();

  await keyboard.press("a");
  await page.getByRole("button", { name: "You" }).waitFor();
  await keyboard.press("n");
  await focusOf(page.locator("textarea"));
  await keyboard.type("Their queue was checked: nothing else waits.");
  await keyboard.press("Control+Enter");
  await page.getByText("nothing else waits").first().waitFor();
  await page.waitForFunction(() => document.querySelector("textarea")?.value === "");
  await keyboard.press("Escape");
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  expect(await faultsOf(page)).toEqual([]);

  await keyboard.press("e");
  // "Converged by itself" is the first, and refused while the cause stands.
  await keyboard.press("Space");
  await page.getByText("still", { exact: false }).first().waitFor();
  for (let i = 0; i < 2; i++) await keyboard.press("ArrowDown");
  await tabTo(page, /^Reason/);
  await keyboard.type(REASON);
  await tabTo(page, /^Resolve: /);
  await keyboard.press("Enter");
  await page.getByText("How it was resolved").waitFor();
  await page.getByText(`“${REASON}”`).first().waitFor();

  const context = await signedIn(browser, product);
  const { entries } = await answerOf<{ entries: { action: string }[] }>(
    context,
    `/api/v1/audit?targetKind=case&targetId=${caseId}&result=done`,
  );
  expect(entries.map(({ action }) => action).toReversed()).toEqual(["case.assign", "case.comment", "case.resolve"]);
  await context.close();
  await stranger.close();
});

test("what was mended meanwhile is cleared, and who was told of the alert is told so", async () => {
  await until(async () => telling.toldOf("cleared", alertId), { withinMs: 120_000, everyMs: 200 });
  expect(telling.refused).toEqual([]);
});
