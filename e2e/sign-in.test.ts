import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../lib/launch/port";
import { openBrowser } from "./browser";
import { faultsOf } from "./looks";
import { startOidcProvider } from "./oidc-provider";
import { type Product, startProduct } from "./setup";

let browser: Browser;
let product: Product;
let provider: Awaited<ReturnType<typeof startOidcProvider>>;

beforeAll(async () => {
  const port = await freePort();
  browser = await openBrowser();
  product = await startProduct({
    processes: ["web"],
    rate: 0,
    env: {
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
  expect(new URL(page.url()).pathname).toBe("/sign-in");
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
