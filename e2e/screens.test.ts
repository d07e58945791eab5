import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFault } from "../demo/faults";
import { until } from "../lib/db/testing";
import { sourceChecks } from "../lib/sources/check.rules";
import { openBrowser } from "./browser";
import { faultsOf, shiftsOf, unreachedOn, watchShifts } from "./looks";
import { type Product, startProduct } from "./setup";
import { answerOf, focusOf, fourAtATime, hearsKeys, post, signedIn } from "./story";

const REASON = "Version 2.40.3 is back, and takes these orders.";

let browser: Browser;
let product: Product;
/** Services are at work, one of them badly deployed; without a worker no screen knows it yet. */
let trading: Promise<void>;
let context: BrowserContext;
/** Where screens are refreshed every 5 s, so that what reads a whole page reads one that stands. */
let calm: BrowserContext;

beforeAll(async () => {
  // Nothing is seen until the worker starts: every screen is empty at first.
  [browser, product] = await Promise.all([openBrowser(), startProduct({ processes: ["web"], rate: 0 })]);
  trading = product.trade(12).then(() => startFault("poison", product.adminUrl));
  context = await signedIn(browser, product);
  calm = await signedIn(browser, product);
  await calm.addInitScript(() => localStorage.setItem("accord-refresh", "5s"));
  await watchShifts(calm);
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
  person: string;
};

let placed: Promise<Places> | undefined;

/** Starts the worker, once, and waits until there is something of everything. From then on the estate stands still. */
function lively(): Promise<Places> {
  placed ??= (async () => {
    await trading;
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
    const request = { selection: { messages: messages.slice(0, 8).map(({ id }) => id) }, reason: REASON };
    const asked = await post(context, product, "/api/v1/dead-letters/retry", request);
    const { operationId } = (await asked.json()).value;
    const opening = { zoneId: "order-commitment", title: "A customer has a bill and no order", note: "See the mail of Monday." };
    const opened = await post(context, product, "/api/v1/cases", opening);
    const invited = { name: "Ines", email: "ines@story.example", role: "operator", zones: ["order-commitment"] };
    const person = (await (await post(context, product, "/api/v1/operators", invited)).json()).value.operatorId;
    await until(async () => !["waiting", "running"].includes(await stateOf(operationId)), { withinMs: 60_000, everyMs: 250 });
    await post(context, product, "/api/v1/discovery", { sources: ["orders", "payments"] });
    await product.standStill();
    const stillSince = Date.now();
    // Every zone has been judged by what was seen afterwards.
    await until(async () => (await measuredAt()) > stillSince + 3_000, { withinMs: 60_000, everyMs: 250 });
    return {
      group: `/dead-letters/groups/${group}`,
      message: `/dead-letters/messages/${messages[10]!.id}`,
      key: messages[10]!.businessKey,
      messageId: messages[10]!.messageId,
      operation: `/operations/${operationId}`,
      saga: `/sagas/${sourceId}/${sagaId}`,
      person: `/people/${person}`,
      case: `/cases/${(await opened.json()).value.caseId}`,
    };
  })();
  return placed;
}

const measuredAt = async () =>
  (await answerOf<{ freshness: { asOf: number | null } }>(context, "/api/v1/zones")).freshness.asOf ?? 0;

const stateOf = async (operationId: string) =>
  (await answerOf<{ operation: { state: string } }>(context, `/api/v1/operations/${operationId}`)).operation.state;

async function screens(): Promise<string[]> {
  const { group, message, key, operation, saga, case: one, person } = await lively();
  const zone = "/zones/order-commitment";
  return [
    "/zones",
    "/wall",
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
    "/sources/inventory",
    "/discovery",
    "/tokens",
    "/people",
    person,
    "/account",
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
    ["/discovery", "Name the databases that you have,"],
    ["/tokens", "You have no token"],
    ["/zones/nowhere", "This zone: not found"],
    ["/keys/NOWHERE-1", "No key begins like it either"],
  ] as const;
  await fourAtATime(all, async ([path, words]) => {
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
    await fourAtATime(await screens(), async (path) => {
      const page = await pageOf(path, calm);
      let { sum, what } = await shiftsOf(page);
      // What is no longer "within the last minute" is said in other words, once: a refresh that moves something does so each time.
      if (sum >= 0.01) ({ sum, what } = await shiftsOf(page));
      const faults = await faultsOf(page);
      found.push({ path, moved: sum < 0.01 ? [] : what, faults, unreached: await unreachedOn(page) });
      await page.close();
    });
    return found;
  })();
  return visits;
}

async function withAny(what: "moved" | "unreached" | "faults"): Promise<[path: string, found: string[]][]> {
  const found = (await visited()).filter((visit) => visit[what].length > 0);
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
  await hearsKeys(page);
  await page.keyboard.press("r");
  await focusOf(page.getByRole("dialog").getByLabel("Reason"));
  await page.keyboard.press("Control+Enter");
  await page.getByText("At least 12 characters.").waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.close();
});

test("menus and hints by keyboard: the arrows open and lead, a letter finds, Escape closes what is open and gives the focus back", async () => {
  await lively();
  const page = await pageOf("/sources", calm);
  const { keyboard } = page;
  const trigger = page.getByRole("button", { name: /^Live/ });
  const menu = page.getByRole("menu");
  await trigger.focus();
  await keyboard.press("ArrowUp");
  await focusOf(menu.getByRole("menuitem", { name: "Off" }));
  await keyboard.press("ArrowDown");
  await focusOf(menu.getByRole("menuitem", { name: /^Live/ }));
  await keyboard.press("e");
  await focusOf(menu.getByRole("menuitem", { name: "Every 5 s" }));
  await keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
  await focusOf(trigger);
  // Pressed as soon as the page is there, with nothing loaded first.
  await trigger.click();
  await menu.waitFor();
  await page.getByRole("heading", { level: 1 }).click();
  await menu.waitFor({ state: "detached" });

  const hinted = page.getByRole("button", { name: "reads and acts" }).first();
  await hinted.hover();
  const hint = page.getByRole("tooltip", { name: "Operators may retry and discard here." });
  await hint.hover();
  expect(await hinted.getAttribute("aria-describedby")).toBe(await hint.getAttribute("id"));
  await keyboard.press("Escape");
  await hint.waitFor({ state: "detached" });
  await page.close();
});

test("no screen begins empty: what it shows first comes with the page", async () => {
  const empty: string[] = [];
  for (const path of await screens()) {
    const html = await (await calm.request.get(path)).text();
    if (/class="[^"]*\bskeleton\b/.test(html) || html.includes('aria-label="Loading"')) empty.push(path);
  }
  expect(empty).toEqual([]);
});

test("a source says check by check how it is set up, and what could not be asked is not in order", async () => {
  await lively();
  const page = await pageOf("/sources/inventory", calm);
  const setUp = page.locator("section").filter({ has: page.getByRole("heading", { name: "Set-up" }) });
  await setUp.getByText("The observer has every right that it needs, and none beyond.").waitFor();
  // All but the one of a map, which a source with native tables has not.
  expect(await setUp.getByRole("img", { name: "In order" }).count()).toBe(sourceChecks.length - 2);
  expect(await faultsOf(page)).toEqual([]);
  await page.close();
});

test("an administrator comes from Sources to a database's configuration by keyboard; an address is not taken", async () => {
  await lively();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await pageOf("/sources");
  const { keyboard } = page;
  let asked = 0;
  page.on("request", (request) => request.method() === "POST" && request.url().endsWith("/discovery") && asked++);
  await page.getByRole("link", { name: "Add a source" }).focus();
  await keyboard.press("Enter");
  const named = page.getByLabel("Variables that hold their addresses");
  await named.waitFor();
  await hearsKeys(page);
  await named.focus();
  await keyboard.type("postgres://reader:secret@10.0.0.1/orders");
  await keyboard.press("Enter");
  await page.getByText("Give the variable's name, not the address").waitFor();
  expect(asked).toBe(0);
  await named.fill("NOWHERE_URL");
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "The worker's environment has no NOWHERE_URL" }).waitFor();
  await named.fill("");
  await page.getByRole("checkbox", { name: "orders", exact: true }).focus();
  await keyboard.press("Space");
  await page.getByRole("button", { name: "Look at them" }).focus();
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Recognised the native tables" }).waitFor();
  expect(asked).toBe(2);
  await page.getByText("Everything that Accord knows to show.").waitFor();
  await page.getByRole("button", { name: "Copy the configuration" }).focus();
  await keyboard.press("Enter");
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("preset: native");
  await page.close();
});

test("every chart shows its figures as a table", async () => {
  const { group } = await lively();
  for (const [path, titles] of [
    [
      "/zones/order-commitment",
      ["Processing lag", "Oldest unresolved key", "Open divergences", "Compensations", "Parked messages", "Publish lag"],
    ],
    [group, ["Parked per minute"]],
    ["/sources/inventory", ["Lag, p95"]],
  ] as const) {
    const page = await pageOf(path);
    // What is folded comes with the charts, and they come after the page.
    await page.getByRole("button", { name: `${titles[0]} as table` }).waitFor();
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

test("X16, X21, X28: a drawn span and an order are in the address, there is a way back, and all zones are charted by one request", async () => {
  await lively();
  const page = await pageOf("/zones/order-commitment?range=24h");
  await hearsKeys(page);
  // A year of days is a figure too, and is there sooner or later than the charts.
  const figure = page.locator("figure", { has: page.locator("svg.recharts-surface") }).first();
  await figure.locator("svg.recharts-surface").waitFor();
  await figure.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await figure.boundingBox())!;
  await page.mouse.move(x + width * 0.4, y + height * 0.6);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.6, y + height * 0.6, { steps: 3 });
  await page.mouse.up();
  await page.waitForURL(/range=\d{13}-\d{13}/);
  await page.getByRole("heading", { name: / to / }).waitFor();
  await page.keyboard.press("Backspace");
  await page.waitForURL(/range=24h/);
  await page.keyboard.press("]");
  await page.waitForURL(/range=7d/);
  await page.goBack();
  await page.waitForURL(/range=24h/);

  await page.goto("/sources");
  await page.getByRole("button", { name: "Waiting", exact: true }).click();
  await page.waitForURL(/sort=waiting/);
  await page.locator("th[aria-sort=descending]", { hasText: "Waiting" }).waitFor();

  let asked = 0;
  page.on("request", (request) => request.url().includes("/api/v1/zone-trends") && asked++);
  await page.setViewportSize({ width: 1440, height: 400 });
  await page.goto("/zones");
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(asked).toBe(0);
  await page.getByRole("heading", { name: "Zones over time" }).scrollIntoViewIfNeeded();
  await page.getByRole("img", { name: /^Financial Posting, oldest key: / }).waitFor();
  expect(asked).toBe(1);
  await page.close();
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
  await hearsKeys(page);
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
  // The focus goes back in a task of its own, after the dialog has left the page.
  await expect.poll(focused).toMatch(/^Retry \d/);

  await keyboard.press("r");
  await focusOf(reason);
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
  await focusOf(field);
  // What works on the screen does nothing while somebody types.
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme ?? "");
  const lit = await theme();
  await keyboard.type("g d t ? j ");
  expect([new URL(page.url()).pathname, await theme(), await page.getByRole("dialog").count()]).toEqual(["/zones", lit, 1]);
  expect(await faultsOf(page)).toEqual([]);
  await keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  await expect.poll(focused).toBe(before);

  await keyboard.press("/");
  await focusOf(field);
  await keyboard.type(key);
  await keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === `/keys/${key}`);
  const parked = page.locator("tr[data-row]").filter({ hasText: "parked OrderSubmitted" }).last();
  await parked.waitFor();
  // The newest come first: the list may grow above the cursor meanwhile.
  const wanted = await parked.getAttribute("data-row");
  const atCursor = () => page.evaluate(() => document.querySelector('tr[aria-current="true"]')?.getAttribute("data-row"));
  for (let pressed = 0; (await atCursor()) !== wanted && pressed < 200; pressed++) await keyboard.press("j");
  await keyboard.press("Enter");
  await page.waitForURL(/\/dead-letters\/messages\/\d+$/);

  await page.goto("/audit");
  await page.locator("tr[data-row]").first().waitFor();
  await keyboard.press("Control+k");
  await focusOf(field);
  await keyboard.insertText(messageId);
  await keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === message);
  await page.close();
});
