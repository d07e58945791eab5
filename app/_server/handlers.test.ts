import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { POST as askAlert } from "@/app/api/links/alert/route";
import * as oneClick from "@/app/api/links/one-click/route";
import { audited } from "@/lib/audited";
import { signLink } from "@/lib/channels/link.rules";
import { firstRow, rows } from "@/lib/db/rows";
import type { TestStore } from "@/lib/db/testing";
import { changeOperator } from "@/lib/operators/service";
import { makeOperator, TEST_PASSWORD } from "@/lib/operators/testing";
import { parserOf } from "@/lib/parsing";
import { Refusal } from "@/lib/refusal";
import { closeAll } from "./closing";
import { alive, ready } from "./health";
import { hub } from "./live/events";
import { read } from "./read";
import { linkKey } from "./session";
import { signOut } from "./sign-out";
import { Browser, ORIGIN, openServer } from "./testing";
import { write } from "./write";

let store: TestStore;
const people: Record<"admin" | "viewer" | "operator", Awaited<ReturnType<typeof makeOperator>>> = {} as never;

beforeAll(async () => {
  store = await openServer();
  people.admin = await makeOperator(store.db, Date.now(), { role: "administrator" });
  people.viewer = await makeOperator(store.db, Date.now(), { role: "viewer" });
  people.operator = await makeOperator(store.db, Date.now(), { role: "operator" });
});
afterAll(() => store.close());

async function signedIn(who: keyof typeof people): Promise<Browser> {
  const browser = new Browser();
  await browser.signIn(people[who].email, TEST_PASSWORD);
  return browser;
}

const noParams = { params: Promise.resolve({}) };
const anything = parserOf(z.looseObject({}));
const whoAmI = read(anything, async (ctx, params) => ({ name: ctx.actor.name, role: ctx.actor.role, params }));
const retry = write(anything, (ctx, input) =>
  audited(ctx, "dead_letter.retry", { kind: "dead_letter", id: String(input.id), zones: ["orders"] }, async () => input),
);
const own = { origin: ORIGIN, "content-type": "application/json", "idempotency-key": "press-1" };
const press = (browser: Browser, over: { headers?: Record<string, string>; body?: string } = {}) =>
  retry(
    browser.request("/api/v1/dead-letters/7/retry", {
      method: "POST",
      headers: over.headers ?? own,
      body: over.body ?? '{"reason":"fixed"}',
    }),
    { params: Promise.resolve({ id: "7" }) },
  );

test("a stranger, an altered cookie and a deleted session get 401 in words", async () => {
  const stranger = new Browser();
  const forger = new Browser();
  forger.cookies.set("accord-session", "eyJhbGciOiJkaXIifQ..a.b.c");
  const gone = await signedIn("viewer");
  await store.db.execute(sql`delete from session where operator_id = ${people.viewer.id}::uuid`);
  for (const browser of [stranger, forger, gone]) {
    const response = await whoAmI(browser.request("/api/v1/me"), noParams);
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ refusal: { kind: "unauthenticated", message: "Sign in to go on.", detail: {} } });
  }
});

test("the right password opens a session whose cookie tells nothing; a wrong one is a sentence", async () => {
  const browser = await signedIn("operator");
  const response = await whoAmI(browser.request("/api/v1/me?zone=a&zone=b&id=9&age=%3E5m"), {
    params: Promise.resolve({ id: "7" }),
  });
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toEqual({
    value: { name: "operator", role: "operator", params: { zone: ["a", "b"], id: "7", age: ">5m" } },
  });
  expect(await (await browser.auth("/api/auth/session")).json()).toEqual({ expires: expect.any(String) });
  const wrong = await new Browser().signIn(people.operator.email, "wrong");
  expect(wrong.status).toBe(401);
  expect(new URL(((await wrong.json()) as { url: string }).url).searchParams.get("error")).toBe("E-mail or password is wrong.");
});

test("a sign-in without the page's token opens nothing", async () => {
  const browser = new Browser();
  await browser.auth("/api/auth/callback/credentials", {
    email: people.operator.email,
    password: TEST_PASSWORD,
    csrfToken: "guessed",
    json: "true",
  });
  expect(browser.cookies.has("accord-session")).toBe(false);
});

test("an open browser loses its rights with the change of role, not with the next sign-in", async () => {
  const browser = await signedIn("operator");
  expect((await press(browser)).status).toBe(200);
  await changeOperator(people.admin.ctx, { operatorId: people.operator.id, role: "viewer" });
  expect((await press(browser)).status).toBe(403);
  await changeOperator(people.admin.ctx, { operatorId: people.operator.id, role: "operator" });
});

test("signing out ends the session in the store, so that a copy of the cookie is worth nothing", async () => {
  const browser = await signedIn("operator");
  const copy = new Browser();
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
  expect((await signOut(browser.request("/api/sign-out", { method: "POST" }))).status).toBe(403);
  const response = await signOut(browser.request("/api/sign-out", { method: "POST", headers: { origin: ORIGIN } }));
  expect([response.status, response.headers.get("location")]).toEqual([303, "/sign-in"]);
  browser.keep(response);
  expect(browser.cookies.has("accord-session")).toBe(false);
  expect((await whoAmI(copy.request("/api/v1/me"), noParams)).status).toBe(401);
});

test.each([
  ["no origin", { "content-type": "application/json", "idempotency-key": "k" }],
  ["another origin", { ...own, origin: "https://evil.example" }],
  ["an origin that only begins like ours", { ...own, origin: `${ORIGIN}.evil.example` }],
  ["the origin of a sandbox", { ...own, origin: "null" }],
  ["a sibling site", { ...own, "sec-fetch-site": "same-site" }],
])("a write with %s is refused with 403, and nothing is asked of the store", async (_what, headers) => {
  const browser = await signedIn("operator");
  const before = await firstRow(store.db, sql`select count(*) as n from audit_entry`);
  const response = await press(browser, { headers });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ refusal: { kind: "forbidden" } });
  expect(await firstRow(store.db, sql`select count(*) as n from audit_entry`)).toEqual(before);
});

test.each([
  ["a form", { headers: { ...own, "content-type": "text/plain" } }, "content-type"],
  ["no key", { headers: { origin: ORIGIN, "content-type": "application/json" } }, "Idempotency-Key"],
  ["a key of 201 characters", { headers: { ...own, "idempotency-key": "k".repeat(201) } }, "Idempotency-Key"],
  ["half a JSON", { body: '{"reason":' }, "not JSON"],
  ["a list", { body: "[1]" }, "JSON object"],
  ["a megabyte", { body: JSON.stringify({ reason: "x".repeat(1_000_000) }) }, "64 KB"],
])("a write with %s is refused with 400 in words", async (_what, over, words) => {
  const response = await press(await signedIn("operator"), over);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { refusal: { message: string } }).refusal.message).toContain(words);
});

test("route, key and body reach the verb, and the address outranks the body", async () => {
  const response = await press(await signedIn("operator"), { body: '{"id":"8","key":"theirs","reason":"fixed"}' });
  expect(await response.json()).toEqual({ value: { id: "7", key: "press-1", reason: "fixed" } });
});

test("a viewer's press is refused in words and recorded", async () => {
  const response = await press(await signedIn("viewer"));
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ refusal: { message: expect.stringContaining("You are a viewer") } });
  const denied = await rows(
    store.db,
    sql`select action, target_id from audit_entry where operator_id = ${people.viewer.id}::uuid and result = 'denied'`,
  );
  expect(denied).toEqual([{ action: "dead_letter.retry", target_id: "7" }]);
});

test("every kind of refusal has its status; a fault has a number and keeps its secrets", async () => {
  const browser = await signedIn("viewer");
  const statusOf = async (error: unknown) => {
    const handler = read(anything, async () => {
      throw error;
    });
    return handler(browser.request("/api/v1/x"), noParams);
  };
  expect((await statusOf(new Refusal("not_found", "There is no such zone."))).status).toBe(404);
  expect((await statusOf(new Refusal("conflict", "Taken."))).status).toBe(409);
  expect((await statusOf(Object.assign(new Error("canceling statement"), { code: "57014" }))).status).toBe(503);
  const fault = await statusOf(new Error("Failed query: select secret", { cause: new Error("column does not exist") }));
  expect(fault.status).toBe(500);
  const body = JSON.stringify(await fault.json());
  expect(body).toMatch(/Something went wrong in Accord\. The log has it as [0-9a-f-]{36}\./);
  expect(body).not.toMatch(/secret|column|at /);
});

test("a statement that the store cancels is an answer, not a fault", async () => {
  const slow = read(anything, (ctx) =>
    ctx.db.transaction(async (tx) => {
      await tx.execute(sql`set local statement_timeout = 50`);
      await tx.execute(sql`select pg_sleep(5)`);
    }),
  );
  const response = await slow((await signedIn("viewer")).request("/api/v1/x"), noParams);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ refusal: { message: expect.stringContaining("Narrow the time range") } });
});

test("a store that lacks the newest migration takes no requests, one that is newer does", async () => {
  const request = new Browser().request("/api/health/ready");
  const owner = new pg.Client(store.ownerUrl);
  await owner.connect();
  const change = (text: string) =>
    owner.query(`update drizzle.__drizzle_migrations set created_at = created_at ${text}
    where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`);
  try {
    await change("- 1");
    const behind = await ready(request);
    expect(behind.status).toBe(503);
    expect(await behind.json()).toMatchObject({ refusal: { message: expect.stringContaining("npm run migrate") } });
    await change("+ 1000");
    expect((await ready(request)).status).toBe(200);
  } finally {
    await owner.end();
  }
});

test("a process that was told to end is not ready, opens no stream, and is alive until it is gone", async () => {
  const request = new Browser().request("/api/health/ready");
  closeAll();
  const ending = await ready(request);
  expect([ending.status, (await alive(request)).status]).toEqual([503, 200]);
  expect(hub).toThrow("This Accord process is stopping. Try again in a moment.");
  (globalThis as { accordClosing?: boolean }).accordClosing = false;
});

test("health tells the process from the store", async () => {
  const request = new Browser().request("/api/health/ready");
  expect((await ready(request)).status).toBe(200);
  const { DATABASE_URL } = process.env;
  const held = globalThis as { accordStore?: unknown };
  const { accordStore } = held;
  held.accordStore = undefined;
  process.env.DATABASE_URL = "postgres://nobody:x@127.0.0.1:1/none";
  try {
    const away = await ready(request);
    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({ refusal: { message: "Accord's store does not answer. Try again in a moment." } });
    expect((await alive(request)).status).toBe(200);
  } finally {
    process.env.DATABASE_URL = DATABASE_URL;
    held.accordStore = accordStore;
  }
});

const notWhole = /^400 This link is not one of this Accord’s, or a part of it is missing\. Open it from the message once more\.$/;
const wrongLinks = (link: string) => ["", "x", link.padEnd(1_001, "A"), link.repeat(100)];
const saidOf = async (one: Response) => `${one.status} ${(await one.json()).refusal.message}`;

test("what a link opens is asked for from our own pages, with the link in the body; what follows an address does nothing", async () => {
  const look = (headers: Record<string, string>, link = "accord_link_none") =>
    askAlert(new Browser().request("/api/links/alert", { method: "POST", headers, body: JSON.stringify({ link }) }));
  for (const wrong of wrongLinks("accord_link_none")) expect(await saidOf(await look(own, wrong))).toMatch(notWhole);
  expect((await look({ ...own, origin: "https://evil.example" })).status).toBe(403);
  expect((await look({ "content-type": "application/json", "idempotency-key": "k" })).status).toBe(403);
  expect(Object.keys(await import("@/app/api/links/acknowledge/route"))).toEqual(["POST"]);
});

test("a mail program ends digests with the one form of RFC 8058, from anywhere and as nobody; a reader who opens its address is shown a page", async () => {
  const link = signLink(linkKey(), "unsubscribe", { about: "mail a@shop.example", until: Date.now() + 60_000 });
  const press = (body: string, type = "application/x-www-form-urlencoded", sent = link) =>
    oneClick.POST(
      new Request(`${ORIGIN}/api/links/one-click?link=${sent}`, { method: "POST", headers: { "content-type": type }, body }),
    );
  const left = () => rows(store.db, sql`select reader from digest_left`);
  const shown = oneClick.GET(new Request(`${ORIGIN}/api/links/one-click?link=${link}`));
  expect([shown.status, shown.headers.get("location")]).toEqual([303, `/unsubscribe#${link}`]);
  for (const body of ["", "List-Unsubscribe=No", "x".repeat(70_000)]) expect((await press(body)).status).toBe(400);
  expect((await press("List-Unsubscribe=One-Click", undefined, `${link}x`)).status).toBe(400);
  for (const wrong of wrongLinks(link))
    expect(await saidOf(await press("List-Unsubscribe=One-Click", undefined, wrong))).toMatch(notWhole);
  expect(await left()).toEqual([]);
  const form = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
  expect((await press(form, "multipart/form-data; boundary=b")).status).toBe(200);
  expect((await press("List-Unsubscribe=One-Click")).status).toBe(200);
  expect(await left()).toEqual([{ reader: "a@shop.example" }]);
});
