import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor, Ctx } from "../context";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import { days, hours } from "../time";
import { withinTime } from "./bounded.sql";
import { sumGroups } from "./grouped";
import { parseGroupFilter, parseLetterFilter } from "./input";
import { listLetters } from "./letters";
import { listGroups } from "./service";

const now = Date.UTC(2026, 10, 27, 12);
let store: TestStore;
const ctxOf = (zones: string[] | null): Ctx => {
  const operatorId = "00000000-0000-4000-8000-000000000001";
  const actor: Actor = {
    kind: "operator",
    operatorId,
    name: "Omar",
    email: "o@x.example",
    role: "operator",
    zones,
    sessionId: operatorId,
  };
  return { db: store.db, actor, now };
};

type Row = {
  id: number;
  groupId: number;
  consumer: string;
  event: string;
  error: string;
  source: string;
  preset: string;
  zones: string[];
  version: string;
  key: string;
  message: string;
  correlation: string | null;
  attempts: number;
  state: string;
  since: number;
  parked: number;
  payload: unknown;
};
let all: Row[];

const stack = (n: number, at: string) =>
  `2026-11-27 11:59:0${n} ERROR [main-${n}] o.a.Handler - java.lang.IllegalStateException: no stock for order ORD-${n}${n}\n  at com.acme.stock.Planner.plan(Planner.java:${n}8)\n  at com.acme.stock.${at}.handle(${at}.java:41)\n  at org.springframework.Foo.bar(Foo.java:1)`;

beforeAll(async () => {
  store = await testStore();
  const run = (text: string) => store.db.execute(sql.raw(text));
  await run(`insert into source (source_id, service, preset, consumers, act, observe_every_ms, position) values
    ('stock', 'stock-service', 'native', '{}', true, 1000, 1), ('books', 'books-service', 'wolverine', '{}', true, 1000, 2)`);
  await run(`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, frame, cause, zones, first_at, last_at, attempts_max)
    select 'f' || g, case when g % 3 = 0 then 'books' else 'stock' end, 'consumer-' || g % 2, 'Event' || g % 4, 'Error' || g % 5, case when g = 10 then 'no stock for order <key>' else 'it broke in step ' || chr(65 + g) end,
      case when g = 10 then 'com.acme.stock.Planner.plan' when g = 5 then null else 'frame' end, null,
      case when g % 6 = 0 then '{}' when g % 6 = 1 then '{sales,books}' when g % 6 = 2 then '{sales}' else '{books}' end::text[], to_timestamp(${now / 1000}), to_timestamp(${now / 1000}) - g * interval '1 day', 99 from generate_series(1, 12) g`);
  await run(`update dead_letter_group set error_type = 'java.lang.IllegalStateException' where fingerprint = 'f10'`);
  await run(`insert into dead_letter (source_id, source_seq, group_id, message_id, business_key, version, consumer_version, parked_at, since, seen_at, state, attempts, changed_at)
    select g.source_id, n::text, g.group_id, 'm-' || n, (array['S-', 'S_', 'T%'])[1 + n % 3] || n / 7, null, (array['1.0', '2.0', ''])[1 + n % 3], to_timestamp(${now / 1000}) - n * interval '17 minutes', to_timestamp(${now / 1000}) - n * interval '19 minutes', now(),
      case when n % 11 = 0 then 'redelivering' else 'parked' end, n % 9, now() from generate_series(1, 400) n join dead_letter_group g on g.fingerprint = 'f' || 1 + (n * n) % 12`);
  await run(`insert into dead_letter_body (id, correlation_id, error_message, error_stack, attempt_log, payload_bytes, payload)
    select id, case when id % 4 = 0 then null else 'c-' || id % 50 end, '', '', '[]', 0, case id % 8 when 0 then null when 1 then '{"customer":{"id":42}}' when 2 then '{"customer":{"id":"42","vip":null}}'
      when 3 then '{"customer":[{"id":42}],"total":12.50}' when 4 then '{"lines":[{"sku":"A","qty":3},{"sku":"B"}]}' when 5 then '[{"customer":{"id":42}}]' when 6 then '"text"' else '{"lines":[{"sku":"B"}],"customer":{"id":7},"total":"many"}' end::jsonb from dead_letter`);
  await run(
    `update dead_letter_group g set open_n = n, total_n = n, versions = v from (select group_id, sum(n)::int as n, jsonb_object_agg(consumer_version, n) as v from (select group_id, consumer_version, count(*) as n from dead_letter group by 1, 2) c group by 1) c where c.group_id = g.group_id`,
  );
  await run(`insert into dead_letter_history (id, source_id, source_seq, group_id, message_id, business_key, consumer_version, occurred_at, parked_at, closed_at, closed_as, closed_by, code, attempts, body)
    select d.id + 1000, d.source_id, 'h' || d.source_seq, d.group_id, d.message_id, d.business_key, d.consumer_version, null, d.parked_at, date_trunc('day', d.parked_at) + interval '30 hours 456 microseconds', case when d.id % 2 = 0 then 'resolved' else 'discarded' end,
      case when d.id % 2 = 1 then 7 end, case d.id % 4 when 1 then 'duplicate' when 3 then 'test_data' end, d.attempts,
      jsonb_build_object('correlation_id', b.correlation_id, 'payload', b.payload) from dead_letter d join dead_letter_body b using (id)`);
  all = await rows<Row>(
    store.db,
    sql`select d.id, d.group_id as "groupId", g.consumer, g.event_type as event, g.error_type as error, g.source_id as source, s.preset, g.zones, d.consumer_version as version, d.business_key as key, d.message_id as message, b.correlation_id as correlation, d.attempts, d.state, d.since, d.parked_at as parked, b.payload
    from dead_letter d join dead_letter_group g using (group_id) join source s on s.source_id = g.source_id join dead_letter_body b on b.id = d.id`,
  );
});
afterAll(() => store.close());

async function foundBy(ctx: Ctx, query: string, side: "open" | "closed" = "open"): Promise<number[]> {
  const ids: number[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const view = await listLetters(ctx, parseLetterFilter({ query, side, ...(after ? { after } : {}) }));
    ids.push(...view.letters.map(({ id }) => Number(id)));
    if (view.lettersN !== null && after !== undefined) throw new Error("only the first page counts");
    after = view.after;
  }
  return ids;
}
const expected = (match: (row: Row) => boolean) => all.filter(match).map(({ id }) => id);
const sorted = (ids: number[]) => [...ids].sort((a, b) => a - b);
const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((inner, step) => {
    if (typeof step === "number") return Array.isArray(inner) ? inner[step] : undefined;
    return typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? (inner as Record<string, unknown>)[step]
      : undefined;
  }, value);
const id42 = (row: Row) => ["42", 42].includes(at(row.payload, "customer", "id") as string);

const table: [string, (row: Row) => boolean][] = [
  ["", () => true],
  ["zone:sales", (r) => r.zones.includes("sales")],
  ["-zone:sales", (r) => !r.zones.includes("sales")],
  ["zone:none", (r) => r.zones.length === 0],
  ["consumer:consumer-1 event:Event1,Event2", (r) => r.consumer === "consumer-1" && ["Event1", "Event2"].includes(r.event)],
  ["error:Error1 error:Error2", (r) => ["Error1", "Error2"].includes(r.error)],
  ["-error:Error1,Error2", (r) => !["Error1", "Error2"].includes(r.error)],
  ["source:books", (r) => r.source === "books"],
  ["preset:wolverine", (r) => r.preset === "wolverine"],
  ["-preset:wolverine", (r) => r.preset !== "wolverine"],
  ["version:2.0", (r) => r.version === "2.0"],
  ["-version:2.0", (r) => r.version !== "2.0"],
  ["key:S_1", (r) => r.key.startsWith("S_1")],
  ["-key:S_1", (r) => !r.key.startsWith("S_1")],
  ["key:T%", (r) => r.key.startsWith("T%")],
  ["message:m-7,m-8", (r) => ["m-7", "m-8"].includes(r.message)],
  ["correlation:c-3", (r) => r.correlation === "c-3"],
  ["-correlation:c-3", (r) => r.correlation !== "c-3"],
  ["age:>2h", (r) => r.since < now - hours(2)],
  ["age:<=2d", (r) => r.since >= now - days(2)],
  ["attempts:>=3 attempts:<7", (r) => r.attempts >= 3 && r.attempts < 7],
  ["attempts:0,8", (r) => [0, 8].includes(r.attempts)],
  ["-attempts:>2", (r) => r.attempts <= 2],
  ["state:redelivering", (r) => r.state === "redelivering"],
  ["state:open", () => true],
  ["-state:parked", (r) => r.state !== "parked"],
  ["parked:<2026-11-26", (r) => r.parked < Date.UTC(2026, 10, 26)],
  ["parked:>=2026-11-26T10:00+01:00", (r) => r.parked >= Date.UTC(2026, 10, 26, 9)],
  ["last:<3d", (r) => lastDays(r) <= 3],
  ["-triage:new", () => false],
  ["assignee:none", () => true],
  ["payload.customer.id:42", id42],
  ["-payload.customer.id:42", (r) => !id42(r)],
  ["payload.customer.vip:null", (r) => at(r.payload, "customer", "vip") === null],
  ["payload.lines[*].sku:B", (r) => ((at(r.payload, "lines") as { sku: string }[]) ?? []).some(({ sku }) => sku === "B")],
  ["payload.lines[0].sku:B", (r) => at(r.payload, "lines", 0, "sku") === "B"],
  ["-payload.lines[0].sku:B", (r) => at(r.payload, "lines", 0, "sku") !== "B"],
  ["payload.lines[*].qty:>2", (r) => ((at(r.payload, "lines") as { qty?: number }[]) ?? []).some(({ qty = 0 }) => qty > 2)],
  ["payload.total:>=12.5", (r) => Number(at(r.payload, "total")) >= 12.5],
  ["-payload.total:>=12.5", (r) => !(Number(at(r.payload, "total")) >= 12.5)],
  ["payload[*].customer.id:42", (r) => at(r.payload, 0, "customer", "id") === 42],
  ["payload[0].customer.id:42", (r) => at(r.payload, 0, "customer", "id") === 42],
  ['"in step C"', (r) => r.error !== "java.lang.IllegalStateException" && stepOf(r) === "C"],
];
const lastDays = (row: Row) => groupDays.get(row.groupId)!;
const groupDays = new Map<number, number>();
const groupSteps = new Map<number, string>();
const stepOf = (row: Row) => groupSteps.get(row.groupId)!;
beforeAll(async () => {
  for (const { groupId, days: n, step } of await rows<{ groupId: number; days: number; step: string }>(
    store.db,
    sql`select group_id as "groupId", substr(fingerprint, 2)::int as days, right(template, 1) as step from dead_letter_group`,
  )) {
    groupDays.set(groupId, n);
    groupSteps.set(groupId, step);
  }
});

test.each(table)("%s finds exactly its letters, a page at a time, and so do its groups", async (query, match) => {
  const ids = await foundBy(ctxOf(null), query);
  expect(sorted(ids)).toEqual(sorted(expected(match)));
  const groups = await listGroups(ctxOf(null), parseGroupFilter({ query }));
  const wanted = all.filter(match);
  expect([groups.messagesN, groups.groupsN, groups.atLeast]).toEqual([
    wanted.length,
    new Set(wanted.map(({ groupId }) => groupId)).size,
    false,
  ]);
  for (const { groupId, matchedN, openN } of groups.groups)
    expect(matchedN ?? openN).toBe(wanted.filter((row) => row.groupId === Number(groupId)).length);
});

test("Trap 15, a null hides rows of a filter: any conditions together find what each of them keeps, whoever asks", async () => {
  const some = fc.uniqueArray(fc.constantFrom(...table.filter(([query]) => query !== "" && !query.startsWith("error:Error1 "))), {
    minLength: 2,
    maxLength: 3,
    selector: ([query]) => query.replace(/^-/, "").split(":")[0],
  });
  await fc.assert(
    fc.asyncProperty(some, fc.constantFrom<string[] | null>(null, ["sales"], []), async (parts, zones) => {
      const mine = (row: Row) => zones === null || row.zones.some((zone) => zones.includes(zone));
      const ids = await foundBy(ctxOf(zones), parts.map(([query]) => query).join(" "));
      expect(sorted(ids)).toEqual(sorted(expected((row) => mine(row) && parts.every(([, match]) => match(row)))));
    }),
    { numRuns: 15 },
  );
});

test("closed letters are found by the same words, and by how they were closed", async () => {
  const closed = (match: (row: Row) => boolean) => sorted(expected(match).map((id) => id + 1000));
  for (const [query, match] of [
    ["zone:sales payload.customer.id:42", (r: Row) => r.zones.includes("sales") && id42(r)],
    ["-payload.customer.id:42", (r: Row) => !id42(r)],
    ["correlation:c-3", (r: Row) => r.correlation === "c-3"],
    ["state:resolved -version:2.0", (r: Row) => r.id % 2 === 0 && r.version !== "2.0"],
    ["outcome:discarded", (r: Row) => r.id % 2 === 1],
    ["code:duplicate,test_data -code:test_data", (r: Row) => r.id % 4 === 1],
    ["-code:duplicate", (r: Row) => r.id % 4 !== 1],
    ["age:>2d attempts:>3", (r: Row) => r.parked < now - days(2) && r.attempts > 3],
  ] as const)
    expect(sorted(await foundBy(ctxOf(null), query, "closed"))).toEqual(closed(match));
});

test("a pasted stack finds its group, whatever its variable parts are, and a sentence from a log does too", async () => {
  for (const text of [
    stack(3, "OrderPlacedHandler"),
    stack(8, "Other"),
    "no stock for order ORD-4711",
    "NO STOCK FOR ORDER ORD-4711",
    "ERROR c.a.X - java.lang.IllegalStateException: no stock for order AB-1",
  ]) {
    const { groups } = await listGroups(ctxOf(null), parseGroupFilter({ query: text }));
    expect(groups.map(({ template }) => template)).toEqual(["no stock for order <key>"]);
  }
});

test("no query ends in a fault of the store", async () => {
  const odd = [
    'payload."a\\"b\\\\c":"x\\"y"',
    "payload.a:>-3.5",
    "payload[999999]:1",
    'key:"\\\\%_"',
    "payload.a:1e400",
    "parked:>0001-01-01",
    "attempts:999999999",
    "age:>99999d",
  ];
  for (const query of odd)
    for (const side of ["open", "closed"] as const)
      expect((await listLetters(ctxOf(null), parseLetterFilter({ query, side }))).letters).toBeDefined();
});

test("where more match than are counted, the list says at least so many, and still begins with the largest groups", async () => {
  await store.db.execute(sql`insert into dead_letter (source_id, source_seq, group_id, message_id, business_key, consumer_version, parked_at, since, seen_at, state, attempts, changed_at)
    select source_id, 'many' || n, group_id, 'many' || n, 'MANY-' || n, '3.0', now(), now(), now(), 'parked', 1, now() from generate_series(1, 10001) n, dead_letter_group where fingerprint = 'f10'`);
  await store.db.execute(sql`update dead_letter_group set open_n = open_n + 10001 where fingerprint = 'f10'`);
  const groups = await listGroups(ctxOf(null), parseGroupFilter({ query: "attempts:>=1 state:parked" }));
  expect([groups.atLeast, groups.messagesN, groups.groups[0]!.template, groups.groups.length]).toEqual([
    true,
    10_000,
    "no stock for order <key>",
    4,
  ]);
  // Of each a part is looked at, which is said; what is asked to be old is found from the other end.
  expect(groups.groups.map(({ matchedN, matchedMore }) => (matchedN ?? 0) > 0 || matchedMore)).toEqual([true, true, true, true]);
  expect(groups.groups[0]).toMatchObject({ matchedN: 50, matchedMore: true });
  const old = await listGroups(ctxOf(null), parseGroupFilter({ query: "parked:<2030-01-01" }));
  expect([old.atLeast, old.groups.length]).toEqual([true, 4]);
  const letters = await listLetters(ctxOf(null), parseLetterFilter({ query: "key:MANY-" }));
  expect([letters.atLeast, letters.lettersN, letters.letters.length]).toEqual([true, 10_000, 50]);
  for (const by of ["zone", "consumer"] as const) {
    const summed = await sumGroups(ctxOf(null), { queries: parseLetterFilter({ query: "key:MANY-" }).queries, by });
    const value = by === "zone" ? "books" : "consumer-0";
    expect(summed).toEqual({ atLeast: true, rows: [{ value, groupsN: 1, messagesN: 10_001 }] });
  }
  // Fewer payloads are opened than letters are passed by.
  await store.db.execute(
    sql`insert into dead_letter_body (id, error_message, error_stack, attempt_log, payload, payload_bytes) select id, '', '', '[]', '{"amount": 9}', 13 from dead_letter where message_id like 'many%'`,
  );
  const opened = { query: "payload.amount:>8 key:MANY-" };
  const [some, page] = [
    await listGroups(ctxOf(null), parseGroupFilter(opened)),
    await listLetters(ctxOf(null), parseLetterFilter(opened)),
  ];
  expect(some.groups[0]).toMatchObject({ template: "no stock for order <key>", matchedMore: true });
  expect([some.atLeast, some.messagesN, page.atLeast, page.lettersN, page.letters.length]).toEqual([
    true,
    3_000,
    true,
    3_000,
    50,
  ]);
  // What groups count themselves is exact, however many.
  const counted = await listLetters(ctxOf(null), parseLetterFilter({ query: "version:3.0,1.0 consumer:consumer-0,consumer-1" }));
  const [{ n } = { n: 0 }] = await rows<{ n: number }>(store.db, sql`select sum(open_n)::int as n from dead_letter_group`);
  const all = await listLetters(ctxOf(null), parseLetterFilter({}));
  expect([all.lettersN, all.atLeast, counted.atLeast]).toEqual([n, false, false]);
});

test("what is asked with a time of its own leaves the transaction that asks its own", async () => {
  const timeout = async (db: Db) =>
    (await rows<{ ms: string }>(db, sql`select current_setting('statement_timeout') as ms`))[0]!.ms;
  const usual = await timeout(store.db);
  const seen = await store.db.transaction(async (tx) => [await withinTime(tx, timeout), await timeout(tx)]);
  expect(seen).toEqual(["3s", usual]);
});
