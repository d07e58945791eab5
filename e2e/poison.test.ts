import type { BrowserContext, Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { startFault, stopFault } from "../demo/faults";
import { until } from "../lib/db/testing";
import { openBrowser } from "./browser";
import { faultsOf } from "./looks";
import { type Product, startProduct } from "./setup";
import { answerOf, rowIn, rowsIn, signedIn } from "./story";

const REASON = "2.41.0 is rolled back to 2.40.3: lines without a site are accepted again.";
const ENOUGH = 300;
// Above it a retry needs a second person (demo/contracts/order-commitment.yaml).
const ALONE = 1_000;
const KNOWN = "select from consumer_version where consumer = 'inventory-service'";

test("a broken deploy is told within 30 s, found in three clicks, and its messages end in an outcome each, proven in the services' own tables", async () => {
  const [product, browser] = await Promise.all([startProduct({ rate: 30 }), openBrowser()]);
  try {
    const context = await signedIn(browser, product);
    const page = await context.newPage();
    await page.goto("/zones");
    await page.getByText("All 4 zones keep their contracts.").waitFor();

    // A version that was there from the first look on is no deploy.
    await until(async () => (await rowsIn(product, "accord", KNOWN)).length > 0);
    await startFault("poison", product.adminUrl);
    const said = page.getByRole("heading", { level: 1 });
    await said.getByText("inventory-service").waitFor({ timeout: 60_000 });
    // The deploy may be known a poll later than the first parked order.
    await expect
      .poll(() => said.textContent(), { timeout: 30_000 })
      .toMatch(/Order Commitment .*inventory-service has parked \d+ orders? since its \d\d:\d\d deploy of 2\.41\.0/);
    const toldAt = Date.now();
    expect(toldAt - (await firstParkedAt(product))).toBeLessThan(30_000);

    // However long reading takes, no more is parked than one person may retry.
    const rolledBack = rollBackOnce(ENOUGH, product);
    expect(await faultsOf(page)).toEqual([]);

    const clicks = await openGroup(page);
    expect(clicks).toBeLessThanOrEqual(3);
    await page.getByRole("heading", { level: 1, name: "TypeError" }).waitFor();
    await page.getByText("2.41.0 only").waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await rolledBack;
    expect(await parkedN(product)).toBeLessThanOrEqual(ALONE);
    const all = `Retry ${(await parkedN(product)).toLocaleString("en-US")}`;
    await page.getByRole("button", { name: new RegExp(`^${all}\\b`) }).waitFor();

    await retryAll(page);
    await page.waitForURL(/\/operations\/\d+$/);
    const operationId = page.url().split("/").at(-1)!;
    await page.getByText(/^done in /).waitFor({ timeout: 180_000 });

    await everyKeyIsProvenOrNamed(context, operationId);

    const shown = await outcomesOn(page);
    const kept = await outcomesIn(product);
    expect(shown).toEqual(kept);
    const itemsN = Object.values(kept).reduce((sum, n) => sum + n, 0);
    expect(itemsN).toBeGreaterThanOrEqual(ENOUGH);
    expect(kept["Failed again"] ?? 0).toBe(0);
    // Two presses were one operation.
    expect(await rowsIn(product, "accord", "select operation_id from operation")).toHaveLength(1);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
      `Retry of ${itemsN.toLocaleString("en-US")} OrderSubmitted`,
    );

    await everyReservationIsThereOnce(product);

    await page.keyboard.press("g");
    await page.keyboard.press("z");
    await page.locator("tr[data-row=order-commitment]").getByText("Healthy").waitFor({ timeout: 180_000 });

    const path = `/api/v1/audit?targetKind=operation&targetId=${operationId}`;
    const { entries } = await answerOf<{ entries: Record<string, unknown>[] }>(context, path);
    expect(entries.find(({ result }) => result === "done")).toMatchObject({
      actorName: "Administrator",
      action: "dead_letter.retry",
      target: { kind: "operation", id: operationId, zones: ["order-commitment"] },
      reason: REASON,
      detail: { items: itemsN, consumers: ["inventory-service"] },
    });
    expect(entries.find(({ result }) => result === "result")).toMatchObject({
      actorKind: "worker",
      detail: { state: "done", items: itemsN, succeeded: kept.Succeeded },
    });
  } finally {
    await browser.close();
    await product.stop();
  }
});

/** Half a minute after the last delivery no key is being checked any more, and what is not proven says why. */
async function everyKeyIsProvenOrNamed(context: BrowserContext, operationId: string): Promise<void> {
  type Proof = { counts: Record<string, number>; rows: { why: { text: string }[] }[] };
  const proof = (state: string) => answerOf<Proof>(context, `/api/v1/operations/${operationId}/proof?${state}`);
  await until(async () => (await proof("")).counts.checking === 0, { withinMs: 30_000, everyMs: 500 });
  const { counts, rows } = await proof("");
  expect(counts.undelivered).toBe(0);
  expect(counts.proven! + counts.waits! + counts.diverging! + counts.uncovered!).toBe(counts.total);
  expect(counts.proven).toBeGreaterThan(0);
  expect(rows.filter(({ why }) => why.length === 0)).toEqual([]);
}

/** Goes from the page of zones to the group of dead letters, and counts. */
async function openGroup(page: Page): Promise<number> {
  let clicks = 0;
  const click = async (what: Locator) => {
    await what.click();
    clicks++;
  };
  await click(page.locator("tr[data-row=order-commitment]").getByRole("link", { name: "Order Commitment" }));
  await page.waitForURL(/\/zones\/order-commitment$/);
  await click(page.getByRole("link", { name: /^Open dead letters/ }).first());
  await page.waitForURL(/\/dead-letters\/groups\/\d+$/);
  return clicks;
}

/** Asks for the retry with too few words first, then with enough, and confirms by a double click. */
async function retryAll(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Retry \d/ }).click();
  const dialog = page.getByRole("dialog");
  const confirm = dialog.getByRole("button", { name: /^Retry \d/ });
  await dialog.getByLabel("Reason").fill("too short");
  await confirm.click();
  await dialog.getByText("At least 12 characters.").waitFor();
  await dialog.getByLabel("Reason").fill(REASON);
  await confirm.dblclick();
}

const firstParkedAt = async (product: Product): Promise<number> =>
  (await rowIn<{ at: Date }>(product, "inventory", "select min(parked_at) as at from messaging.dead_letter")).at.getTime();

const parkedN = async (product: Product): Promise<number> =>
  (await rowIn<{ n: number }>(product, "inventory", "select count(*)::int as n from messaging.dead_letter")).n;

/** Rolls the deploy back when so many are parked, and waits until the version before works again. */
function rollBackOnce(parked: number, product: Product): Promise<void> {
  const done = until(async () => (await parkedN(product)) >= parked, { withinMs: 300_000, everyMs: 250 })
    .then(() => stopFault("poison", product.adminUrl))
    .then(() => fixed(product));
  // Whoever awaits it says so; a story that fails earlier does not.
  done.catch(() => {});
  return done;
}

async function fixed(product: Product): Promise<void> {
  const { now } = await rowIn<{ now: string }>(product, "inventory", "select clock_timestamp()::text as now");
  const sql = "select from messaging.inbox where consumer_version = '2.40.3' and processed_at > $1::timestamptz limit 1";
  await until(async () => (await rowsIn(product, "inventory", sql, [now])).length > 0, { withinMs: 60_000, everyMs: 100 });
}

const words: Record<string, string> = {
  applied: "Succeeded",
  duplicate: "Duplicate",
  stale: "Skipped, stale",
  held: "Held",
  failed: "Failed again",
};

async function outcomesOn(page: Page): Promise<Record<string, number>> {
  const links = page.getByRole("link", { name: /^Items: / });
  return Object.fromEntries(
    await links.evaluateAll((all) =>
      all.map((each) => [each.ariaLabel?.replace("Items: ", ""), Number(each.textContent?.replaceAll(",", ""))]),
    ),
  );
}

async function outcomesIn(product: Product): Promise<Record<string, number>> {
  const sql = "select state, count(*)::int as n from messaging.redelivery group by state";
  const rows = await rowsIn<{ state: string; n: number }>(product, "inventory", sql);
  return Object.fromEntries(rows.map(({ state, n }) => [words[state] ?? state, n]));
}

/** Each parked order has one reservation and said so once, and stock went down by what is reserved, to the piece. */
async function everyReservationIsThereOnce(product: Product): Promise<void> {
  const orders = await rowsIn<{ reservations: number; told: number }>(
    product,
    "inventory",
    `select count(r.order_id)::int as reservations, min((select count(*) from messaging.outbox o
       where o.business_key = d.business_key and o.event_type in ('InventoryReserved', 'StockRejected')))::int as told
     from messaging.dead_letter d left join stock_reservation r on r.order_id = d.business_key group by d.dead_letter_id`,
  );
  expect(orders.filter((order) => order.reservations !== 1 || order.told > 1)).toEqual([]);
  const wrong = await rowsIn(
    product,
    "inventory",
    `select sku, on_hand, taken from stock natural left join (
       select line ->> 'sku' as sku, sum((line ->> 'quantity')::int) as taken
       from stock_reservation, jsonb_array_elements(lines) line where state = 'reserved' group by 1) reserved
     where on_hand <> case sku when 'SKU-2999' then 0 else 50000000 end - coalesce(taken, 0)`,
  );
  expect(wrong).toEqual([]);
}
