import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { openBrowser } from "./browser";
import { faultsOf } from "./looks";
import { park, standing, write } from "./parked";
import { type Product, startProduct } from "./setup";
import { answerOf, focusOf, hearsKeys, newcomer, OWN_PASSWORD, post, rowIn, signedIn } from "./story";

const SECRET = /anna\d@story\.example/;
const REASON = "The message is of no use to anybody any more.";

let browser: Browser;
let product: Product;
let admin: BrowserContext;
let orders: string;
let customers: string;
let running: string;

beforeAll(async () => {
  // Without services nobody takes what is sent: an operation that is asked for stays at work.
  [browser, product] = await Promise.all([openBrowser(), startProduct({ rate: 0 })]);
  [orders, customers] = await Promise.all([park(product, "order-commitment", 3), park(product, "customer-profile", 2)]);
  admin = await signedIn(browser, product);
  const { messages } = await answerOf<{ messages: { id: string }[] }>(admin, `/api/v1/dead-letters/groups/${orders}/messages`);
  const request = { selection: { messages: [messages[0]!.id] }, reason: REASON };
  running = (await (await post(admin, product, "/api/v1/dead-letters/retry", request)).json()).value.operationId;
  await until(async () => (await standing(product, "order-commitment")).asked === 1, { withinMs: 20_000, everyMs: 100 });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** Somebody new, who was invited and has signed in. */
async function person(name: string, role: string, zones: string[] | null): Promise<{ id: string; context: BrowserContext }> {
  const email = `${name.toLowerCase()}.${crypto.randomUUID().slice(0, 8)}@story.example`;
  const response = await post(admin, product, "/api/v1/operators", { name, email, role, zones });
  const { operatorId, password } = (await response.json()).value;
  return { id: operatorId, context: await newcomer(browser, product, { email, password }) };
}

async function pageOf(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  await hearsKeys(page);
  return page;
}

test("Trap 13, a read-only user reaches a write by a direct call: a viewer who posts straight to an action is refused, nothing changes, and the audit has every attempt", async () => {
  const { id, context } = await person("Vera", "viewer", null);
  const before = await standing(product, "order-commitment");
  const request = { selection: { groups: [orders] }, reason: REASON };
  const attempts: [action: string, path: string, body: object][] = [
    ["dead_letter.retry", "/api/v1/dead-letters/retry", request],
    ["dead_letter.discard", "/api/v1/dead-letters/discard", { ...request, code: "not_needed" }],
    ["operation.pause", `/api/v1/operations/${running}/pause`, {}],
    ["operation.resume", `/api/v1/operations/${running}/resume`, {}],
    ["operation.cancel", `/api/v1/operations/${running}/cancel`, {}],
    ["operator.invite", "/api/v1/operators", { name: "Eve", email: "eve@story.example", role: "administrator" }],
    ["operator.reset_password", `/api/v1/operators/${id}/password`, {}],
    ["session.revoke", `/api/v1/operators/${id}/sessions/revoke`, {}],
  ];
  for (const [action, path, body] of attempts) {
    const response = await post(context, product, path, body);
    expect([action, response.status(), (await response.json()).refusal.message]).toEqual([
      action,
      403,
      expect.stringMatching(/^You are a viewer; to .+ takes an /),
    ]);
  }
  const denied = await answerOf<{ entries: { action: string; actorName: string }[] }>(
    admin,
    `/api/v1/audit?result=denied&operatorId=${id}`,
  );
  expect(denied.entries.map(({ action }) => action).sort()).toEqual(attempts.map(([action]) => action).sort());
  expect(await standing(product, "order-commitment")).toEqual(before);
  expect(await answerOf(admin, `/api/v1/operations/${running}`)).toMatchObject({ operation: { state: "running" } });
  await context.close();
});

test("a viewer sees every action, blocked, with who can", async () => {
  const { context } = await person("Vito", "viewer", null);
  const page = await pageOf(context, `/dead-letters/groups/${orders}`);
  await expectBlocked(page, ["Discard", "Retry 3"], "You are a viewer; to retry messages takes an operator");
  await page.keyboard.press("r");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.goto(`/operations/${running}`);
  await hearsKeys(page);
  await expectBlocked(page, ["Pause", "Cancel the rest"], null);
  await page.keyboard.press("p");
  expect(await page.getByRole("button", { name: "Pause" }).count()).toBe(1);
  await context.close();
});

test("X2: what is chosen is what every button and key acts on, and without a choice the whole group is", async () => {
  const page = await pageOf(admin, `/dead-letters/groups/${orders}`);
  await page.getByRole("button", { name: "Retry 3" }).waitFor();
  const boxes = page.getByRole("region", { name: "Messages of the group" }).getByRole("checkbox");
  await boxes.last().press("Space");
  await page.getByRole("button", { name: "Retry 1 selected" }).waitFor();
  expect(await page.getByRole("button", { name: "Retry 3" }).count()).toBe(0);
  const dialog = page.getByRole("dialog");
  for (const open of [() => page.keyboard.press("r"), () => page.getByRole("button", { name: "Discard 1 selected" }).click()]) {
    await open();
    await dialog.getByRole("heading", { name: /\b1\b/ }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }
  // A dialog that has just closed gives the focus back, maybe between a focus and a key.
  await boxes.last().click();
  await page.getByRole("button", { name: "Retry 3" }).waitFor();
  await page.close();
});

/** Buttons that are there, say why not, and do nothing. */
async function expectBlocked(page: Page, names: string[], note: string | null): Promise<void> {
  for (const name of names) {
    const button = page.getByRole("button", { name, exact: true });
    await button.waitFor();
    await page.waitForFunction(
      (each) => each?.getAttribute("title")?.startsWith("You are a viewer"),
      await button.elementHandle(),
    );
    expect(await button.getAttribute("aria-disabled")).toBe("true");
    await button.click({ force: true });
  }
  expect(await page.getByRole("dialog").count()).toBe(0);
  if (note) await page.getByText(note).first().waitFor();
}

test("an operator of one zone sees that zone, its dead letters and nothing else, and cannot act beyond it", async () => {
  const { context } = await person("Olga", "operator", ["customer-profile"]);
  const page = await pageOf(context, "/zones");
  await page.locator("tr[data-row=customer-profile]").waitFor();
  expect(await page.locator("tr[data-row]").count()).toBe(1);
  expect(await page.getByText(/Order Commitment|Financial Posting/).count()).toBe(0);
  await page.goto("/dead-letters");
  await page.locator(`tr[data-row="${customers}"]`).waitFor();
  expect(await page.locator("tr[data-row]").count()).toBe(1);
  expect(await page.getByText("inventory-service").count()).toBe(0);
  for (const path of ["/zones/order-commitment", `/dead-letters/groups/${orders}`, `/operations/${running}`]) {
    await page.goto(path);
    await page.getByRole("heading", { name: /not found/ }).waitFor();
    expect((await context.request.get(`/api/v1${path}`)).status()).toBe(404);
  }
  const before = await standing(product, "order-commitment");
  const request = { selection: { groups: [orders] }, reason: REASON };
  for (const act of ["retry", "discard"])
    expect([403, 404]).toContain(
      (
        await post(
          context,
          product,
          `/api/v1/dead-letters/${act}`,
          act === "retry" ? request : { ...request, code: "not_needed" },
        )
      ).status(),
    );
  expect(await standing(product, "order-commitment")).toEqual(before);
  await context.close();
});

test("triage by keyboard: taken, waits for 2.40.3; who looks on sees it, and who comes second is told who was first", async () => {
  const { context } = await person("Priya", "operator", null);
  const [page, other] = [
    await pageOf(admin, "/dead-letters?q=consumer:notification-service"),
    await pageOf(context, `/dead-letters/groups/${customers}`),
  ];
  const row = page.locator(`tr[data-row="${customers}"]`);
  await row.waitFor();
  await page.keyboard.press("j");
  await page.getByRole("button", { name: "New", exact: true }).last().waitFor();
  await page.keyboard.press("x");
  await page.getByRole("button", { name: /^Take/ }).waitFor();
  await page.keyboard.press("a");
  await page.getByText("You took 1 group.").waitFor();
  await page.keyboard.press("Escape");
  await row.getByText("Investigating").last().waitFor();
  await other.getByRole("button", { name: "Investigating" }).waitFor();
  const late = await post(context, product, `/api/v1/dead-letters/groups/${customers}/state`, { from: 0, state: "new" });
  expect([late.status(), (await late.json()).refusal.message]).toEqual([
    409,
    expect.stringMatching(/ was first: this group is investigating since /),
  ]);
  await page.keyboard.press("e");
  await page.keyboard.press("w");
  await page.keyboard.press("Enter");
  await focusOf(page.getByRole("dialog", { name: "Wait for a fix" }).getByRole("textbox"));
  await page.keyboard.type("2.40.3");
  await page.keyboard.press("Enter");
  await row.getByText("Waiting for 2.40.3").last().waitFor();
  await other.getByText("which should bring the fix").waitFor();
  for (const one of [page, other]) {
    expect(await faultsOf(one)).toEqual([]);
    await one.setViewportSize({ width: 390, height: 844 });
    expect(await faultsOf(one)).toEqual([]);
  }
  await page.close();
  await context.close();
});

test("four eyes: a discard waits for a second person where the contract asks for one, who sees who and why; it can be taken back", async () => {
  const { context } = await person("Oskar", "operator", ["customer-profile", "order-commitment"]);
  const page = await pageOf(context, `/dead-letters/groups/${orders}`);
  await page.getByRole("button", { name: "Discard" }).click();
  const dialog = page.getByRole("dialog");
  const askFor = async (code: string) => {
    await dialog.getByText(/needs a second person/).waitFor();
    await dialog.getByRole("radio", { name: code }).check();
    await dialog.getByLabel("Reason").fill(REASON);
    await dialog.getByRole("button", { name: "Ask for approval" }).click();
    await page.waitForURL(/\/operations\/\d+$/);
    await page.getByText("Waiting for a second person").waitFor();
  };
  await askFor("Superseded");
  await page.getByRole("button", { name: "Withdraw" }).click();
  // X20: what exactly is taken back, and one press more.
  await dialog.getByText(/Asked for by Oskar\. Nothing is carried out/).waitFor();
  await dialog.getByRole("button", { name: "Withdraw" }).click();
  await page.getByText("Withdrawn", { exact: true }).waitFor();
  expect(await standing(product, "order-commitment")).not.toHaveProperty("discarded");

  // Asked again, and a second person sees who asks and why, as what and with which evidence, before anything happens.
  await page.goto(`/dead-letters/groups/${orders}`);
  await page.getByRole("button", { name: "Discard" }).click();
  await dialog.getByText(/needs a second person/).waitFor();
  await dialog.getByRole("radio", { name: "Duplicate" }).check();
  await dialog.getByRole("button", { name: "Ask for approval" }).press("Enter");
  expect(await dialog.getByRole("button", { name: "Ask for approval" }).getAttribute("title")).toMatch(
    /^Duplicate takes evidence/,
  );
  await dialog.getByLabel("Evidence").fill("sent twice by the import of 03:10");
  await askFor("Duplicate");
  const other = await person("Ada", "approver", null);
  const theirs = await pageOf(other.context, new URL(page.url()).pathname);
  for (const told of [/waits for a second person/, "asked by Oskar", REASON, "Duplicate", "sent twice by the import of 03:10"])
    await theirs.getByText(told).first().waitFor();
  await theirs.getByRole("button", { name: "Approve", exact: true }).click();
  await theirs
    .getByRole("dialog")
    .getByRole("button", { name: /^Approve/ })
    .click();
  await theirs.getByText(/^done in /).waitFor({ timeout: 60_000 });
  expect(await standing(product, "order-commitment")).toMatchObject({ discarded: 2 });
  const closed = await answerOf<{ letters: object[] }>(
    other.context,
    "/api/v1/dead-letters/messages?side=closed&query=code:duplicate",
  );
  expect(closed.letters).toMatchObject([{ state: "discarded" }, { state: "discarded" }]);
  // The source keeps the rows still: it was no duplicate after all.
  await theirs.getByRole("button", { name: "Take back" }).click();
  await theirs.getByLabel("Reason").fill("They were two orders, not one sent twice.");
  await theirs.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
  await theirs.getByRole("heading", { name: /^Taking back of 2/ }).waitFor();
  await theirs.getByText(/^done in /).waitFor({ timeout: 60_000 });
  expect(await standing(product, "order-commitment")).not.toHaveProperty("discarded");

  // What is masked is revealed for a reason, and is gone from the page a minute later.
  const { messages } = await answerOf<{ messages: { id: string }[] }>(
    other.context,
    `/api/v1/dead-letters/groups/${orders}/messages`,
  );
  await theirs.clock.install();
  await theirs.goto(`/dead-letters/messages/${messages.at(-1)!.id}`);
  await theirs.getByTitle("Masked at the server").first().waitFor();
  await theirs.getByRole("button", { name: "Reveal" }).click();
  await theirs.getByLabel("Reason").fill("The customer is on the phone.");
  await theirs.getByRole("button", { name: "Reveal for 60 s" }).click();
  await theirs.getByText(/^Revealed: hidden again at/).waitFor();
  await theirs.getByText(SECRET).waitFor();
  await theirs.clock.fastForward(61_000);
  await theirs.getByText(SECRET).waitFor({ state: "detached" });
  expect(await theirs.getByTitle("Masked at the server").count()).toBeGreaterThan(0);
  const { entries: reveals } = await answerOf<{ entries: object[] }>(admin, "/api/v1/audit?action=dead_letter.reveal");
  expect(reveals).toMatchObject([{ actorName: "Ada", reason: "The customer is on the phone." }]);
  expect(JSON.stringify(reveals)).not.toMatch(SECRET);
  await other.context.close();

  await page.goto(`/dead-letters/groups/${customers}`);
  await page.getByRole("button", { name: "Discard" }).click();
  await dialog.getByText("are put aside: nobody processes them.").waitFor();
  await dialog.getByRole("radio", { name: "No longer needed" }).check();
  await dialog.getByLabel("Reason").fill(REASON);
  await dialog.getByRole("button", { name: "Discard 2" }).click();
  await page.waitForURL(/\/operations\/\d+$/);
  await page.getByText(/^done in /).waitFor({ timeout: 60_000 });
  expect(await page.getByRole("link", { name: "Items: Discarded" }).textContent()).toBe("2");
  expect(await standing(product, "customer-profile")).toEqual({ discarded: 2, asked: 0 });
  const { entries } = await answerOf<{ entries: object[] }>(
    admin,
    "/api/v1/audit?action=dead_letter.discard&result=done&zone=customer-profile",
  );
  expect(entries).toMatchObject([{ actorName: "Oskar", reason: REASON, detail: { items: 2 } }]);
  await page.goto("/zones");
  await page.locator("tr[data-row=customer-profile]").getByText("Healthy").waitFor({ timeout: 20_000 });
  await context.close();
});

test("X29: an administrator invites somebody, changes what they may, signs them out and switches them off, on the screen and by keyboard", async () => {
  const page = await pageOf(admin, "/zones");
  await page.getByRole("link", { name: "People" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.waitForURL(/\/people$/);
  await page.getByRole("button", { name: "Invite" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await focusOf(dialog.getByLabel("E-mail"));
  const email = `ivo.${crypto.randomUUID().slice(0, 8)}@story.example`;
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type("Ivo");
  await page.keyboard.press("Enter");
  await dialog.getByText("Copy the password now.").waitFor();
  const password = (await dialog.locator("code").textContent())!;
  await dialog.getByRole("button", { name: "Done" }).press("Enter");
  const row = page.locator("tr[data-row]").filter({ hasText: email });
  await row.getByText("has not chosen a password").waitFor();
  await row.getByRole("link", { name: "Ivo" }).press("Enter");
  await page.getByRole("heading", { level: 1, name: "Ivo is an operator for all zones, with no session open." }).waitFor();

  const ivo = await newcomer(browser, product, { email, password });
  await page.getByRole("button", { name: "Change", exact: true }).press("Enter");
  await dialog.getByRole("button", { name: "viewer" }).press("Enter");
  await dialog.getByRole("button", { name: "Some" }).press("Enter");
  await dialog.getByRole("button", { name: /^Change/ }).press("Enter");
  await dialog.getByText("Choose one zone at least, or all.").waitFor();
  await dialog.getByRole("checkbox", { name: "Customer Profile" }).press("Space");
  await dialog.getByRole("button", { name: /^Change/ }).press("Enter");
  await page.getByRole("heading", { level: 1, name: /^Ivo is a viewer for customer-profile, with 1 session open\.$/ }).waitFor();
  expect((await answerOf<{ actor: object }>(ivo, "/api/v1/me")).actor).toMatchObject({
    role: "viewer",
    zones: ["customer-profile"],
  });

  await page.getByRole("button", { name: "End all" }).press("Enter");
  await dialog.getByRole("button", { name: "End all sessions" }).press("Enter");
  await page.getByText("No session is open").waitFor();
  expect((await ivo.request.get("/api/v1/me")).status()).toBe(401);
  await page.getByRole("button", { name: "Switch off" }).press("Enter");
  await dialog.getByRole("button", { name: "Switch off" }).press("Enter");
  await page.getByRole("heading", { level: 1, name: /^Ivo may not sign in\./ }).waitFor();
  await expect(signedIn(browser, product, { email, password: OWN_PASSWORD })).rejects.toThrow("could not sign in");
  await ivo.close();
  await page.close();
});

test("whose session is ended is told so on the open page, and their next request goes to sign in and back", async () => {
  const { id, context } = await person("Vanda", "viewer", null);
  const page = await pageOf(context, "/dead-letters");
  await page.locator(`tr[data-row="${orders}"]`).waitFor();
  expect((await post(admin, product, `/api/v1/operators/${id}/sessions/revoke`)).status()).toBe(200);
  await page.getByText("You are signed out.").waitFor();
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.waitForURL(/\/sign-in\?from=%2Fdead-letters$/);
  await page.goto("/zones");
  await page.waitForURL((url) => url.pathname === "/sign-in");
  expect((await context.request.get("/api/v1/zones")).status()).toBe(401);
  await context.close();
});

test("an edit that its schema refuses is told by its line; the one that fits is seen by a second person, sent under a new id, and taken", async () => {
  const [olaf, ada] = await Promise.all([person("Olaf", "operator", null), person("Ada", "approver", null)]);
  await write(product, "order-commitment", 1, { first: 55 });
  type Letters = { letters: { id: string; messageId: string }[] };
  const { id, messageId } = await until(
    async () => (await answerOf<Letters>(admin, "/api/v1/dead-letters/messages?query=key:ORD-900055")).letters[0],
    { withinMs: 20_000, everyMs: 100 },
  );
  const page = await pageOf(olaf.context, `/dead-letters/messages/${id}`);
  await page.getByRole("button", { name: "Edit and retry…" }).press("Enter");
  const dialog = page.getByRole("dialog");
  const payload = dialog.getByRole("textbox", { name: /^Payload of ORD-9/ });
  await payload.waitFor();
  const confirm = dialog.getByRole("button", { name: "Ask for approval" });
  const order = (quantity: string) =>
    `{\n  "order_id": "ORD-955001",\n  "currency": "EUR",\n  "amount_cents": 9007199254740993,\n  "lines": [\n    { "sku": "SKU-2001", "site": "BER-2", "quantity": ${quantity}, "unit_cents": 900 }\n  ]\n}`;
  await payload.fill(order('"two"'));
  await dialog.getByText("/lines/0/quantity must be integer.").waitFor();
  await dialog.getByRole("button", { name: "Line 6", exact: true }).waitFor();
  expect(await confirm.getAttribute("title")).toBe("No message takes this edit.");
  await payload.fill(order("2"));
  await dialog
    .getByRole("region", { name: /^What changes in ORD-9/ })
    .getByText('"quantity": 2')
    .waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await dialog.getByLabel("Reason").fill("The order came without its lines; the shop told us them.");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/operations\/\d+$/);
  const operationId = page.url().split("/").at(-1)!;

  const seen = await pageOf(ada.context, `/operations/${operationId}`);
  await seen
    .getByRole("region", { name: /^What changes in ORD-9/ })
    .getByText("9007199254740993")
    .waitFor();
  expect(await faultsOf(seen)).toEqual([]);
  await seen.getByRole("button", { name: "Approve", exact: true }).press("Enter");
  await seen
    .getByRole("dialog")
    .getByRole("button", { name: /^Approve/ })
    .press("Enter");
  await product.trade(1);
  await page.getByText(/^done in /).waitFor();
  expect(await answerOf(olaf.context, `/api/v1/operations/${operationId}`)).toMatchObject({
    operation: { title: "Edit and retry of 1 OrderSubmitted", counts: { succeeded: 1, total: 1 } },
  });
  const sql =
    "select payload->>'amount_cents' as amount, edited_message_id is not null as edited from messaging.redelivery where message_id = $1";
  expect(await rowIn(product, "inventory", sql, [messageId])).toEqual({ amount: "9007199254740993", edited: true });
  const kept =
    "select payload->>'id' as id, payload ? 'order_id' as edited, state from messaging.dead_letter where message_id = $1";
  expect(await rowIn(product, "inventory", kept, [messageId])).toEqual({ id: "55", edited: false, state: "resolved" });
  await Promise.all([olaf.context.close(), ada.context.close()]);
});
