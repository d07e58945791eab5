import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor, Ctx } from "../context";
import { contractMap } from "../contracts/map.rules";
import { readContractTab } from "../contracts/service";
import { selectContracts } from "../contracts/sql-read";
import { observeSource } from "../observation/service";
import { type Sent, type TestPair, testPair } from "../observation/testing";
import { parseAct } from "../operations/input";
import { preview } from "../operations/preview";
import { listItems, listOperations, readOperation } from "../operations/reading";
import { requestRetry } from "../operations/service";
import { makeOperator } from "../operators/testing";
import { rangeOf } from "../range";
import { readZoneCharts } from "../zones/charts";
import { judgeZones } from "../zones/judge";
import { readZone, readZones } from "../zones/service";
import { attemptsOf } from "./attempts.rules";
import { exportLetters } from "./export";
import { parseGroupFilter, parseLetterExport, parseSaved } from "./input";
import { listSaved, removeView, saveView } from "./saved";
import { listGroups, listMessages, readFacets, readGroup, readMessage } from "./service";

let pair: TestPair;
let now: number;
const SECRET = "anna.k@private.example";

const ctxOf = (zones: string[] | null, role: "operator" | "viewer" = "operator"): Ctx => {
  const operatorId = "00000000-0000-4000-8000-000000000001";
  const actor: Actor = { kind: "operator", operatorId, name: "Omar", email: "o@x.example", role, zones, sessionId: operatorId };
  return { db: pair.store.db, actor, now: Date.now() };
};
const all = () => ctxOf(null);

/** Parks a message of stock with columns of its own; names are checked by the database. */
async function park(over: Record<string, unknown> = {}): Promise<Sent> {
  const sent: Sent = {
    messageId: crypto.randomUUID(),
    key: String(over.business_key ?? "S-1"),
    type: String(over.event_type ?? "Placed"),
  };
  const row: Record<string, unknown> = {
    consumer: "stock-service",
    consumer_version: "1.0",
    message_id: sent.messageId,
    event_type: sent.type,
    business_key: sent.key,
    payload: "{}",
    error_type: "Error",
    error_message: "it broke",
    attempts: 5,
    first_failed_at: "2026-06-18T03:00:00Z",
    occurred_at: new Date().toISOString(),
    ...over,
  };
  const names = Object.keys(row);
  await pair.stock.rows(
    `insert into messaging.dead_letter (${names.join(", ")}) values (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
    Object.values(row),
  );
  return sent;
}

/** Looks at stock with the contracts as they are in the store now. */
async function observe(): Promise<string> {
  const of = pair.of("stock");
  const sources = pair.observed.map(({ sourceId, service }) => ({ sourceId, consumers: [service] }));
  const map = contractMap(await selectContracts(pair.store.db), sources);
  for (;;) {
    const answer = await observeSource({ db: pair.store.db, workerId: "test" }, { ...of, map });
    if (answer !== "more") return answer;
  }
}

const groupsOf = async (ctx: Ctx, filter: Record<string, unknown> = {}) => listGroups(ctx, parseGroupFilter(filter));
const groupOf = async (errorType: string) => (await groupsOf(all(), { error: errorType })).groups[0]!;
const titles = async (ctx: Ctx, filter: Record<string, unknown> = {}) =>
  (await groupsOf(ctx, filter)).groups.map((group) => group.errorType).sort();

beforeAll(async () => {
  pair = await testPair();
  now = Date.now();
  await pair.store.db.execute(
    sql`update contract_revision set body = jsonb_set(body, '{masking}', '["$.customer.email"]') where zone_id = 'sales'`,
  );
  await park({ event_type: "Placed", error_type: "SalesError", business_key: "S_1%", consumer_version: "2.0" });
  await park({ event_type: "Posted", error_type: "BooksError", business_key: "S-10" });
  await park({ event_type: "Both", error_type: "BothError", business_key: "S_10" });
  await park({ event_type: "Nameless", error_type: "NobodysError", business_key: "S_2", consumer_version: "" });
  await observe();
  await judgeZones(pair.store.db);
});
afterAll(() => pair.close());

test("every filter finds what it names, and its negative everything else", async () => {
  const every = ["BooksError", "BothError", "NobodysError", "SalesError"];
  expect(await titles(all())).toEqual(every);
  const without = (...out: string[]) => every.filter((title) => !out.includes(title));
  expect(await titles(all(), { zone: "sales" })).toEqual(["BothError", "SalesError"]);
  expect(await titles(all(), { "-zone": "sales" })).toEqual(without("BothError", "SalesError"));
  expect(await titles(all(), { zone: "none" })).toEqual(["NobodysError"]);
  expect(await titles(all(), { "-zone": "none" })).toEqual(without("NobodysError"));
  expect(await titles(all(), { zone: ["none", "books"] })).toEqual(without("SalesError"));
  expect(await titles(all(), { error: ["SalesError", "BooksError"] })).toEqual(["BooksError", "SalesError"]);
  expect(await titles(all(), { "-error": ["SalesError", "BooksError"] })).toEqual(without("SalesError", "BooksError"));
  expect(await titles(all(), { event: "Posted" })).toEqual(["BooksError"]);
  expect(await titles(all(), { "-event": "Posted" })).toEqual(without("BooksError"));
  expect(await titles(all(), { consumer: "shop-service" })).toEqual([]);
  expect(await titles(all(), { "-consumer": "stock-service" })).toEqual([]);
  expect(await titles(all(), { version: "2.0" })).toEqual(["SalesError"]);
  expect(await titles(all(), { "-version": "2.0" })).toEqual(without("SalesError"));
  expect(await titles(all(), { q: "booKS" })).toEqual(["BooksError"]);
  expect(await titles(all(), { q: "100%" })).toEqual([]);
  expect(await titles(all(), { q: "12" })).toEqual([]);
  expect(await titles(all(), { last: "<1h" })).toEqual(every);
});

test("a payload is searched where nothing masks it; a masked path is refused in a sentence, also by zones that the query does not name", async () => {
  await expect(titles(all(), { query: "payload.customer.email:a" })).rejects.toThrow(
    /payload\.customer\.email is masked where this would look/,
  );
  await expect(titles(all(), { query: "-zone:sales payload.customer.email:a" })).resolves.toEqual([]);
  // Both stands in books and in sales: whoever asks by books would be answered over what sales masks.
  await expect(titles(all(), { query: "zone:books payload.customer.email:a" })).rejects.toThrow(/masked/);
  await expect(titles(ctxOf(["books"]), { query: "payload.customer.email.domain:a" })).rejects.toThrow(/masked/);
  expect(await titles(all(), { query: "payload.customer.name:a" })).toEqual([]);
});

test("a key's beginning is taken as it is written: neither % nor _ stands for anything else", async () => {
  expect(await titles(all(), { key: "S_1" })).toEqual(["BothError", "SalesError"]);
  expect(await titles(all(), { key: "S_1%" })).toEqual(["SalesError"]);
  expect(await titles(all(), { key: "S-" })).toEqual(["BooksError"]);
  expect(await titles(all(), { key: "%" })).toEqual([]);
  expect(await titles(all(), { key: "\\" })).toEqual([]);
});

test("the counts hold for the whole filter, and the sentence says them", async () => {
  const view = await groupsOf(all(), { "-zone": "none" });
  expect([view.groupsN, view.messagesN]).toEqual([3, 3]);
  expect(await readFacets(all())).toMatchObject({
    zone: [
      { value: "books", n: 2 },
      { value: "sales", n: 2 },
    ],
    version: [
      { value: "", n: 1 },
      { value: "1.0", n: 2 },
      { value: "2.0", n: 1 },
    ],
  });
});

test("who is limited to a zone sees its groups and messages, and nothing of the others, not even that they are there", async () => {
  const own = ctxOf(["sales"]);
  const view = await groupsOf(own);
  expect(view.groups.map((group) => group.errorType).sort()).toEqual(["BothError", "SalesError"]);
  expect([view.groupsN, view.messagesN]).toEqual([2, 2]);
  expect(view.groups.flatMap((group) => group.zones.map((zone) => zone.zoneId))).toEqual(["sales", "sales"]);
  expect(await readFacets(own)).toMatchObject({
    zone: [{ value: "sales" }],
    error: [{ value: "BothError" }, { value: "SalesError" }],
  });
  expect(await titles(own, { zone: "books" })).toEqual(["BothError"]);
  expect(await titles(own, { zone: "none" })).toEqual([]);
  for (const name of ["BooksError", "NobodysError"]) {
    const { groupId } = await groupOf(name);
    const id = Number(groupId);
    const { messages } = await listMessages(all(), { groupId: id, key: null, after: null });
    const missing = { kind: "not_found", message: expect.stringContaining("There is no such") };
    await expect(readGroup(own, { groupId: id })).rejects.toMatchObject(missing);
    await expect(listMessages(own, { groupId: id, key: null, after: null })).rejects.toMatchObject(missing);
    await expect(readMessage(own, { id: Number(messages[0]!.id) })).rejects.toMatchObject(missing);
    const seen = await preview(own, { groups: [id], messages: [], asOf: null });
    expect(seen).toMatchObject({ messagesN: 0, groups: [], consumers: [], zones: [] });
  }
});

test("zones, charts and contracts of others are not there for who is limited", async () => {
  const own = ctxOf(["sales"]);
  const view = await readZones(own);
  expect(view.zones.map((zone) => zone.zoneId)).toEqual(["sales"]);
  expect(view.history.zones.map((zone) => zone.zoneId)).toEqual(["sales"]);
  expect(view.noContractN).toBe(0);
  expect((await readZones(all())).noContractN).toBe(1);
  for (const read of [
    () => readZone(own, { zoneId: "books" }),
    () => readZoneCharts(own, { zoneId: "books", range: rangeOf("30m")! }),
    () => readContractTab(own, { zoneId: "books" }),
  ])
    await expect(read()).rejects.toMatchObject({ kind: "not_found" });
});

test("an operation over zones shows each reader the items of their own, and its marks only where it acted", async () => {
  const ids = await Promise.all(["SalesError", "BooksError"].map(groupOf));
  const request = parseAct({
    selection: { groups: ids.map((group) => group.groupId) },
    reason: "the fix is out",
    key: "over-zones",
  });
  const { operationId } = await requestRetry(all(), request);
  const id = Number(operationId);
  const keys = async (zones: string[] | null) =>
    (await listItems(ctxOf(zones), { operationId: id })).items.map((item) => item.businessKey).sort();
  expect(await keys(null)).toEqual(["S-10", "S_1%"]);
  expect(await keys(["sales"])).toEqual(["S_1%"]);
  expect(await keys(["books"])).toEqual(["S-10"]);
  expect((await readOperation(ctxOf(["books"]), { operationId: id })).operation.zones.map((zone) => zone.zoneId)).toEqual([
    "books",
  ]);
  await expect(readOperation(ctxOf(["other"]), { operationId: id })).rejects.toMatchObject({ kind: "not_found" });
  await expect(listItems(ctxOf(["other"]), { operationId: id })).rejects.toMatchObject({ kind: "not_found" });
  expect((await listOperations(ctxOf(["other"]), {})).operations).toEqual([]);
  const marks = async (zones: string[] | null) =>
    (await readZones(ctxOf(zones))).history.marks.filter((mark) => mark.href).length;
  expect([await marks(null), await marks(["sales"]), await marks(["other"])]).toEqual([1, 1, 0]);
});

test("what the contract masks is nowhere: payload, headers, message, stack, attempts, nor the group's name", async () => {
  await park({
    error_type: "MailError",
    payload: JSON.stringify({ customer: { email: SECRET }, sku: "A-1" }),
    headers: JSON.stringify({ to: SECRET, deep: { list: [SECRET.toUpperCase()] } }),
    error_message: `no mailbox for ${SECRET}`,
    error_stack: `MailError: no mailbox for ${SECRET}\n    at send${SECRET} (/app/mail.ts:1:1)`,
    attempt_log: JSON.stringify([
      { at: "2026-06-18T03:00:00Z", error_type: "MailError", error_message: `refused: ${SECRET}`, duration_ms: 3 },
    ]),
  });
  await observe();
  const group = await groupOf("MailError");
  const { messages } = await listMessages(all(), { groupId: Number(group.groupId), key: null, after: null });
  const view = await readMessage(all(), { id: Number(messages[0]!.id) });
  expect(view.payload).toEqual({ customer: { email: { $masked: "domain private.example" } }, sku: "A-1" });
  expect(view.attempts[0]).toMatchObject({ errorMessage: "refused: [domain private.example]", durationMs: 3 });
  const said = JSON.stringify([view, await readGroup(all(), { groupId: Number(group.groupId) }), await groupsOf(all())]);
  expect(said.toLowerCase()).not.toContain("anna.k");
});

test("of a message whose payload was too large to keep, every word is masked, since nobody can tell which came from it", async () => {
  const payload = JSON.stringify({ customer: { email: SECRET }, blob: Array.from({ length: 40_000 }, (_, i) => i * 7_919) });
  await park({
    error_type: "LargeError",
    payload,
    headers: JSON.stringify({ to: SECRET }),
    error_message: `no mailbox for ${SECRET}`,
    error_stack: `at send (/app/mail.ts:1:1)`,
  });
  await observe();
  const group = await groupOf("LargeError");
  const { messages } = await listMessages(all(), { groupId: Number(group.groupId), key: null, after: null });
  const view = await readMessage(all(), { id: Number(messages[0]!.id) });
  expect(view).toMatchObject({ payload: null, errorMessage: "[37 chars]", headers: { to: "[domain private.example]" } });
  expect(view.payloadBytes).toBeGreaterThan(131_072);
  expect(JSON.stringify([view, await groupsOf(all())])).not.toContain("anna.k");
});

test("Trap 8, page 0 is page 1: pages of groups and of messages meet each exactly once, ties too, while counts change elsewhere", async () => {
  const some = Array.from({ length: 130 }, (_, i) => i);
  for (const i of some) {
    const word = `${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + Math.floor(i / 26))}`;
    await park({ error_type: `Page_${word}`, error_message: "paged" });
  }
  for (const _ of some) await park({ error_type: "ManyMessages" });
  await observe();
  const seen: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const view = await groupsOf(all(), { q: "Page_", ...(after ? { after } : {}) });
    expect(view.groupsN).toBe(130);
    seen.push(...view.groups.map((group) => group.groupId));
    after = view.after;
    // A group that is not listed grows: the pages go on where they were.
    await park({ error_type: "ManyMessages" });
    await observe();
  }
  expect([seen.length, new Set(seen).size]).toEqual([130, 130]);

  const { groupId } = await groupOf("ManyMessages");
  const ids: string[] = [];
  let place: { parkedAt: number; id: number } | null = null;
  do {
    const page = await listMessages(all(), { groupId: Number(groupId), key: null, after: place });
    ids.push(...page.messages.map((message) => message.id));
    const [at, id] = page.after?.split("-").map(Number) ?? [];
    place = page.after === null ? null : { parkedAt: at!, id: id! };
    await park({ error_type: "ManyMessages" });
    await observe();
  } while (place);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(130);
});

test("hostile rows are read, shown and flagged, and never stop the others", async () => {
  await pair.stock.rows("alter table messaging.dead_letter drop constraint dead_letter_state_check");
  for (const column of [
    "error_message",
    "error_type",
    "business_key",
    "event_type",
    "first_failed_at",
    "parked_at",
    "attempt_log",
    "payload",
    "headers",
    "attempts",
    "schema_version",
    "state_changed_at",
  ])
    await pair.stock.rows(`alter table messaging.dead_letter alter column ${column} drop not null`);
  const deep = `${"[".repeat(5_000)}1${"]".repeat(5_000)}`;
  const odd: [string, Record<string, unknown>][] = [
    ["Deep", { payload: deep, headers: deep }],
    [
      "Huge",
      {
        payload: JSON.stringify("x".repeat(10_000_000)),
        error_message: "m".repeat(10_000_000),
        error_stack: "at a (b.js:1:1)\n".repeat(600_000),
      },
    ],
    ["Html", { business_key: "<script>alert(1)</script>", error_message: '<img src=x onerror="alert(1)">' }],
    ["Unicode", { business_key: "\u202eORD\u200b-\ufeff🦔\u0301", error_message: "\u0001\u001b[31m\u2028" }],
    ["Escapes", { payload: '{"a":"\\ud83e\\udd94 \\u202e","__proto__":{"x":1},"constructor":1}' }],
    ["LongKey", { business_key: "K".repeat(100_000) }],
    [
      "Nulls",
      {
        error_message: null,
        business_key: null,
        first_failed_at: null,
        parked_at: null,
        attempt_log: null,
        payload: null,
        headers: null,
        attempts: null,
        schema_version: null,
        occurred_at: null,
        consumer_version: null,
        state_changed_at: null,
      },
    ],
    ["Future", { parked_at: "2300-01-01", occurred_at: "2300-01-01", first_failed_at: "infinity" }],
    ["Infinite", { parked_at: "infinity", occurred_at: "-infinity", first_failed_at: "-infinity" }],
    ["Ancient", { parked_at: "0044-03-15 BC", occurred_at: "1900-01-01" }],
    [
      "BadLog",
      { attempt_log: '[null, 7, "x", {"at": 1e300, "error_message": {"a": 1}, "duration_ms": -4}, {"at": "nonsense"}]' },
    ],
    ["LogIsNoList", { attempt_log: '{"at": 1}' }],
    ["NoState", { state: "quarantined" }],
    ["Counts", { attempts: 2_147_483_647, version: "9223372036854775807", schema_version: -1 }],
  ];
  for (const [name, row] of odd) await park({ error_type: `Odd${name}`, business_key: `odd-${name}`, ...row });
  await park({ error_type: "OddNot", business_key: "the-good-one" });
  expect(await observe()).toBe("done");
  await judgeZones(pair.store.db);

  const list = await groupsOf(all(), { q: "Odd" });
  expect(list.groups.map((group) => group.errorType).sort()).toEqual([...odd.map(([name]) => `Odd${name}`), "OddNot"].sort());
  const flagged: string[] = [];
  for (const group of list.groups) {
    const groupId = Number(group.groupId);
    await readGroup(all(), { groupId });
    const { messages } = await listMessages(all(), { groupId, key: null, after: null });
    expect(messages).toHaveLength(1);
    if (messages[0]!.flagged) flagged.push(group.errorType);
    const view = await readMessage(all(), { id: Number(messages[0]!.id) });
    const wire = JSON.parse(JSON.stringify(view));
    for (const at of [view.message.parkedAt, view.message.occurredAt, view.firstFailedAt, ...view.attempts.map((a) => a.at)])
      if (at !== null) expect(() => new Date(at).toISOString()).not.toThrow();
    expect(view.message.parkedAt).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(wire.errorMessage.length).toBeLessThanOrEqual(8_000);
    expect(JSON.stringify(wire).length).toBeLessThan(400_000);
  }
  expect(flagged.sort()).toEqual(["OddAncient", "OddFuture", "OddInfinite", "OddNoState", "OddNulls"].map(String).sort());
  expect((await readZones(all())).zones.map((zone) => zone.zoneId).sort()).toEqual(["books", "sales"]);
  expect(await pair.drift()).toEqual([]);
});

test("a filter that matches nothing never says that nothing is parked", async () => {
  expect((await groupsOf(all(), { q: "no such thing" })).sentence).toEqual([
    { text: "Nothing that is parked matches.", strong: true },
  ]);
  expect(now).toBeLessThan(Date.now());
});

test("an attempt log is read as far as it can be", () => {
  expect(attemptsOf("no list")).toEqual([]);
  expect(
    attemptsOf([{ at: 8.64e15 + 1 }, { at: "2026-06-18T03:00:00Z", error_type: 7, duration_ms: Number.MAX_VALUE }, null]),
  ).toEqual([
    { at: null, errorType: null, errorMessage: null, durationMs: null },
    { at: Date.UTC(2026, 5, 18, 3), errorType: null, errorMessage: null, durationMs: 8.64e15 },
  ]);
});

test("a file of letters holds what its reader may see, masked, with nothing that a spreadsheet would run, and is in the audit", async () => {
  const payload = JSON.stringify({ customer: { email: SECRET }, big: 1 });
  await park({ event_type: "Placed", business_key: "=cmd()", error_message: `-no mail for ${SECRET}`, payload });
  await observe();
  const fileOf = async (ctx: Ctx, over: object) => {
    const file = await exportLetters(ctx, parseLetterExport({ key: crypto.randomUUID(), ...over }), 5);
    let text = "";
    for await (const chunk of file.chunks) text += chunk;
    return text;
  };
  const person = (await makeOperator(pair.store.db, Date.now(), { role: "viewer", zones: ["sales"] })).ctx;
  const csv = await fileOf(person, { queries: ['key:"=cmd()"'] });
  expect(csv.split("\r\n").slice(1)).toEqual([expect.stringContaining(`"'=cmd()"`), "# complete: 1 messages", ""]);
  expect(csv).toContain(`"'-no mail for [`);
  expect(csv).not.toContain(SECRET);
  const lines = (await fileOf(person, { format: "jsonl" }))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.at(-1)).toEqual({ end: { entries: lines.length - 1, complete: lines.length - 1 < 5 } });
  expect(lines.slice(0, -1).every(({ zones }) => zones === "sales")).toBe(true);
  expect(lines.find(({ key }) => key === "=cmd()").payload.customer.email).toEqual({ $masked: "domain private.example" });
  expect(await fileOf(person, { side: "closed" })).toMatch(/# complete: \d+ messages/);
  await expect(fileOf(person, { queries: ["payload.customer.email:a"] })).rejects.toThrow(/is masked/);
  const { rows: entries } = await pair.store.db.execute(
    sql`select result, detail ->> 'query' as query from audit_entry where action = 'dead_letter.export' order by id`,
  );
  expect(entries[0]).toEqual({ result: "done", query: "key:=cmd()" });
});

test("a view is kept for oneself or shared by who may; it is a question, and one that names a zone of others is not told to them", async () => {
  const person = async (role: "viewer" | "operator", zones: string[] | null) =>
    (await makeOperator(pair.store.db, Date.now(), { name: `View ${role}`, role, zones })).ctx;
  const [seller, bookkeeper] = [await person("operator", ["sales"]), await person("viewer", ["books"])];
  const keep = (ctx: Ctx, over: object) =>
    saveView(ctx, parseSaved({ name: "Mine", search: "q=age%3A%3E2h&list=messages&odd=1", key: crypto.randomUUID(), ...over }));
  const told = async (ctx: Ctx) => (await listSaved(ctx)).views.map(({ name, search, own }) => [name, search, own]);
  await keep(seller, {});
  await keep(seller, { search: "q=age%3A%3E3h" });
  expect(await told(seller)).toEqual([["Mine", "q=age%3A%3E3h", true]]);
  expect(await told(bookkeeper)).toEqual([]);
  await expect(keep(bookkeeper, { shared: true })).rejects.toThrow(/to share views takes an operator/);
  const { viewId } = await keep(seller, { name: "Of sales", search: "q=-zone%3Asales", shared: true, pinned: true });
  await keep(seller, { name: "For all", search: "q=attempts%3A%3E3", shared: true });
  expect(await told(bookkeeper)).toEqual([["For all", "q=attempts%3A%3E3", false]]);
  await expect(removeView(bookkeeper, { viewId: Number(viewId), key: crypto.randomUUID() })).rejects.toThrow(
    /to share views takes/,
  );
  // Pressed twice, it is one request.
  const removal = { viewId: Number(viewId), key: crypto.randomUUID() };
  for (let n = 0; n < 2; n++) expect(await removeView(seller, removal)).toEqual({ removed: true });
  const { rows: entries } = await pair.store.db.execute(
    sql`select action, result from audit_entry where target_kind = 'view' order by id`,
  );
  expect(entries.map(({ action, result }) => `${action} ${result}`)).toEqual([
    "view.save done",
    "view.save done",
    "view.share denied",
    "view.share done",
    "view.share done",
    "view.share denied",
    "view.share done",
  ]);
});
