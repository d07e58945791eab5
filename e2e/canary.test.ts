import { readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { openBrowser } from "./browser";
import { missing, plant, plantDifference, settle } from "./canary";
import { type Product, startProduct } from "./setup";
import { answerOf, fourAtATime, post, rowIn, rowsIn, signedIn } from "./story";

/** Found wherever it came out, in whatever case. */
const CANARY = /anna\.canary/i;
const KEY = "ORD-777001";
const zone = "/zones/order-commitment";
const other = "/zones/customer-profile";
const reason = { reason: "The fix is out; see INC-7." };

let browser: Browser;
let product: Product;
let context: BrowserContext;
/** What the names in addresses stand for, where every address has an answer. */
let ids: Record<string, string>;

beforeAll(async () => {
  [browser, product] = await Promise.all([openBrowser(), startProduct({ rate: 0 })]);
  context = await signedIn(browser, product);
  await plantDifference(product);
  await post(context, product, "/api/v1/divergences/rules/customer-profile/orders-know-customer/run");
  // At first the store refuses what was read, so that every statement with the canary in it fails, and is logged.
  await rowsIn(product, "accord", "alter table dead_letter_body rename to dead_letter_body_away");
  for (const source of ["orders", "inventory"] as const) await plant(product, source, KEY);
  await until(async () => /does not exist|42P01/.test(logOf("worker")), { withinMs: 60_000, everyMs: 250 });
  await rowsIn(product, "accord", "alter table dead_letter_body_away rename to dead_letter_body");
  ids = await placesOf();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const logOf = (name: "web" | "worker"): string => readFileSync(path.join(product.folder, `${name}.log`), "utf8");

/** Waits until Accord has seen all of it, retries one letter, which fails with the canary in its words, and asks to discard another. */
async function placesOf(): Promise<Record<string, string>> {
  type Groups = { groups: { groupId: string; consumer: string }[] };
  const groups = await until(
    async () => {
      const { groups } = await answerOf<Groups>(context, "/api/v1/dead-letters/groups");
      return groups.length >= 2 && groups;
    },
    { withinMs: 60_000, everyMs: 250 },
  );
  const groupOf = (consumer: string) => groups.find((one) => one.consumer === consumer)!.groupId;
  const messageOf = async (groupId: string) =>
    (await answerOf<{ messages: { id: string }[] }>(context, `/api/v1/dead-letters/groups/${groupId}/messages`)).messages[0]!.id;
  const [groupId, other] = [groupOf("order-service"), groupOf("inventory-service")];
  const id = await messageOf(groupId);
  const asked = async (what: string, message: string) => {
    const response = await post(context, product, `/api/v1/dead-letters/${what}`, {
      selection: { messages: [message] },
      ...reason,
      ...(what === "discard" && { code: "not_needed" }),
    });
    if (!response.ok()) throw new Error(await response.text());
    return ((await response.json()) as { value: { operationId: string } }).value.operationId;
  };
  const forecast = await post(context, product, "/api/v1/dead-letters/preview", { selection: { messages: [id] } });
  const { forecastId } = ((await forecast.json()) as { value: { forecastId: string } }).value;
  const operationId = await asked("retry", id);
  await settle(product, "orders");
  await until(
    async () =>
      (await rowIn<{ state: string }>(product, "accord", "select state from operation where operation_id = $1", [operationId]))
        .state === "done",
    { withinMs: 60_000, everyMs: 250 },
  );
  await asked("discard", await messageOf(other));
  const saga = await until(
    async () =>
      (await rowsIn<{ id: string }>(product, "accord", "select saga_id::text as id from saga where source_id = 'orders'"))[0],
    {
      withinMs: 30_000,
      everyMs: 250,
    },
  );
  const hold = await post(context, product, "/api/v1/sagas/hold", {
    selection: { sagas: [{ sourceId: "orders", sagaId: saga.id }] },
    minutes: 15,
    ...reason,
  });
  await post(context, product, "/api/v1/discovery", { sources: ["orders", "inventory"] });
  const isLookedAt = () => rowsIn(product, "accord", "select 1 from discovery where found is not null");
  await until(async () => (await isLookedAt()).length > 0, { withinMs: 60_000, everyMs: 250 });
  const one = async (sql: string) => (await rowsIn<{ id: string }>(product, "accord", sql))[0]?.id ?? "1";
  await until(async () => (await one("select case_id::text as id from case_file")) !== "1", { withinMs: 60_000, everyMs: 250 });
  return {
    ...{ groupId, id, messageId: id, operationId, sourceId: "orders", sagaId: saga.id, zoneId: "order-commitment", key: KEY },
    forecastId,
    // What is parked puts its zone at risk, which is an alert from its first moment on.
    alertId: await until(
      async () =>
        (
          await rowsIn<{ id: string }>(
            product,
            "accord",
            "select alert_id::text as id from alert where condition like 'at_risk%' limit 1",
          )
        )[0]?.id,
      { withinMs: 60_000, everyMs: 250 },
    ),
    caseId: await one("select case_id::text as id from case_file order by 1 limit 1"),
    approvalId: await one("select approval_id::text as id from approval limit 1"),
    holdId: String(((await hold.json()) as { value: { holdId?: string } }).value.holdId ?? 1),
    operatorId: await one("select id::text as id from operator limit 1"),
    divergenceId: await until(
      async () => {
        // A difference is confirmed by its second look, for which a story need not wait its minute.
        const seen = await rowsIn(
          product,
          "accord",
          "update divergence set due_at = now() where state = 'candidate' returning 1",
        );
        if (seen.length === 0)
          await post(context, product, "/api/v1/divergences/rules/customer-profile/orders-know-customer/run");
        return (
          await rowsIn<{ id: string }>(product, "accord", "select divergence_id::text as id from divergence where state = 'open'")
        )[0]?.id;
      },
      { withinMs: 120_000, everyMs: 1_000 },
    ),
    revision: "1",
  };
}

// What is sent of an alert is its sentence, which stands on its page: no payload goes into it.
/** The pages of the console, by their addresses. */
const pages = [
  ...["/zones", zone, `${zone}/keys`, `${zone}/contract`, `${zone}/divergences`, `${zone}/dead-letters`, `${zone}/activity`],
  ...[
    `${other}/divergences`,
    other,
    `${zone}/sagas`,
    `${zone}/cases`,
    "/keys/{key}",
    "/dead-letters",
    "/dead-letters/groups/{groupId}",
  ],
  ...[
    "/dead-letters/messages/{id}",
    "/sagas",
    "/sagas/{sourceId}/{sagaId}",
    "/divergences",
    "/divergences/{divergenceId}",
    "/cases",
    "/cases/{caseId}",
  ],
  ...[
    "/channels",
    "/operations",
    "/operations/{operationId}",
    "/audit",
    "/sources",
    "/sources/{sourceId}",
    "/discovery",
    "/people",
    "/people/{operatorId}",
    "/account",
    "/tokens",
  ],
];
const filled = (address: string): string => address.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(ids[name]!));

/** What stands around the canary where it came out, so that the place is known. */
function foundIn(place: string, text: string): string[] {
  const at = CANARY.exec(text)?.index;
  return at === undefined ? [] : [`${place}: …${text.slice(Math.max(0, at - 200), at + 40)}…`];
}

test("the canary lies in every column of a source that holds text, but for those that docs/security.md names", async () => {
  const without = await rowsIn<{ at: string }>(product, "inventory", await missing(product));
  expect(without.map(({ at }) => at)).toEqual([]);
  expect(await rowsIn(product, "accord", "select 1 from dead_letter_body b where b::text ~* 'anna\\.canary'")).not.toEqual([]);
});

test("S6: on no page, not in its title, not in what it fetches and not in what the stream tells, with masking on", async () => {
  const found: string[] = [];
  await fourAtATime(pages.map(filled), async (address) => {
    const page = await context.newPage();
    page.on("response", async (response) => {
      // The stream does not end; what it tells has a test of its own.
      if (response.url().startsWith(product.url) && !response.url().includes("/events"))
        found.push(...foundIn(`${address} fetched ${response.url()}`, await response.text().catch(() => "")));
    });
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector(".skeleton"));
    for (const closed of await page.locator("main [aria-expanded=false]").all())
      await closed.click({ timeout: 500 }).catch(() => {});
    found.push(...foundIn(`${address} title`, await page.title()), ...foundIn(address, await page.content()));
    await page.close();
  });
  expect(found).toEqual([]);
});

test("S6: in no answer of the API, to any GET that it has", async () => {
  const document = (await (await context.request.get("/api/v1/openapi.json")).json()) as {
    paths: Record<string, { get?: object }>;
  };
  const gets = Object.keys(document.paths).filter((one) => document.paths[one]!.get && one !== "/events");
  expect(gets.length).toBeGreaterThan(30);
  const queries: Record<string, string> = {
    "/find": `?text=${KEY}`,
    "/keys": `?key=${KEY}`,
    "/dead-letters/grouped": "?by=consumer",
    "/dead-letters/groups/{groupId}/split": "?version=1.0",
    "/alerts/replay": `?${new URLSearchParams({ zone: "order-commitment", when: "parked > 0" })}`,
  };
  const found: string[] = [];
  const unanswered: string[] = [];
  await fourAtATime(gets, async (one) => {
    const response = await context.request.get(`/api/v1${filled(one)}${queries[one] ?? ""}`);
    if (!response.ok()) unanswered.push(one);
    found.push(...foundIn(one, await response.text()));
  });
  expect(found).toEqual([]);
  // This product has no channel, and what would be told is made of the alert's page, which is among these; where all is masked nothing is edited.
  expect(unanswered.toSorted()).toEqual(["/notifications/{notificationId}", "/operations/{operationId}/edited"]);
});

test("S6: in no preview, export or figure, and no search finds by it what it must not show", async () => {
  const posts = {
    "/api/v1/dead-letters/preview": { selection: { groups: [ids.groupId] } },
    "/api/v1/sagas/preview": { selection: { sagas: [{ sourceId: "orders", sagaId: ids.sagaId }] } },
    ...Object.fromEntries(["csv", "jsonl"].map((format) => [`/api/v1/audit/export#${format}`, { format }])),
    ...Object.fromEntries(["csv", "jsonl"].map((format) => [`/api/v1/dead-letters/export#${format}`, { format }])),
  };
  const found: string[] = [];
  for (const [address, body] of Object.entries(posts)) {
    const response = await post(context, product, address.split("#")[0]!, body);
    expect([address, response.status()]).toEqual([address, 200]);
    found.push(...foundIn(address, await response.text()));
  }
  const metrics = await context.request.get("/metrics");
  expect(metrics.status()).toBe(200);
  found.push(...foundIn("/metrics", await metrics.text()));
  expect(found).toEqual([]);
  const hits = await answerOf<{ sections?: unknown[]; hits?: unknown[] }>(
    context,
    "/api/v1/find?text=anna.canary%40private.example",
  );
  expect(JSON.stringify(hits)).not.toContain(ids.sagaId);
});

test("S6: in nothing that the stream tells", async () => {
  const page = await context.newPage();
  await page.goto("/dead-letters");
  const told = await page.evaluate(async () => {
    const response = await fetch("/api/v1/events");
    const reader = response.body!.getReader();
    const until = Date.now() + 2_500;
    let text = "";
    while (Date.now() < until) {
      const next = await Promise.race([
        reader.read(),
        new Promise<null>((resolve) => setTimeout(() => resolve(null), until - Date.now())),
      ]);
      if (next === null || next.done) break;
      text += new TextDecoder().decode(next.value);
    }
    await reader.cancel();
    return text;
  });
  await page.close();
  expect(foundIn("/api/v1/events", told)).toEqual([]);
});

test("S6, S1: in no log of web and worker, though statements that held it failed", () => {
  for (const name of ["web", "worker"] as const) {
    expect(foundIn(name, logOf(name))).toEqual([]);
  }
});

test("S6: in no title, template, sentence or entry that the store keeps; messages lie there as their source had them", async () => {
  // Where the store keeps what a source wrote as it was written; each is masked when it is shown.
  const asWritten = /^(dead_letter_body|dead_letter_history_p\d+|saga|saga_step|saga_compensation)$/;
  const tables = await rowsIn<{ name: string }>(
    product,
    "accord",
    "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r' order by 1",
  );
  const found: string[] = [];
  for (const { name } of tables.filter(({ name }) => !asWritten.test(name))) {
    const [hit] = await rowsIn<{ row: string }>(
      product,
      "accord",
      `select t::text as row from "${name}" t where t::text ~* 'anna\\.canary' limit 1`,
    );
    if (hit) found.push(...foundIn(name, hit.row));
  }
  expect(found).toEqual([]);
});
