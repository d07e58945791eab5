import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { firstRow } from "@/lib/db/rows";
import { testPair } from "@/lib/observation/testing";
import { parseAct } from "@/lib/operations/input";
import { requestRetry } from "@/lib/operations/service";
import { makeOperator } from "@/lib/operators/testing";
import { readSourceCheck } from "@/lib/sources/service";
import { parseTokenRequest } from "@/lib/tokens/input";
import { createToken } from "@/lib/tokens/service";
import { judgeZones } from "@/lib/zones/judge";
import { type Family, readMetrics } from "@/lib/zones/metrics";
import { readSources } from "@/lib/zones/sources";
import { log } from "../log";
import { exposition } from "./exposition";
import { processFamilies } from "./process";
import { metrics } from "./serve";

let pair: Awaited<ReturnType<typeof testPair>>;
const now = Date.now();
const secrets = { all: "", books: "" };

beforeAll(async () => {
  pair = await testPair();
  log.level = "silent";
  Object.assign(process.env, { DATABASE_URL: pair.store.url, NEXTAUTH_URL: "http://accord.test", NEXTAUTH_SECRET: "s" });
  const { db } = pair.store;
  await db.execute(
    sql`update source_status set observed_at = to_timestamp(${now - 2_000}::float8 / 1000), clock_offset_ms = -250`,
  );
  await db.execute(
    sql`insert into worker (worker_id, started_at, heartbeat_at) values ('w"1\\', now(), to_timestamp(${now - 1_000}::float8 / 1000))`,
  );
  await db.execute(
    sql`insert into open_key (zone_id, business_key, since, reasons, facts) values ('sales', 'K-1', to_timestamp(${now - 12_000}::float8 / 1000), 2, 1)`,
  );
  await db.execute(sql`insert into divergence (zone_id, rule, business_key, key, kind, state, since, first_seen_at, last_seen_at, due_at, seen_n, fields, history)
    select 'sales', 'r', 'K-' || i, 'K-' || i, case when i < 3 then 'missing' else 'mismatch' end, case when i = 4 then 'resolved' else 'open' end, now(), now(), now(), now(), 2, '[]', '[]' from generate_series(1, 4) i`);
  await judgeZones(db, now);
  const { ctx } = await makeOperator(db, now, { role: "administrator" });
  for (const [key, zones] of Object.entries({ all: null, books: ["books"] })) {
    const request = { kind: "service", name: key, role: "viewer", zones, expiresInDays: 1, key };
    Object.assign(secrets, { [key]: (await createToken(ctx, parseTokenRequest(request))).secret });
  }
});
beforeEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  const held = globalThis as { accordStore?: { close: () => Promise<void> } };
  await held.accordStore?.close();
  await pair.close();
});

const worker = { kind: "worker", workerId: "test" } as const;
const read = (at: number) => readMetrics({ db: pair.store.db, actor: worker, now: at });
const value = (families: readonly Family[], name: string, labels: Record<string, string>) =>
  families
    .find((family) => family.name === name)
    ?.samples.find((sample) => Object.entries(labels).every(([label, of]) => sample.labels[label] === of))?.value;
const scrape = (secret?: string) =>
  metrics(
    new Request("http://accord.test/metrics", secret === undefined ? {} : { headers: { authorization: `Bearer ${secret}` } }),
  );

test("zones, sources and workers are figures, as the store knows them", async () => {
  const families = await read(now);
  expect(value(families, "accord_zone_oldest_unresolved_seconds", { zone: "sales" })).toBe(12);
  expect(value(families, "accord_zone_oldest_unresolved_seconds", { zone: "books" })).toBe(0);
  expect(value(families, "accord_zone_open_keys", { zone: "sales" })).toBe(1);
  expect(value(families, "accord_zone_window_seconds", { zone: "sales" })).toBe(30);
  for (const [kind, n] of Object.entries({ missing: 2, mismatch: 1, unexpected: 0, duplicate: 0 }))
    expect(value(families, "accord_zone_open_divergences", { zone: "sales", kind })).toBe(n);
  const verdicts = families
    .find((family) => family.name === "accord_zone_verdict")!
    .samples.filter(({ labels }) => labels.zone === "books");
  expect(verdicts.filter((sample) => sample.value === 1).map(({ labels }) => labels.verdict)).toEqual(["healthy"]);
  expect(verdicts).toHaveLength(5);
  expect(value(families, "accord_source_up", { source: "shop" })).toBe(1);
  expect(value(families, "accord_source_age_seconds", { source: "stock" })).toBe(2);
  expect(value(families, "accord_source_clock_offset_seconds", { source: "stock" })).toBe(-0.25);
  expect(value(families, "accord_workers", {})).toBe(1);
});

test("what is not known is absent, never zero; that it is not known is a figure", async () => {
  const families = await read(now + 60_000);
  for (const zone of ["sales", "books"]) {
    expect(value(families, "accord_zone_verdict", { zone, verdict: "unknown" })).toBe(1);
    const told = families.filter(({ samples }) => samples.some(({ labels }) => labels.zone === zone)).map(({ name }) => name);
    // Cases and alerts are Accord's own, and known whatever a source does.
    expect(told).toEqual(["accord_zone_verdict", "accord_zone_window_seconds", "accord_zone_alerts", "accord_zone_open_cases"]);
  }
  expect(value(families, "accord_source_up", { source: "shop" })).toBe(0);
  expect(value(families, "accord_workers", {})).toBe(0);
  expect(exposition(families)).not.toContain("accord_zone_open_keys");
});

test("a zone that nothing vouches for is unknown, and keeps the figures that are known", async () => {
  const unwatched = JSON.stringify({ unwatched: [{ eventType: "Charged", consumer: "billing" }] });
  const [before] = (await pair.store.db.execute(sql`select facts from zone_status where zone_id = 'books'`)).rows;
  await pair.store.db.execute(sql`update zone_status set facts = facts || ${unwatched}::jsonb where zone_id = 'books'`);
  const families = await read(now);
  await pair.store.db.execute(
    sql`update zone_status set facts = ${JSON.stringify(before!.facts)}::jsonb where zone_id = 'books'`,
  );
  expect(value(families, "accord_zone_verdict", { zone: "books", verdict: "unknown" })).toBe(1);
  expect(value(families, "accord_zone_open_keys", { zone: "books" })).toBe(0);
  expect(value(families, "accord_zone_oldest_unresolved_seconds", { zone: "books" })).toBe(0);
});

test("a token sees the figures of its zones; without one there is nothing, unless it was opened on purpose", async () => {
  const all = await scrape(secrets.all);
  expect([all.status, all.headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  expect(await all.text()).toMatch(/zone="sales"[\s\S]*accord_web_store_connections/);
  const limited = await (await scrape(secrets.books)).text();
  expect(limited).toContain('zone="books"');
  expect(limited).not.toContain("sales");
  expect((await scrape()).status).toBe(401);
  expect((await scrape("acc_wrong")).status).toBe(401);
  vi.stubEnv("ACCORD_METRICS_OPEN", "true");
  expect(await (await scrape()).text()).toContain('zone="sales"');
  expect((await scrape("acc_wrong")).status).toBe(401);
  vi.stubEnv("ACCORD_METRICS_OPEN", "1");
  expect((await scrape()).status).toBe(401);
});

test("a store that does not answer is a figure too, and the process still has its own", async () => {
  vi.stubEnv("ACCORD_METRICS_OPEN", "true");
  const held = globalThis as { accordStore?: unknown };
  const { accordStore } = held;
  const { openStore } = await import("@/lib/db/pool");
  held.accordStore = openStore("postgres://nobody:x@127.0.0.1:1/none", 1);
  vi.useFakeTimers({ now: Date.now() + 5_000, toFake: ["Date"] });
  const text = await (await scrape()).text();
  vi.useRealTimers();
  held.accordStore = accordStore;
  expect(text).toMatch(/^accord_store_up 0$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(text).not.toContain("accord_zone");
});

// The grammar of the text format, version 0.0.4.
const LINE =
  /^[a-zA-Z_:][\w:]*(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\\\|\\"|\\n)*"(,[a-zA-Z_]\w*="(?:[^"\\\n]|\\\\|\\"|\\n)*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?$/;

test("every line is of the grammar, whatever a label holds, and its value comes back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.double({ noNaN: true, noDefaultInfinity: true }), (text, of) => {
      const lines = exposition([{ name: "a", help: "b", type: "gauge", samples: [{ labels: { of: text }, value: of }] }]).split(
        "\n",
      );
      expect(lines).toHaveLength(4);
      expect(lines[2]).toMatch(LINE);
      const back = /^a\{of="(.*)"\}/s.exec(lines[2]!)![1]!.replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c));
      expect(back).toBe(text);
    }),
  );
});

test("a whole scrape is of the grammar, each family once and with its help and type", async () => {
  const lines = (await (await scrape(secrets.all)).text()).trimEnd().split("\n");
  for (const line of lines.filter((one) => !one.startsWith("#"))) expect(line).toMatch(LINE);
  const types = lines.filter((line) => line.startsWith("# TYPE "));
  expect(new Set(types).size).toBe(types.length);
  expect(lines.filter((line) => line.startsWith("# HELP ")).length).toBe(types.length);
});

const docs = (name: string) => readFileSync(new URL(`../../../docs/grafana/${name}`, import.meta.url), "utf8");
const named = (text: string) => new Set(text.match(/\b(?:accord|process|nodejs)_[a-z0-9_]+\b/g));

test("every figure that the example dashboard and the example rules name is told", async () => {
  const told = new Set(["accord_store_up", ...[...(await read(now)), ...processFamilies()].map(({ name }) => name)]);
  const dashboard = JSON.parse(docs("accord.json")) as { panels: { targets?: { expr: string }[] }[] };
  const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expect(expressions.length).toBeGreaterThan(12);
  const rules = (parse(docs("alerts.yaml")) as { groups: { rules: { alert: string; expr: string }[] }[] }).groups.flatMap(
    (group) => group.rules,
  );
  expect(rules.filter(({ expr }) => expr.includes("absent(")).length).toBeGreaterThanOrEqual(3);
  for (const text of [...expressions, ...rules.map(({ expr }) => expr)]) {
    expect(named(text).size, text).toBeGreaterThan(0);
    for (const name of named(text)) expect(told, text).toContain(name);
  }
});

test("S12: sources and the files' problems are shown by zone; who has none sees none, and a guess names nothing", async () => {
  const { db } = pair.store;
  await db.execute(
    sql`insert into configuration_report (worker_id, at, ok, content_hash, problems) values ('w9', to_timestamp(${now}::float8 / 1000), false, null, ${JSON.stringify([{ file: "contracts/sales.yaml", line: 1, column: 1, message: "sales is broken", severity: "error" }])}::jsonb)`,
  );
  const seen = async (zones: string[] | null) => {
    const { ctx } = await makeOperator(db, now, { role: "viewer", zones, name: `Sees ${zones?.join() ?? "all"} of them` });
    const view = await readSources({ ...ctx, now });
    const up = (await readMetrics({ ...ctx, now })).find(({ name }) => name === "accord_source_up")!.samples;
    expect(up.map(({ labels }) => labels.source)).toEqual(view.sources.map(({ sourceId }) => sourceId));
    const { problems, hiddenN } = view.configuration;
    return [view.sources.map(({ sourceId }) => sourceId), problems.length, hiddenN];
  };
  expect(await seen(null)).toEqual([["shop", "stock"], 1, 0]);
  expect(await seen([])).toEqual([[], 0, 1]);
  const { ctx } = await makeOperator(db, now, { role: "operator", zones: [], name: "Guesses" });
  await expect(readSourceCheck({ ...ctx, now }, { sourceId: "shop" })).rejects.toThrow("There is no such source");
  const group = await firstRow<{ id: number }>(
    db,
    sql`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, frame, zones, open_n, total_n, versions, first_at, last_at, attempts_max)
        values ('s12', 'stock', 'stock-service', 'Placed', 'E', 't', 'f', '{sales}', 0, 1, '{}', now(), now(), 1) returning group_id as id`,
  );
  await db.execute(sql`insert into dead_letter (source_id, source_seq, group_id, message_id, business_key, consumer_version, occurred_at, parked_at, since, seen_at, state, attempts, changed_at)
    values ('stock', 99, ${group!.id}, gen_random_uuid(), 'S12', '1', now(), now(), now(), now(), 'parked', 1, now())`);
  const request = parseAct({ selection: { groups: [group!.id] }, reason: "guessed its number", key: "s12" });
  await expect(requestRetry({ ...ctx, now }, request)).rejects.toThrow(/^(?!.*sales)/);
});
