import { randomUUID } from "node:crypto";
import type { APIResponse, Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { asAdmin, databaseUrl } from "../demo/kit/cluster";
import type { Product } from "./setup";

/** What people in stories choose when they are asked for a password of their own. */
export const OWN_PASSWORD = "a password of their own";

type Who = { email: string; password: string };

/** A browser's context with somebody signed in; without a name it is the product's administrator. */
export async function signedIn(
  browser: Browser,
  product: Product,
  who: Who = product.login,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: product.url, viewport: { width: 1440, height: 900 }, ...options });
  // A machine of two cores has a database server, a dozen processes and a browser to run meanwhile.
  context.setDefaultTimeout(60_000);
  const { csrfToken } = await (await context.request.get("/api/auth/csrf")).json();
  await context.request.post("/api/auth/callback/credentials", { form: { csrfToken, ...who, json: "true" } });
  if ((await context.request.get("/api/v1/me")).status() !== 200) throw new Error(`${who.email} could not sign in.`);
  return context;
}

/** The same for somebody whose password is for one use: they choose their own. */
export async function newcomer(browser: Browser, product: Product, { email, password }: Who): Promise<BrowserContext> {
  const context = await signedIn(browser, product, { email, password });
  const response = await post(context, product, "/api/v1/me/password", { current: password, next: OWN_PASSWORD });
  if (!response.ok()) throw new Error(`${email} could not choose a password: ${await response.text()}`);
  return context;
}

/** Posts to a route handler as our own pages do: from our origin, under a key. */
export function post(context: BrowserContext, product: Product, path: string, data: object = {}): Promise<APIResponse> {
  return context.request.post(path, { data, headers: { origin: product.url, "idempotency-key": randomUUID() } });
}

/** What a route of the API answers with. */
export async function answerOf<T>(context: BrowserContext, path: string): Promise<T> {
  const response = await context.request.get(path);
  if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`);
  return (await response.json()).value as T;
}

/** Rows of one of the product's databases: the store is `accord`, a service's has the name of its source. */
export async function rowsIn<T extends object>(
  product: Product,
  database: string,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> {
  return asAdmin(databaseUrl(product.adminUrl, database), async (client) => (await client.query<T>(sql, values)).rows);
}

/** The only row of an answer. */
export async function rowIn<T extends object>(
  product: Product,
  database: string,
  sql: string,
  values: unknown[] = [],
): Promise<T> {
  const [row, ...others] = await rowsIn<T>(product, database, sql, values);
  if (!row || others.length > 0) throw new Error(`Not one row but ${others.length + (row ? 1 : 0)}: ${sql}`);
  return row;
}

/** Does the work for each, four at a time: half of a page's time is spent waiting for its next refresh, so that two cores are kept busy. */
export async function fourAtATime<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}

/** Waits until a field has the focus, which it is given in a task of its own after it is there: what is typed earlier goes elsewhere. */
export async function focusOf(field: Locator): Promise<void> {
  await field.and(field.page().locator(":focus")).waitFor();
}

/** Waits until a page hears keys: the clock of its top bar is told by the browser alone, whatever came with the page. */
export const hearsKeys = (page: Page): Promise<void> =>
  page
    .locator("header")
    .getByText(/^\d\d:\d\d:\d\d/)
    .first()
    .waitFor();
