import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFault } from "../demo/faults";
import { until } from "../lib/db/testing";
import { openBrowser } from "./browser";
import { faultsOf, shiftsOf, unreachedOn, watchShifts } from "./looks";
import { type Product, startProduct } from "./setup";
import { answerOf, post, signedIn, twoAtATime } from "./story";

const REASON = "Version 2.40.3 is back, and takes these orders.";

let browser: Browser;
let product: Product;
let context: BrowserContext;
/** Where screens are refreshed every 5 s, so that what reads a whole page reads one that stands. */
let calm: BrowserContext;

beforeAll(async () => {
  // Nothing is seen until the worker starts: every screen is empty at first.
  [browser, product] = await Promise.all([openBrowser(), startProduct({ processes: ["web"], rate: 8 })]);
  context = await signedIn(browser, product);
  calm = await signedIn(browser, product);
  await calm.addInitScript(() => localStorage.setItem("accord-refresh", "5s"));
  await watchShifts(calm);
  await startFault("poison", product.adminUrl);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

type Groups = { groups: { groupId: string; openN: number; consumer: string }[] };
type Places = {
  saga: string;
  group: string;
  message: string;
  key: string;
  messageId: string;
  operation: string;
  case: string;
};

let placed: Promise<Places> | undefined;

/** Starts the worker, once, and waits until there is something of everything. */
function lively(): Promise<Places> {
  placed ??= (async () => {
    await product.start("worker");
    const group = await until(
      async () =>
        (await answerOf<Groups>(context, "/api/v1/dead-letters/groups")).groups.find((each) => each.openN >= 30)?.groupId,
      { withinMs: 60_000, everyMs: 250 },
    );
    const { messages } = await answerOf<{ messages: { id: string; businessKey: string; messageId: string }[] }>(
      context,
      `/api/v1/dead-letters/groups/${group}/messages`,
    );
    // Orders that wait for their reservation: running at first, being undone later.
    const sagasIn = async (path: string) =>
      (await answerOf<{ sagas: { sourceId: string; sagaId: string }[] }>(context, path)).sagas[0];
    const { sourceId, sagaId } = await until(
      async () => (await sagasIn("/api/v1/sagas?state=running")) ?? (await sagasIn("/api/v1/sagas")),
      { withinMs: 30_000, everyMs: 250 },
    );
    const wish = { selection: { messages: messages.slice(0, 8).map(({ id }) => id) }, reason: REASON };
    const asked = await post(context, product, "/api/v1/dead-letters/retry", wish);
    const { operationId } = (await asked.json()).value;
    const opening = { zoneId: "order-commitment", title: "A customer has a bill and no order", note: "See the mail of Monday." };
    const opened = await post(context, product, "/api/v1/cases", opening);
    return {
      group: `/dead-letters/groups/${group}`,
      message: `/dead-letters/messages/${messages[10]!.id}`,
      key: messages[10]!.businessKey,
      messageId: messages[10]!.messageId,
      operation: `/operations/${operationId}`,
      saga: `/sagas/${sourceId}/${sagaId}`,
      case: `/cases/${(await opened.json()).value.caseId}`,
    };
  })();
  return placed;
}

let silent: Promise<number> | undefined;

/** Ends the worker, once, and tells when. Screens go on answering; what they show gets old. */
function silence(): Promise<number> {
  silent ??= product.kill("worker").then(() => Date.now());
  return silent;
}

async function screens(): Promise<string[]> {
  const { group, message, key, operation, saga, case: one } = await lively();
  const zone = "/zones/order-commitment";
  return [
    "/zones",
    zone,
    `${zone}/keys`,
    `${zone}/contract`,
    `${zone}/divergences`,
    `${zone}/dead-letters`,
    `${zone}/activity`,
    `/keys/${key}`,
    "/divergences",
    `${zone}/sagas`,
    "/sagas",
    saga,
    "/dead-letters",
    group,
    message,
    "/operations",
    operation,
    "/audit",
    "/cases",
    one,
    `${zone}/cases`,
    "/sources",
    "/tokens",
  ];
}

async function pageOf(path: string, where = context): Promise<Page> {
  const page = await where.newPage();
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => !document.querySelector(".skeleton"));
  return page;
}

test("screens with nothing to show say why, and have no accessibility fault, wide or on a phone, light or dark", async () => {
  const all = [
    ["/zones", "No contract yet"],
    ["/dead-letters", "Nothing is parked"],
    ["/divergences", "No contract compares anything yet"],
    ["/sagas", "No saga needs anybody"],
    ["/cases", "No case is open"],
    ["/operations", "Nobody has retried or discarded anything yet"],
    ["/sources", "No source is configured yet."],
    ["/tokens", "You have no token"],
    ["/zones/nowhere", "This zone: not found"],
    ["/keys/NOWHERE-1", "No key begins like it either"],
  ] as const;
  await twoAtATime(all, async ([path, words]) => {
    const page = await pageOf(path, calm);
    await page.getByText(words).first().waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  });
});

type Visit = { path: string; moved: string[]; unreached: string[]; faults: string[] };
let visits: Promise<Visit[]> | undefined;

/** Opens every screen once, with much to show, and looks at each in all ways. */
function visited(): Promise<Visit[]> {
  visits ??= (async () => {
    const found: Visit[] = [];
    await twoAtATime(await screens(), async (path) => {
      const page = await pageOf(path, calm);
      const { sum, what } = await shiftsOf(page);
      const faults = await faultsOf(page);
      found.push({ path, moved: sum < 0.01 ? [] : what, faults, unreached: await unreachedOn(page) });
      await page.close();
    });
    return found;
  })();
  // A browser that died says nothing about the screens.
  visits.catch(() => {
    visits = undefined;
  });
  return visits;
}

async function withAny(what: "moved" | "unreached" | "faults"): Promise<[path: string, found: string[]][]> {
  const found = (await visited()).filter((visit) => visit[what].length > 0);
  // A second try looks again.
  if (found.length > 0) visits = undefined;
  return found.map((visit) => [visit.path, visit[what]]);
}

test("a refresh moves nothing that is being read", async () => {
  expect(await withAny("moved")).toEqual([]);
});

test("everything that can be pressed is reached with Tab, and shows that it is", async () => {
  expect(await withAny("unreached")).toEqual([]);
});

test("screens with much to show have no accessibility fault, wide or on a phone, light or dark", async () => {
  expect(await withAny("faults")).toEqual([]);
  const page = await pageOf((await lively()).group, calm);
  await page.keyboard.press("r");
  await page.getByRole("dialog").getByLabel("Reason").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText("At least 12 characters.").waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.close();
});

// The worker is away from here on, so that the minute in which everything gets old is not spent waiting.
test("without a worker no zone is green within 20 s, and each says what it was", async () => {
  await lively();
  const page = await pageOf("/zones");
  await page.locator("tr[data-row=customer-profile]").getByText("Healthy").waitFor();
  const killedAt = await silence();
  await page.waitForFunction(() => !/Healthy/.test(document.querySelector("table")?.textContent ?? "Healthy"), null, {
    timeout: 20_000,
  });
  expect(Date.now() - killedAt).toBeLessThan(20_000);
  await page
    .getByRole("heading", { level: 1 })
    .getByText(/^Nothing has been measured since/)
    .waitFor();
  await page.locator("tr[data-row=customer-profile]").getByText("No data, was healthy").waitFor();
  expect((await context.request.get("/api/health/alive")).status()).toBe(200);
  await page.close();
});

test("an operation that waits is paused, resumed and cancelled by its people, and every step is on record", async () => {
  const { group } = await lively();
  await silence();
  const steps = await context.newPage();
  await steps.goto(group);
  await steps.getByRole("button", { name: /^Retry \d/ }).click();
  await steps.getByRole("dialog").getByLabel("Reason").fill(REASON);
  await steps.keyboard.press("Control+Enter");
  await steps.waitForURL(/\/operations\/\d+$/);
  await steps.getByRole("button", { name: "Pause" }).click();
  await steps.getByText("Paused: nothing new is sent.").waitFor();
  await steps.getByRole("button", { name: "Resume" }).click();
  await steps.getByRole("button", { name: "Pause" }).waitFor();
  await steps.keyboard.press("p");
  await steps.getByText("Paused: nothing new is sent.").waitFor();
  await steps.getByRole("button", { name: "Cancel the rest" }).click();
  await steps
    .getByRole("dialog")
    .getByRole("button", { name: /^Cancel \d/ })
    .click();
  await steps.getByText(/^Cancelled: [\d,]+ messages had no turn\.$/).waitFor();
  const operationId = steps.url().split("/").at(-1);
  const { entries } = await answerOf<{ entries: { action: string }[] }>(
    context,
    `/api/v1/audit?targetKind=operation&targetId=${operationId}&result=done`,
  );
  expect(entries.map(({ action }) => action).toReversed()).toEqual([
    "dead_letter.retry",
    "operation.pause",
    "operation.resume",
    "operation.pause",
    "operation.cancel",
  ]);
  await steps.close();
});

test("every chart shows its figures as a table", async () => {
  const { group } = await lively();
  for (const [path, titles] of [
    [
      "/zones/order-commitment",
      ["Processing lag", "Oldest unresolved key", "Open divergences", "Compensations", "Parked messages", "Publish lag"],
    ],
    [group, ["Parked per minute"]],
  ] as const) {
    const page = await pageOf(path);
    for (const folded of await page.locator("main summary").all()) await folded.click();
    for (const title of titles) {
      await page.getByRole("button", { name: `${title} as table` }).click();
      const figures = page.getByRole("region", { name: `${title}, figures` });
      await figures.getByRole("row").nth(1).waitFor();
      expect(await figures.getByRole("columnheader").first().textContent()).toBe("Time");
      await page.getByRole("button", { name: `${title} as chart` }).click();
      await figures.waitFor({ state: "detached" });
    }
    await page.close();
  }
});

test("from sign-in to a retry by keyboard alone; a dialog gives the focus back", async () => {
  await lively();
  const stranger = await browser.newContext({ baseURL: product.url, viewport: { width: 1440, height: 900 } });
  const page = await stranger.newPage();
  const { keyboard } = page;
  await page.goto("/zones");
  await page.getByLabel("E-mail").waitFor();
  await keyboard.type(product.login.email);
  await keyboard.press("Tab");
  await keyboard.type(product.login.password);
  await keyboard.press("Enter");
  const first = page.locator("tr[data-row]").first();
  const title = await first.getByRole("link").first().textContent();
  // Keys work as soon as the clock runs.
  await page
    .locator("header")
    .getByText(/^\d\d:\d\d:\d\d$/)
    .waitFor();
  await keyboard.press("j");
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: title! }).waitFor();
  await keyboard.press("g");
  await keyboard.press("d");
  await page.waitForURL(/\/dead-letters$/);
  await page.locator("tr[data-row]").first().waitFor();
  await keyboard.press("j");
  await keyboard.press("Enter");
  await page.waitForURL(/\/groups\/\d+$/);

  const retry = page.getByRole("button", { name: /^Retry \d/ });
  await retry.waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  for (let i = 0; i < 40 && !/^Retry \d/.test(await focused()); i++) await keyboard.press("Tab");
  expect(await focused()).toMatch(/^Retry \d/);
  await keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  const reason = dialog.getByLabel("Reason");
  await reason.waitFor();
  await keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await focused()).toMatch(/^Retry \d/);

  await keyboard.press("r");
  await reason.waitFor();
  expect(await reason.evaluate((each) => each === document.activeElement)).toBe(true);
  await keyboard.type("too short");
  await keyboard.press("Control+Enter");
  await dialog.getByText("At least 12 characters.").waitFor();
  await keyboard.press("Control+a");
  await keyboard.type(REASON);
  await keyboard.press("Control+Enter");
  await page.waitForURL(/\/operations\/\d+$/);
  await page.getByRole("heading", { level: 1, name: /^Retry of \d+ OrderSubmitted$/ }).waitFor();
  await stranger.close();
});

test("by keyboard alone: / finds a key, its page leads to its dead letter, and a pasted id leads there at once", async () => {
  const { key, message, messageId } = await lively();
  const page = await pageOf("/zones");
  const { keyboard } = page;
  const field = page.getByRole("combobox", { name: "Find a key, an id, a zone, or something to do" });
  const focused = () => page.evaluate(() => document.activeElement?.tagName);
  const before = await focused();
  await keyboard.press("/");
  await field.waitFor();
  // What works on the screen does nothing while somebody types.
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme ?? "");
  const lit = await theme();
  await keyboard.type("g d t ? j ");
  expect([new URL(page.url()).pathname, await theme(), await page.getByRole("dialog").count()]).toEqual(["/zones", lit, 1]);
  expect(await faultsOf(page)).toEqual([]);
  await keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  expect(await focused()).toBe(before);

  await keyboard.press("/");
  await field.waitFor();
  await keyboard.type(key);
  await keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === `/keys/${key}`);
  const parked = page.locator("tr[data-row]").filter({ hasText: "parked OrderSubmitted" }).last();
  await parked.waitFor();
  const place = await parked.evaluate((row) => [...document.querySelectorAll("tr[data-row]")].indexOf(row));
  for (let i = 0; i <= place; i++) await keyboard.press("j");
  await keyboard.press("Enter");
  await page.waitForURL(/\/dead-letters\/messages\/\d+$/);

  await page.goto("/audit");
  await page.locator("tr[data-row]").first().waitFor();
  await keyboard.press("Control+k");
  await field.waitFor();
  await keyboard.insertText(messageId);
  await keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === message);
  await page.close();
});

test("after a minute without a worker verdicts are frozen and say so; when it is back, all goes on without a reload", async () => {
  await lively();
  await silence();
  const page = await pageOf("/zones");
  await page.evaluate(() => Object.assign(window, { sameAsBefore: true }));
  await page.getByText("Accord is not measuring.").waitFor({ timeout: 70_000 });
  const row = page.locator("tr[data-row=customer-profile]");
  await row.getByText("Was healthy").waitFor();
  expect(await row.getByText("none open").count()).toBe(0);
  await product.start("worker");
  silent = undefined;
  await row.getByText("Healthy", { exact: true }).waitFor({ timeout: 40_000 });
  await page.getByText("Accord is not measuring.").waitFor({ state: "detached" });
  expect(await page.evaluate(() => "sameAsBefore" in window)).toBe(true);
  await page.close();
});

test("without a web process an open page keeps what it knows, says how old it is, and goes on by itself", async () => {
  await lively();
  const page = await pageOf("/zones");
  await page.locator("tr[data-row]").nth(2).waitFor();
  await page.evaluate(() => Object.assign(window, { sameAsBefore: true }));
  await product.kill("web");
  const old = page.getByText(/^Everything below is from \d\d:\d\d:\d\d, .+ ago\.$/).first();
  await old.waitFor({ timeout: 20_000 });
  expect(await page.locator("tr[data-row]").count()).toBe(3);
  await page.getByRole("button", { name: "Try now" }).first().waitFor();
  await product.start("web");
  await page.waitForFunction(() => !/Everything below is from/.test(document.body.innerText), null, { timeout: 20_000 });
  expect(await page.evaluate(() => "sameAsBefore" in window)).toBe(true);
  await page.close();
});
