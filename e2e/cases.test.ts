import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { openBrowser } from "./browser";
import { faultsOf } from "./looks";
import { park } from "./parked";
import { type Product, startProduct } from "./setup";
import { answerOf, rowIn, signedIn } from "./story";

const REASON = "The story's service was told by hand; see INC-7.";

let browser: Browser;
let product: Product;
beforeAll(async () => {
  [browser, product] = await Promise.all([openBrowser(), startProduct({ rate: 0 })]);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
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
  await page
    .locator("header")
    .getByText(/^\d\d:\d\d:\d\d/)
    .waitFor();
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
