import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { log } from "@/app/_server/log";
import { openApiDocument } from "@/app/_server/openapi/document";
import { misfit } from "@/app/_server/openapi/route";
import { apiRoutes } from "@/app/_server/openapi/routes";
import { openServer } from "@/app/_server/testing";
import { rows } from "@/lib/db/rows";
import type { TestStore } from "@/lib/db/testing";
import { makeOperator } from "@/lib/operators/testing";
import { refusalStatus } from "@/lib/refusal";
import { makeEverybody, type Somebody } from "./everybody.testing";
import { type Asked, askedOf, type Input } from "./inputs.testing";
import { type SeededZone, seedZones } from "./zones.testing";

// What lib/properties.setup.ts decided on.
const seed = fc.readConfigureGlobal().seed!;
const AT_ONCE = 8;
const ROUNDS_MAX = 60;
// A storm is work, not waiting: on a machine that does other things as well it takes longer, and means the same.
const timeout = 240_000;

let store: TestStore;
let zones: readonly [SeededZone, SeededZone];
let everybody: Somebody[];
let asked: Asked[];
let askedOfOther: Asked[];
let askedN = 0;
/** Which operations did what they were asked, and which of them showed the rows of a zone to who may see them. */
const reached = { done: new Set<string>(), shown: new Set<string>() };
/** What the log has of faults: the answer itself tells a number only. */
const faults: unknown[] = [];

async function open(): Promise<void> {
  store = await openServer();
  vi.spyOn(log, "error").mockImplementation((facts: unknown) => void faults.push(facts));
  const now = Date.now();
  const victim = await makeOperator(store.db, now, { role: "operator", name: "Omar" });
  zones = await seedZones(store.db, victim.id, now);
  everybody = await makeEverybody(store.db, [zones[0].zoneId, zones[1].zoneId], now);
  // A forecast is for who asked for it alone.
  const forecasts = await rows<{ id: number }>(
    store.db,
    sql`insert into forecast (selection, asked_by, asked_at, last_letter, ended_at, found) select '{"messages": [], "groups": [], "asOf": null}', id::text, now(), 0, now(), '{"outcomes": [], "unasked": [], "whole": true}' from operator
        returning forecast_id as id`,
  );
  const document = openApiDocument(apiRoutes, { cookie: "accord-session", version: "0" });
  const shared = {
    ...{ operatorId: [victim.id], to: [victim.id], from: [victim.id], tokenId: [victim.id], sessionId: [victim.actor.sessionId] },
    ...{ sourceId: ["orders"], source: ["orders"], consumer: ["payment-service"], service: ["payment-service"] },
    ...{ version: ["2.0"], revision: ["1"], current: ["a wrong password"], name: ["New"], step: [1, 2], expiresInDays: [30] },
    ...{ forecastId: forecasts.map(({ id }) => String(id)), channel: ["pager"] },
    ...{ endsAt: [now + 3_600_000], patch: ['[{"op":"add","path":"/note","value":1}]'], code: ["duplicate", "test_data"] },
    ...{ at: [now - 60_000], asOf: [now], until: [now + 3_600_000], email: ["new@example.test", "newer@example.test"] },
  };
  // One zone's names at a time: what touches both belongs to both.
  [asked, askedOfOther] = zones.map(({ ids }) =>
    askedOf(document, { ...ids, ...shared, q: ["ORD-", ...ids.id!, ...ids.messageId!] }),
  ) as [Asked[], Asked[]];
  console.log(`fuzz: seed ${seed}, ${asked.length} operations, ${everybody.length} kinds of callers`);
}

/** How the whole store stands, but for when somebody was last seen. */
async function standing(): Promise<Record<string, string>> {
  const tables = await rows<{ name: string }>(
    store.db,
    sql`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and has_table_privilege(c.oid, 'select') order by 1`,
  );
  const each = tables.map(
    ({ name }) =>
      sql`select ${name} as name, (select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from (select to_jsonb(t) - 'last_used_at' - 'last_seen_at' as t from ${sql.raw(name)} t) t) as state`,
  );
  const states = await rows<{ name: string; state: string }>(store.db, sql.join(each, sql` union all `));
  return Object.fromEntries(states.map(({ name, state }) => [name, state]));
}

function addressed({ path }: Asked, input: Input): string {
  const query = new URLSearchParams(input.query.map(([name, value]): [string, string] => [name, value]));
  const at = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(input.path[name]!.replace(/\p{Surrogate}/gu, "?")));
  return `/api/v1${at}${input.query.length > 0 ? `?${query}` : ""}`;
}

const called = ({ method, path }: Asked): string => `${method} ${path}`;

async function ask(one: Asked, input: Input, who: Somebody): Promise<void> {
  const handler = apiRoutes.find(
    (route) => `/${route.path.replace(/\[(\w+)\]/g, "{$1}")}` === one.path && route.method === one.method,
  )!;
  const headers = { "content-type": "application/json", "idempotency-key": `k${++askedN % 500}` };
  const body = input.raw ?? JSON.stringify(input.body);
  const init = one.method === "GET" ? {} : { method: "POST", headers, body };
  const request = who.request(addressed(one, input), init);
  const response = await handler.handler(request, { params: Promise.resolve(input.path) });
  const stream = response.ok && response.headers.get("content-type")?.startsWith("text/event-stream");
  const told = stream ? "" : await response.text();
  if (stream) await response.body?.cancel();
  const about = `${who.name}: ${one.method} ${request.nextUrl.pathname}${request.nextUrl.search} ${body?.slice(0, 2_000)} answered ${response.status} ${told.slice(0, 600)} ${JSON.stringify(faults.at(-1)) ?? ""} (seed ${seed})`;
  expect([200, ...Object.values(refusalStatus)], about).toContain(response.status);
  if (response.ok && handler.answers) expect(misfit(handler.answers, JSON.parse(told)), about).toBeNull();
  if (!who.known) expect(response.status, about).toBe(401);
  for (const zone of zones)
    if (who.zones !== null && !who.zones.includes(zone.zoneId)) expect(told.includes(zone.mark), `LEAK to ${about}`).toBe(false);
  if (response.ok) reached.done.add(called(one));
  if (zones.some(({ mark }) => told.includes(mark))) reached.shown.add(called(one));
  if (response.ok && handler.handler.gives !== undefined) return;
  expect(response.headers.get("cache-control"), about).toBe("no-store");
  const answer = JSON.parse(told);
  if (response.ok) return void expect(Object.keys(answer), about).toEqual(["value"]);
  expect(answer, about).toEqual({
    refusal: { kind: expect.any(String), message: expect.stringMatching(/^[^\n]{5,600}\.$/su), detail: expect.any(Object) },
  });
  expect(refusalStatus[answer.refusal.kind as keyof typeof refusalStatus], about).toBe(response.status);
}

/** So many requests of one operation, by everybody in turn, several at once. */
async function storm(one: Asked, requestsN: number, salt: number): Promise<void> {
  const other = askedOfOther[asked.indexOf(one)]!;
  const half = (of: Asked) => fc.sample(of.input, { numRuns: Math.ceil(requestsN / 2), seed: seed + salt });
  const others = half(other);
  const inputs = half(one).flatMap((input, i) => [input, others[i]!]);
  // Everybody in turn, each with the names of either zone.
  const turns = inputs.map((input, i) => ({ input, who: everybody[((i >> 1) * 7 + salt) % everybody.length]! }));
  for (let i = 0; i < turns.length; i += AT_ONCE)
    await Promise.all(turns.slice(i, i + AT_ONCE).map(({ input, who }) => ask(one, input, who)));
}

// Looking is tried twice, before and after; inputs take more tries, since there is more to get right.
const share = { GET: 2, POST: 4 };
const part = (requestsN: number) => requestsN / asked.reduce((sum, { method }) => sum + share[method], 0);

/** A storm of so many requests, as tests of the file that calls this. */
export function fuzz(requestsN: number): void {
  beforeAll(open);
  afterAll(() => store.close());
  const looks = () => Math.ceil(part(requestsN));
  const tries = () => Math.ceil(part(requestsN) * share.POST);

  test("whoever asks whatever: no fault, no row of another zone, and looking changes nothing", { timeout }, async () => {
    for (const [i, one] of asked.entries()) {
      if (one.method !== "GET") continue;
      const before = await standing();
      await storm(one, looks(), i);
      expect(await standing(), `GET ${one.path} changed the store (seed ${seed})`).toEqual(before);
    }
  });

  test("whoever inputs whatever: a refusal in words or an act, never a fault, never a row of another zone", {
    timeout,
  }, async () => {
    for (const [i, one] of asked.entries()) if (one.method === "POST") await storm(one, tries(), 1_000 + i);
  });

  // Whom the first round of looking left out begins this one.
  test("after all that was done, looking still shows nobody what is not theirs", { timeout }, async () => {
    for (const [i, one] of asked.entries()) {
      if (one.method !== "GET") continue;
      // A short storm may meet nobody who is let in: then others ask on.
      for (let round = 0; round === 0 || (round < ROUNDS_MAX && !reached.done.has(called(one))); round++)
        await storm(one, looks(), 2_011 + i + 1_003 * round);
    }
    expect(askedN).toBeGreaterThanOrEqual(requestsN);
  });

  test("the storm got behind the route handlers, and the rows that nobody else saw were there to be seen", () => {
    const never = asked.map(called).filter((one) => !reached.done.has(one));
    console.log(
      `fuzz: ${askedN} requests; rows shown by ${reached.shown.size} operations; never done: ${never.join(", ") || "none"}`,
    );
    expect(never.filter((one) => one.startsWith("GET"))).toEqual([]);
    expect(never.length).toBeLessThan(asked.length / 3);
    expect(reached.shown.size).toBeGreaterThan(18);
  });
}
