import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportAudit } from "../audit/export";
import { parseAuditExport } from "../audit/input";
import type { Actor, Ctx } from "../context";
import { contractMap } from "../contracts/map.rules";
import { selectContracts } from "../contracts/sql-read";
import { rows } from "../db/rows";
import { parseGroupFilter } from "../dead-letters/input";
import { listGroups, listMessages, readFacets, readGroup, readMessage } from "../dead-letters/service";
import { writeJson } from "../json";
import { openLog } from "../log";
import { observeSource } from "../observation/service";
import { type TestPair, testPair } from "../observation/testing";
import { parseAct } from "../operations/input";
import { preview } from "../operations/preview";
import { requestRetry } from "../operations/service";
import { readMetrics } from "./metrics";
import { readZones } from "./service";
import { readSources } from "./sources";

const CANARY = "anna.canary@private.example";
/** What says which message it is, and which code failed, and is shown as it was written: docs/security.md says that no personal data may stand there. */
const shown = ["consumer", "consumer_version", "event_type", "business_key"];

let pair: TestPair;
const ctx = (): Ctx => {
  const operatorId = "00000000-0000-4000-8000-000000000001";
  const actor: Actor = {
    kind: "operator",
    operatorId,
    name: "Omar",
    email: "o@x.example",
    role: "operator",
    zones: null,
    sessionId: operatorId,
  };
  return { db: pair.store.db, actor, now: Date.now() };
};

beforeAll(async () => {
  pair = await testPair();
  await pair.store.db.execute(
    sql`update contract_revision set body = jsonb_set(body, '{masking}', '["$.customer.email"]') where zone_id = 'sales'`,
  );
  const columns = await pair.stock.rows<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
      where table_schema = 'messaging' and table_name = 'dead_letter' and data_type in ('text', 'jsonb') order by 1`,
  );
  const personal = { customer: { email: CANARY }, note: `write to ${CANARY}`, [CANARY]: 1 };
  const values: Record<string, unknown> = {
    ...Object.fromEntries(columns.map(({ name }) => [name, `about ${CANARY}`])),
    ...{ consumer: "stock-service", consumer_version: "1.0", event_type: "Placed", business_key: "S-1", state: "parked" },
    payload: JSON.stringify(personal),
    headers: JSON.stringify({ [`x-${CANARY}`]: CANARY, from: CANARY }),
    attempt_log: JSON.stringify([
      { at: "2026-06-18T03:00:00Z", error_type: CANARY, error_message: `for ${CANARY}`, duration_ms: 3 },
    ]),
    error_stack: `Error: ${CANARY}\n    at reserve (/srv/${CANARY}/stock.js:10:3)`,
  };
  expect(
    columns
      .map(({ name }) => name)
      .filter(
        (name) => !(name in values) || (!shown.includes(name) && name !== "state" && !String(values[name]).includes(CANARY)),
      ),
  ).toEqual([]);
  const row = { ...values, message_id: crypto.randomUUID(), attempts: 5, first_failed_at: "2026-06-18T03:00:00Z" };
  const names = Object.keys(row);
  await pair.stock.rows(
    `insert into messaging.dead_letter (${names.join(", ")}) values (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
    Object.values(row),
  );
  const sources = pair.observed.map(({ sourceId, service }) => ({ sourceId, consumers: [service] }));
  const map = contractMap(await selectContracts(pair.store.db), sources);
  while ((await observeSource({ db: pair.store.db, workerId: "test" }, { ...pair.of("stock"), map })) === "more");
});
afterAll(() => pair.close());

const group = async () => (await listGroups(ctx(), parseGroupFilter({}))).groups[0]!;
const messages = async () => listMessages(ctx(), { groupId: Number((await group()).groupId), key: null, after: null });
const messageId = async () => Number((await messages()).messages[0]!.id);

/** Every place where what a source wrote could come out. */
const places: Record<string, () => Promise<unknown>> = {
  "the list of groups": async () => listGroups(ctx(), parseGroupFilter({})),
  "what the list may be narrowed by": async () => readFacets(ctx()),
  "a group": async () => readGroup(ctx(), { groupId: Number((await group()).groupId) }),
  "a group's messages": messages,
  "a message": async () => readMessage(ctx(), { id: await messageId() }),
  "titles and templates in the store": async () => rows(pair.store.db, sql`select g::text from dead_letter_group g`),
  "what a retry would do": async () =>
    preview(ctx(), parseAct({ selection: { messages: [await messageId()] }, reason: "the fix is out", key: "p" }).selection),
  "an operation, with its title and entry": async () =>
    requestRetry(ctx(), parseAct({ selection: { messages: [await messageId()] }, reason: "the fix is out", key: "k" })),
  "operations in the store": async () => rows(pair.store.db, sql`select o::text from operation o`),
  "the audit's export": async () => {
    let text = "";
    for await (const chunk of (await exportAudit(ctx(), parseAuditExport({ key: "e", format: "jsonl" }))).chunks) text += chunk;
    return text;
  },
  metrics: async () => readMetrics(ctx()),
  "the log, of a fault in which the database quotes it": async () => {
    const lines: string[] = [];
    const log = openLog("test", { write: (line) => void lines.push(line) });
    const fault = await rows(pair.store.db, sql`select ${CANARY}::text::int as n`).catch((error: unknown) => error);
    log.error({ fault }, "a request failed");
    return lines.join("");
  },
  "zones, with their sentences": async () => readZones(ctx()),
  sources: async () => readSources(ctx()),
};

test("the canary is there to be found: in the store it lies as the source had it", async () => {
  const [stored] = await rows<{ b: string }>(pair.store.db, sql`select b::text as b from dead_letter_body b`);
  expect(stored!.b.split("anna.canary").length).toBeGreaterThan(8);
});

test.each(Object.keys(places))("no personal data of a source's columns stands in %s, with masking on", async (place) => {
  const found = writeJson(await places[place]!());
  expect(found.length).toBeGreaterThan(2);
  const at = found.indexOf("anna.canary");
  expect(at < 0 ? "" : found.slice(Math.max(0, at - 60), at + 30)).toBe("");
});
