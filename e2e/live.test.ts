import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { openBrowser } from "./browser";
import { faultsOf } from "./looks";
import { answer, type ParkedZone, standing, write } from "./parked";
import { type Product, startProduct } from "./setup";
import { answerOf, focusOf, hearsKeys, post, rowIn, rowsIn, signedIn } from "./story";

const REASON = "Version 2.40.3 is back, and takes these orders.";

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

type Group = { groupId: string; openN: number };
const groups = async () => (await answerOf<{ groups: Group[] }>(context, "/api/v1/dead-letters/groups")).groups;

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
  await expect.poll(() => rowIn(product, "accord", `select count(*)::int as n ${listeners}`)).toEqual({ n: 1 });
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

test("X22: a hold is taken back from the note that tells of it, by a button that stays in one line", async () => {
  const { id } = await rowIn<{ id: string }>(
    product,
    "orders",
    `insert into messaging.saga (saga_id, saga_type, business_key, state, step, started_at, updated_at, deadline_at)
     values (gen_random_uuid(), 'order-commitment', 'ORD-900777', 'running', 'reserve-stock', clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '6 minutes') returning saga_id::text as id`,
  );
  await until(async () => (await context.request.get(`/api/v1/sagas/orders/${id}`)).ok(), { withinMs: 30_000, everyMs: 250 });
  for (const width of [1440, 390]) {
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`/sagas/orders/${id}`);
    await page
      .getByRole("button", { name: "Hold compensations" })
      .or(page.getByRole("button", { name: "Hold longer" }))
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("The stock is counted by hand meanwhile.");
    await dialog.getByRole("button", { name: /^Hold 1 for/ }).click();
    const undo = page.getByRole("button", { name: "Undo", exact: true });
    await undo.waitFor({ timeout: 30_000 });
    const { width: wide, height } = (await undo.boundingBox())!;
    expect({ width, inOneLine: height < 40 && wide > 25 }).toEqual({ width, inOneLine: true });
    await undo.click();
    const heldUntil = "select hold_until as until from messaging.saga where saga_id = $1";
    await until(async () => (await rowIn<{ until: Date | null }>(product, "orders", heldUntil, [id])).until === null, {
      withinMs: 60_000,
      everyMs: 100,
    });
    await page.close();
  }
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

let silent: Promise<number> | undefined;

/** Ends the worker, once, and tells when. Screens go on answering; what they show gets old. */
function silence(): Promise<number> {
  silent ??= product.kill("worker").then(() => Date.now());
  return silent;
}

test("without a worker no zone is green within 20 s, and each says what it was", async () => {
  const page = await context.newPage();
  await page.goto("/zones");
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
  await silence();
  const [group] = await groups();
  const steps = await context.newPage();
  await steps.goto(`/dead-letters/groups/${group!.groupId}`);
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

test("after a minute without a worker verdicts are frozen and say so; when it is back, all goes on without a reload", async () => {
  await silence();
  const page = await context.newPage();
  await page.clock.install();
  await page.goto("/zones");
  await page.locator("tr[data-row]").nth(3).waitFor();
  await page.evaluate(() => Object.assign(window, { sameAsBefore: true }));
  await page.clock.fastForward("01:00");
  await page.getByText("Accord is not measuring.").waitFor();
  const row = page.locator("tr[data-row=customer-profile]");
  await row.getByText("Was healthy").waitFor();
  expect(await row.getByText("none open").count()).toBe(0);
  await page.clock.setSystemTime(new Date());
  await product.start("worker");
  silent = undefined;
  await row.getByText("Healthy", { exact: true }).waitFor({ timeout: 40_000 });
  await page.getByText("Accord is not measuring.").waitFor({ state: "detached" });
  expect(await page.evaluate(() => "sameAsBefore" in window)).toBe(true);
  await page.close();
});

test("without a web process an open page keeps what it knows, says how old it is, and goes on by itself", async () => {
  const page = await context.newPage();
  await page.goto("/zones");
  await page.locator("tr[data-row]").nth(3).waitFor();
  await page.evaluate(() => Object.assign(window, { sameAsBefore: true }));
  await product.kill("web");
  const old = page.getByText(/^Everything below is from \d\d:\d\d:\d\d, .+ ago\.$/).first();
  await old.waitFor({ timeout: 20_000 });
  expect(await page.locator("tr[data-row]").count()).toBe(4);
  await page.getByRole("button", { name: "Try now" }).first().waitFor();
  await product.start("web");
  await page.waitForFunction(() => !/Everything below is from/.test(document.body.innerText), null, { timeout: 20_000 });
  expect(await page.evaluate(() => "sameAsBefore" in window)).toBe(true);
  await page.close();
});

const LATE = "LateError";
const keys = [1, 2, 3].map((i) => `CUS-${910000 + i}`);
const listed = async (error: string) =>
  (await answerOf<{ groups: Group[] }>(context, `/api/v1/dead-letters/groups?query=error:${error}`)).groups[0];

/** Parks messages that fail in a way of their own, and gives their group once all of them are seen. */
async function parked(zone: ParkedZone, n: number, first: number, error: string): Promise<string> {
  await write(product, zone, n, { first, error });
  return until(async () => (await listed(error))?.openN === n && (await listed(error))!.groupId, {
    withinMs: 30_000,
    everyMs: 100,
  });
}

test("by keyboard alone from the list: taken, and waits for 2.40.3", async () => {
  for (const [database, table] of Object.entries({
    profiles: "customer",
    orders: "customer_view",
    notifications: "customer_view",
  }))
    await rowsIn(
      product,
      database,
      `insert into ${table} (customer_id, name, email, city, version) select k, 'Ada', 'ada@story.example', 'Ulm', 1 from unnest($1::text[]) k`,
      [keys],
    );
  await parked("customer-profile", keys.length, 10_001, LATE);
  const triage = await context.newPage();
  await triage.goto(`/dead-letters?q=error:${LATE}`);
  const { keyboard } = triage;
  const row = triage.locator("tr[data-row]");
  await row.getByText(LATE, { exact: true }).waitFor();
  await hearsKeys(triage);
  await keyboard.press("j");
  await triage.getByRole("button", { name: "New", exact: true }).last().waitFor();
  await keyboard.press("a");
  await row.getByText("Investigating").last().waitFor();
  await keyboard.press("e");
  await keyboard.press("w");
  await keyboard.press("Enter");
  await focusOf(triage.getByRole("dialog", { name: "Wait for a fix" }).getByRole("textbox"));
  await keyboard.type("2.40.3");
  await keyboard.press("Enter");
  await row.getByText("Waiting for 2.40.3").last().waitFor();
  await post(context, product, "/api/v1/deploys", { consumer: "notification-service", version: "2.40.3" });
  await triage.close();
});

test("a canary that fails stops by itself, and nothing else was sent; paused, reloaded and resumed on a phone", async () => {
  const asked = async () => (await standing(product, "order-commitment")).asked!;
  const before = await asked();
  const groupId = await parked("order-commitment", 6, 20_001, "CanaryError");
  const request = {
    selection: { groups: [groupId] },
    reason: REASON,
    plan: { canaryN: 2, watchMs: 0, canaryThen: "go", stopPercent: 20, inFlightMax: 2, undoMs: 0 },
  };
  const response = await post(context, product, "/api/v1/dead-letters/retry", request);
  const { operationId } = (await response.json()).value;
  let failedN = 0;
  const failed = async () => {
    failedN += await answer(product, "order-commitment", "failed");
    return failedN === 2;
  };
  await until(failed, { withinMs: 30_000, everyMs: 100 });
  const phone = await context.newPage();
  await phone.setViewportSize({ width: 390, height: 844 });
  await phone.goto(`/operations/${operationId}`);
  await phone
    .getByText(/^Stopped by itself: 2 of 2 failed/)
    .first()
    .waitFor({ timeout: 30_000 });
  expect(await asked()).toBe(before + 2);
  expect(await faultsOf(phone)).toEqual([]);

  await phone.getByRole("button", { name: "Resume" }).click();
  await until(async () => (await asked()) === before + 4, { withinMs: 30_000, everyMs: 100 });
  await phone.getByRole("button", { name: "Pause" }).click();
  await phone.getByText("Paused: nothing new is sent.").waitFor();
  expect(await answer(product, "order-commitment", "applied")).toBe(2);
  await phone.reload();
  await phone.getByText("Paused: nothing new is sent.").waitFor();
  expect(await asked()).toBe(before + 4);
  await phone.getByRole("button", { name: "Resume" }).click();
  await phone.getByRole("button", { name: "Pause" }).waitFor();
  await until(
    async () => {
      await answer(product, "order-commitment", "applied");
      return phone.getByText(/^done in /).isVisible();
    },
    { withinMs: 30_000, everyMs: 200 },
  );
  expect(await asked()).toBe(before + 6);
  await phone.close();
});

test("2.40.3 is live: ready, retried behind a canary by keyboard alone, and every key is proven", async () => {
  const triage = await context.newPage();
  await triage.goto(`/dead-letters?q=error:${LATE}`);
  const { keyboard } = triage;
  await triage.locator("tr[data-row]").getByText("ready to retry").first().waitFor({ timeout: 90_000 });
  await hearsKeys(triage);
  await keyboard.press("j");
  await keyboard.press("Enter");
  await triage.waitForURL(/\/groups\/\d+$/);
  await triage.getByText("2.40.3 is live and nothing comes in").first().waitFor();
  const checks = triage.getByRole("region", { name: "Safe to retry?" });
  await checks.getByText("2.40.3 is live and never failed so.").waitFor();
  await checks.getByText("Nothing came in lately, and the live version never failed so.").waitFor();
  await keyboard.press("r");
  const dialog = triage.getByRole("dialog");
  await focusOf(dialog.getByLabel("Reason"));
  await keyboard.type(REASON);
  const focused = () => triage.evaluate(() => document.activeElement?.textContent ?? "");
  for (let i = 0; i < 30 && (await focused()) !== "1"; i++) await keyboard.press("Shift+Tab");
  await keyboard.press("Enter");
  await dialog.getByLabel("Watch").waitFor();
  await keyboard.press("Tab");
  for (let i = 0; i < 10 && !(await dialog.getByLabel("Watch").evaluate((box) => box === document.activeElement)); i++)
    await keyboard.press("Tab");
  await keyboard.press("Control+a");
  await keyboard.type("1");
  await keyboard.press("Control+Enter");
  const unresolved = async () =>
    (
      await rowsIn(
        product,
        "accord",
        "select distinct business_key from unresolved where zone_id = 'customer-profile' and confirmed",
      )
    ).length;
  const unresolvedBefore = await unresolved();
  await triage.waitForURL(/\/operations\/\d+$/);
  await until(async () => (await answer(product, "customer-profile", "applied")) === 1, { withinMs: 30_000, everyMs: 100 });
  await until(async () => (await answer(product, "customer-profile", "applied")) === 2, { withinMs: 30_000, everyMs: 100 });
  await triage.getByText(/^done in /).waitFor({ timeout: 30_000 });
  await triage.getByText("all answered", { exact: true }).waitFor();
  await triage.getByRole("region", { name: "Plan" }).getByText("all 3 customers").waitFor({ timeout: 60_000 });
  await triage.getByText("All 3 customers are proven converged.").waitFor();
  await triage.getByText("3 of 3 customers are proven converged").waitFor();
  // What the zone's facts count themselves, before and after.
  const effect = triage.getByRole("region", { name: "Effect on Customer Profile" });
  const told = async () => {
    await triage.reload();
    const figure = effect.locator("dt", { hasText: "Unresolved customers" }).locator("+ dd");
    return (await figure.textContent()) === `${await unresolved()} from ${unresolvedBefore}`;
  };
  await until(told, { withinMs: 30_000, everyMs: 1_000 });
  expect(unresolvedBefore - (await unresolved())).toBe(3);
  expect(await faultsOf(triage)).toEqual([]);
  await triage.close();
});

test("two groups are merged by keyboard, a link to the one that went leads to the other, and undone they are two again", async () => {
  const [one, two] = [
    await parked("order-commitment", 2, 30_001, "HereError"),
    await parked("order-commitment", 1, 30_011, "ThereError"),
  ];
  const merging = await context.newPage();
  await merging.goto("/dead-letters?q=error:HereError,ThereError");
  const { keyboard } = merging;
  await merging.locator(`tr[data-row="${two}"]`).waitFor();
  await hearsKeys(merging);
  for (const key of ["j", "x", "j", "x", "m"]) await keyboard.press(key);
  await merging.getByRole("dialog", { name: "Merge 2 groups" }).getByRole("radio", { checked: true }).waitFor();
  await keyboard.press("Control+Enter");
  await merging.locator(`tr[data-row="${one}"]`).getByText("with 1 merged group").waitFor();
  await merging.goto(`/dead-letters/groups/${two}`);
  await merging.waitForURL((url) => url.pathname === `/dead-letters/groups/${one}`);
  await merging.getByText("3 messages parked").waitFor();
  await merging.getByRole("button", { name: "Undo" }).click();
  await merging.getByText("2 messages parked").waitFor();
  expect((await listed("ThereError"))?.groupId).toBe(two);
  await merging.close();
});
