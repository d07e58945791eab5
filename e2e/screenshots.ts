import { mkdirSync } from "node:fs";
import path from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { startFault, stopFault } from "../demo/faults";
import { until } from "../lib/db/testing";
import { buildIfStale } from "../lib/launch/build";
import { root } from "../lib/launch/root";
import { minutes } from "../lib/time";
import { openBrowser } from "./browser";
import { type Product, startProduct } from "./setup";
import { answerOf, post, rowIn, rowsIn, signedIn } from "./story";

const folder = path.join(root, "docs/screenshots");
const PARKED = 400;
const CALM_MS = 60_000;
const HIGHEST = 1_240;

/** The pictures of the documents: of a product that lives through a drift, a provider that refuses voids, a broken deploy and its repair. */
async function run(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await buildIfStale(path.join(root, ".data/test/build.log"));
  const product = await startProduct({ rate: 20 });
  const browser = await openBrowser();
  try {
    const context = await signedIn(browser, product, product.login, { deviceScaleFactor: 1, colorScheme: "light" });
    const page = await context.newPage();
    const dark = await (await signedIn(browser, product, product.login, { colorScheme: "dark" })).newPage();
    const phone = await (await signedIn(browser, product, product.login, { viewport: { width: 390, height: 844 } })).newPage();
    await page.waitForTimeout(CALM_MS);
    await trouble(product, context);
    await overviews({ zones: page, "zones-dark": dark, "zones-390": phone });
    await open(page, "/zones/order-commitment", "zone", () => promiseIn(page));
    await open(phone, "/zones/order-commitment", "zone-390");
    await open(page, "/zones/order-commitment/contract", "contract");
    await open(page, "/dead-letters", "dead-letters", async () => page.keyboard.press("j"));
    await open(page, "/sources", "sources");
    await sagaAndKey(page, context);
    await open(page, "/divergences", "divergences");
    await find(page);
    // Before so many are parked that a retry needs a second person.
    await repair(page, product);
    await caseOn({ case: page, "case-390": phone, "case-dark": dark }, context);
    await open(page, "/cases", "cases");
    await open(page, "/audit", "audit");
  } finally {
    await browser.close();
    await product.stop();
  }
}

/** What the pictures show: copies that differ, voids that were refused, and a deploy whose messages are parked. */
async function trouble(product: Product, context: BrowserContext): Promise<void> {
  await drift(product);
  await post(context, product, "/api/v1/divergences/rules/order-commitment/stock-agrees/run");
  // While all is calm: what usually takes long is also waited for before a difference counts.
  const differing = "select count(*)::int as n from divergence where state = 'open'";
  await until(async () => (await rowIn<{ n: number }>(product, "accord", differing)).n > 0, { withinMs: 180_000, everyMs: 500 });
  await startFault("failing-compensation", product.adminUrl);
  await startFault("poison", product.adminUrl);
  await parked(product, PARKED);
  await stopFault("failing-compensation", product.adminUrl);
}

async function overviews(pages: Record<string, Page>): Promise<void> {
  for (const [name, page] of Object.entries(pages)) {
    await page.goto("/zones");
    await page.getByRole("heading", { level: 1 }).getByText("inventory-service").waitFor();
    await shoot(page, name);
  }
}

/** What is loaded when it comes into sight comes into sight. */
async function promiseIn(page: Page): Promise<void> {
  await page.setViewportSize({ width: page.viewportSize()!.width, height: HIGHEST });
  await page.getByText("What used the budget up").waitFor();
}

async function sagaAndKey(page: Page, context: BrowserContext): Promise<void> {
  type Listed = { sagas: { sourceId: string; sagaId: string; businessKey: string }[] };
  const first = (await answerOf<Listed>(context, "/api/v1/sagas")).sagas[0]!;
  await open(page, "/sagas", "sagas");
  await open(page, `/sagas/${first.sourceId}/${first.sagaId}`, "saga");
  await open(page, `/keys/${first.businessKey}`, "key");
}

async function caseOn(pages: Record<string, Page>, context: BrowserContext): Promise<void> {
  // A case is opened a minute past the window.
  const one = await until(
    async () => {
      const { cases } = await answerOf<{ cases: { caseId: string; causeKind: string; stepsN: number }[] }>(
        context,
        "/api/v1/cases",
      );
      return cases.find(({ causeKind, stepsN }) => causeKind === "divergence" && stepsN > 0);
    },
    { withinMs: minutes(8), everyMs: 1_000 },
  );
  for (const [name, page] of Object.entries(pages)) await open(page, `/cases/${one.caseId}`, name);
}

async function find(page: Page): Promise<void> {
  await page.goto("/zones");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("ORD-");
  await page.getByRole("option").nth(3).waitFor();
  await page.getByText("Keys, message, saga and correlation ids").last().waitFor();
  await page.screenshot({ path: path.join(folder, "find.png") });
  console.log("find");
}

/** The deploy is rolled back and what it parked is sent again: the group, the dialog and the operation. */
async function repair(page: Page, product: Product): Promise<void> {
  await page.goto("/dead-letters");
  await page.getByRole("link", { name: "TypeError" }).first().click();
  await page.waitForURL(/groups/);
  await shoot(page, "group");
  await stopFault("poison", product.adminUrl);
  // A version that is alone again for a minute is what is live.
  await page.getByText("Stopped,", { exact: true }).waitFor({ timeout: minutes(3) });
  await page.keyboard.press("r");
  await page.getByLabel("Reason").fill("2.41.0 is rolled back to 2.40.3: lines without a site are accepted again.");
  await page.getByLabel("Ticket").fill("INC-4471");
  await page.getByText("looking at each in its source").waitFor({ state: "hidden" });
  await shoot(page, "retry");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/operations/);
  const settled = page.getByText(/settled/).first();
  await until(async () => (await settled.textContent())?.match(/^[1-9]\d\d/), { withinMs: minutes(2) });
  await shoot(page, "operation");
}

/** Ten copies that missed a change, and four that never came, of reservations that are old enough for a reconciler to judge. */
async function drift(product: Product): Promise<void> {
  const oldest = (n: number) =>
    `order_id in (select order_id from stock_view order by updated_at limit ${n}) returning order_id as id`;
  const older = "update stock_view set quantity = quantity + 1, version = version - 1 where";
  const lost = await rowsIn<{ id: string }>(product, "orders", `delete from stock_view where ${oldest(4)}`);
  const changed = await rowsIn<{ id: string }>(product, "orders", `${older} ${oldest(10)}`);
  await rowsIn(
    product,
    "inventory",
    "update stock_reservation set updated_at = updated_at - interval '12 minutes' where order_id = any($1)",
    [[...lost, ...changed].map(({ id }) => id)],
  );
}

async function parked(product: Product, n: number): Promise<void> {
  const sql = "select count(*)::int as n from messaging.dead_letter where state = 'parked'";
  await until(async () => (await rowIn<{ n: number }>(product, "inventory", sql)).n >= n, { withinMs: 180_000, everyMs: 500 });
}

async function open(page: Page, address: string, name: string, then?: () => Promise<unknown>): Promise<void> {
  await page.goto(address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await then?.();
  await shoot(page, name);
}

// As high as what it shows, within limits: what is fixed to the window stays where people see it.
async function shoot(page: Page, name: string): Promise<void> {
  const width = page.viewportSize()!.width;
  await page.waitForFunction(() => !document.querySelector(".skeleton"));
  const height = await page.evaluate(() => document.querySelector("main > div")!.scrollHeight + 60);
  await page.setViewportSize({ width, height: Math.max(600, Math.min(height, width > 600 ? HIGHEST : 844)) });
  // A second for what is drawn after the data came: charts, and the details of a row.
  await page.waitForTimeout(1_000);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  await page.setViewportSize({ width, height: 900 });
  console.log(name);
}

await run();
