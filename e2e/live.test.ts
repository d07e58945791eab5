import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { openBrowser } from "./browser";
import { write } from "./parked";
import { type Product, startProduct } from "./setup";
import { answerOf, rowIn, rowsIn, signedIn } from "./story";

let browser: Browser;
let product: Product;
let context: BrowserContext;
let page: Page;

// No service runs: nothing is on these screens but what the stories bring about.
beforeAll(async () => {
  [browser, product] = await Promise.all([openBrowser(), startProduct({ rate: 0 })]);
  context = await signedIn(browser, product);
  page = await context.newPage();
  await page.goto("/dead-letters");
  await page.getByText("Nothing is parked").first().waitFor();
  await page.evaluate(() => Object.assign(window, { sameAsBefore: true }));
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

let parkedN = 0;

/** Parks one more message as its service would, and waits until the page that is open says so. */
async function oneMoreShows(): Promise<void> {
  await write(product, "order-commitment", 1, { age: "1 minute", first: ++parkedN });
  await shows(parkedN);
}

async function shows(n: number): Promise<void> {
  await page.locator("tr[data-row]").getByText(String(n), { exact: true }).first().waitFor({ timeout: 20_000 });
  expect(await page.evaluate(() => "sameAsBefore" in window)).toBe(true);
}

const groups = async () => (await answerOf<{ groups: { openN: number }[] }>(context, "/api/v1/dead-letters/groups")).groups;

/** Puts the page out of sight or back, as a browser tells it; one without a window has no other tab to put before it. */
const sight = (state: DocumentVisibilityState) =>
  page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, state);

const listeners = "from pg_stat_activity where application_name = 'accord web live'";
const off = () => page.getByText("Live updates are off; refreshed every 5 s.");

test("what a service parks shows on a page that is open, and one connection listens for all pages of a web process", async () => {
  const others = await Promise.all([1, 2].map(() => context.newPage()));
  await Promise.all(others.map((other) => other.goto("/zones")));
  await oneMoreShows();
  expect(await rowIn(product, "accord", `select count(*)::int as n ${listeners}`)).toEqual({ n: 1 });
  await Promise.all(others.map((other) => other.close()));
});

test("while nobody can listen an open page says so and asks by the clock, and stops saying so when somebody can", async () => {
  await rowsIn(product, "accord", "alter role accord_app connection limit 1");
  await rowsIn(product, "accord", `select pg_terminate_backend(pid) ${listeners}`);
  await off().waitFor({ timeout: 20_000 });
  await oneMoreShows();
  await rowsIn(product, "accord", "alter role accord_app connection limit -1");
  await off().waitFor({ state: "detached", timeout: 60_000 });
  await oneMoreShows();
});

test("a tab out of sight holds no stream and asks nothing; back in sight it is up to date", async () => {
  const gone = page.waitForEvent("requestfailed", (request) => request.url().includes("/api/v1/events"));
  await sight("hidden");
  await gone;
  const asked: string[] = [];
  const note = (request: Request) => asked.push(request.url());
  page.on("request", note);
  await write(product, "order-commitment", 1, { age: "1 minute", first: ++parkedN });
  await until(async () => (await groups())[0]?.openN === parkedN, { withinMs: 20_000, everyMs: 100 });
  expect(asked).toEqual([]);
  page.off("request", note);
  await sight("visible");
  await shows(parkedN);
});

test("an open stream does not keep a web process from ending, and its page goes on with the next one", async () => {
  const pid = product.pid("web");
  process.kill(pid, "SIGTERM");
  await until(async () => !alive(pid), { withinMs: 10_000, everyMs: 100 });
  await page
    .getByText(/Everything below is from|Reconnecting\./)
    .first()
    .waitFor({ timeout: 30_000 });
  await product.start("web");
  await oneMoreShows();
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
