import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFault, stopFault } from "../../demo/faults";
import { type WatchedEstate, watchedEstate } from "../../demo/kit/watched.testing";
import { basket, placeOrder } from "../../demo/services/order-service/place-order";
import { changeCustomer } from "../../demo/services/profile-service/change-customer";
import { followCases } from "../cases/opening";
import type { Contract, RuleSide } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { GAMMA } from "../histogram";
import { rollUpLags } from "../lag/service";
import { minutes, seconds } from "../time";
import { readZoneCharts } from "./charts";
import { judgeZones } from "./judge";
import { readZone, readZones } from "./service";
import type { ZoneRow, ZoneView } from "./views";

const page = readFileSync(path.join(import.meta.dirname, "../../docs/figures.md"), "utf8");
/** A statement of docs/figures.md by the name in its first line. */
function statement(name: string): string {
  const found = new RegExp(`\`\`\`sql\\n-- ${name}\\n([^\`]*)\`\`\``).exec(page);
  if (!found) throw new Error(`docs/figures.md has no statement called ${name}.`);
  return found[1]!;
}

/** Which figure of docs/figures.md a field of a zone's row shows; null for what is no figure: names, sentences, the contract's own numbers. */
const figureOf: Record<keyof ZoneRow, string | null> = {
  zoneId: null,
  title: null,
  verdict: "zones by verdict",
  was: null,
  verdictSince: null,
  class: null,
  windowMs: null,
  atRiskRatio: null,
  oldest: "oldest key",
  shareOfWindow: "oldest key",
  keysN: "open keys",
  parkedN: "parked",
  divergencesN: "divergences",
  casesN: "cases",
  publishLagMsP95: "publish lag",
  processingLagMsP95: "processing lag",
  publishTrend: "publish lag",
  processingTrend: "processing lag",
  sagasStuckN: "sagas stuck",
  compensatingN: "compensating",
  compensations: "compensations ok",
  lastHour: "last hour",
  owner: null,
  onCall: null,
  why: null,
  observedAt: null,
};
const others = [
  "divergences by kind",
  "keys of a cause",
  "keys inside the window",
  "keys passing",
  "keys past the window",
  "without a contract",
  "sources up",
];

const services: Record<string, string> = {
  orders: "order-service",
  payments: "payment-service",
  inventory: "inventory-service",
  notifications: "notification-service",
  profiles: "profile-service",
  ledger: "ledger-service",
};
const sources = Object.keys(services);

let watched: WatchedEstate;
let contracts: Contract[];
type Row = Record<string, unknown> & { key: string; event: string; consumer: string; message: string; since: Date };
const ask = (sourceId: string, name: string) => watched.estate.rows<Row>(services[sourceId]!, statement(name));
const everywhere = async (name: string): Promise<(Row & { sourceId: string })[]> =>
  (await Promise.all(sources.map(async (sourceId) => (await ask(sourceId, name)).map((row) => ({ ...row, sourceId }))))).flat();

/** Everything that a zone's figures count, over the services' databases. */
async function truth({ zoneId, semantics, recovery, expectation }: Contract) {
  const of = (row: { event: string; consumer?: string }) =>
    semantics.events.some(
      (event) => event.eventType === row.event && (row.consumer === undefined || event.to.includes(row.consumer)),
    );
  const [sent, done, held, parked, sagas, ended, processed, copies] = await Promise.all(
    ["sent", "done", "held", "parked", "sagas", "compensations", "processing", "copies"].map(everywhere),
  );
  const facts: { key: string; since: number }[] = [];
  const fact = ({ key, since }: Row) => facts.push({ key, since: since.getTime() });
  const causes = new Map<string, Set<string>>();
  const cause = (id: string, key: string) => causes.set(id, (causes.get(id) ?? new Set()).add(key));
  const judgedAt = await judgedOf(zoneId);
  const waits = (id: string, row: Row) => {
    fact(row);
    if (judgedAt - row.since.getTime() > Math.min(seconds(10), expectation.windowMs / 5)) cause(id, row.key);
  };
  const sourceOf = (consumer: string) => sources.find((sourceId) => services[sourceId] === consumer);
  const explained = new Set([...held!, ...parked!].map(({ consumer, message }) => `${consumer} ${message}`));
  const isDone = new Set(done!.map(({ consumer, message }) => `${consumer} ${message}`));
  const publishing: number[] = [];
  for (const row of sent!) {
    const event = semantics.events.find(({ eventType, from }) => eventType === row.event && from === row.sourceId);
    if (!event) continue;
    if (row.unpublished) waits(`unpublished-${row.sourceId}-`, row);
    else publishing.push(row.publish_ms as number);
    for (const consumer of event.to) {
      if (isDone.has(`${consumer} ${row.message}`)) continue;
      if (row.unpublished || explained.has(`${consumer} ${row.message}`)) fact(row);
      else waits(`undelivered-${sourceOf(consumer)}-${consumer}`, row);
    }
  }
  for (const row of held!.filter(of)) waits(`held-${row.sourceId}-${row.consumer}`, row);
  for (const row of parked!.filter(of)) {
    fact(row);
    cause(`parked-${row.consumer}-${row.event}-${row.error}`, row.key);
  }
  const types = recovery.sagas.map(({ sagaType }) => sagaType);
  const own = sagas!.filter(({ type }) => types.includes(type as string));
  for (const saga of own) if (saga.unresolved) fact(saga);
  const otherwise = new Set(facts.map(({ key }) => key));
  const diverged = (rule: string, key: string) => otherwise.has(key) || cause(`divergence-${rule}`, key);
  const divergences = { missing: 0, unexpected: 0, mismatch: 0, duplicate: 0 };
  for (const rule of recovery.reconciliation) {
    const [authority, projection] = await Promise.all([side(rule.authority), side(rule.projection)]);
    for (const [key, left] of authority) {
      const right = projection.get(key);
      const differs = (column: string) =>
        Math.abs(Number(left[column]) - Number(right![rule.map[column]!])) > (rule.tolerance[column] ?? 0) ||
        (Number.isNaN(Number(left[column])) && String(left[column]) !== String(right![rule.map[column]!]));
      if (right && !rule.authority.columns.some(differs)) continue;
      divergences[right ? "mismatch" : "missing"]++;
      fact(left);
      diverged(rule.rule, key);
    }
    for (const key of projection.keys()) {
      if (authority.has(key)) continue;
      divergences.unexpected++;
      diverged(rule.rule, key);
      // Since when only Accord knows: this mix has it open for longer by another fact.
      facts.push({ key, since: Number.POSITIVE_INFINITY });
    }
  }
  const now = Date.now();
  const oldest = new Map<string, number>();
  for (const { key, since } of facts) oldest.set(key, Math.min(oldest.get(key) ?? Number.POSITIVE_INFINITY, since));
  const parkedKeys = new Set(parked!.filter(of).map(({ key }) => key));
  // Its key will not converge in time, and nobody holds what then begins.
  const isDue = ({ state, key, deadline_at: deadline, hold_until: hold }: (typeof own)[number]) =>
    state === "running" &&
    Number(deadline) >= judgedAt &&
    Number(deadline) < judgedAt + expectation.windowMs &&
    (hold === null || Number(hold) < Number(deadline)) &&
    (parkedKeys.has(key) || (oldest.get(key) ?? judgedAt) < judgedAt - expectation.windowMs * expectation.atRisk);
  const undoing = new Map<string, { wrongN: number; heldN: number }>();
  for (const saga of own) {
    const id = `saga-${saga.type}-${saga.step ?? ""}`;
    const { wrongN, heldN } = undoing.get(id) ?? { wrongN: 0, heldN: 0 };
    undoing.set(id, {
      wrongN: wrongN + Number(saga.stuck || saga.wrong || isDue(saga)),
      heldN: heldN + Number(Number(saga.hold_until) > judgedAt && ["running", "compensating"].includes(saga.state as string)),
    });
  }
  const ages = [...oldest.values()].map((since) => now - since);
  const sum = (rows: Row[], state: string) =>
    rows.filter((row) => types.includes(row.type as string) && row.state === state).reduce((all, { n }) => all + Number(n), 0);
  const mine = processed!.filter(of);
  const [case_] = (
    await watched.store.pool.query("select count(*)::int as n from case_file where zone_id = $1 and resolved_at is null", [
      zoneId,
    ])
  ).rows;
  return {
    row: {
      keysN: oldest.size,
      parkedN: parked!.filter(of).length,
      divergencesN: Object.values(divergences).reduce((sum, n) => sum + n, 0),
      casesN: case_.n as number,
      sagasStuckN: own.filter(({ stuck }) => stuck).length,
      compensatingN: own.filter(({ compensating }) => compensating).length,
      compensations: { ok: sum(ended!, "done"), failed: sum(ended!, "failed") },
      lastHour: {
        duplicatesDropped: copies!.filter((row) => of(row) && row.what === "dropped").length,
        duplicatesApplied: copies!.filter((row) => of(row) && row.what === "applied").length,
        staleSkipped: mine.filter(({ outcome }) => outcome === "stale").length,
      },
      oldest: oldest.size === 0 ? null : (([key, since]) => ({ key, since }))([...oldest].sort((a, b) => a[1] - b[1])[0]!),
    },
    ages: {
      past: ages.filter((age) => age > expectation.windowMs).length,
      passing: ages.filter((age) => age <= expectation.windowMs && age > expectation.windowMs - minutes(1)).length,
      inside: ages.filter((age) => age <= expectation.windowMs - minutes(1)).length,
    },
    divergences,
    causes: Object.fromEntries([
      ...[...causes].map(([id, keys]) => [id, keys.size] as const),
      ...[...undoing].map(([id, { wrongN, heldN }]) => [id, Math.max(wrongN, heldN)] as const).filter(([, n]) => n > 0),
    ]) as Record<string, number>,
    publishing,
    processing: mine.map(({ ms }) => Math.max(0, ms as number)),
  };
}

async function judgedOf(zoneId: string): Promise<number> {
  const found = await watched.store.pool.query("select judged_at from zone_status where zone_id = $1", [zoneId]);
  return new Date(found.rows[0].judged_at).getTime();
}

/** The causes of a zone whose keys are counted by statement, as `truth` names them. */
async function shownCauses(causes: ZoneView["causes"]): Promise<Record<string, number>> {
  const { rows } = await watched.store.pool.query(
    "select 'parked-' || group_id as id, concat_ws('-', 'parked', consumer, event_type, error_type) as name from dead_letter_group",
  );
  const names = new Map<string, string>(rows.map(({ id, name }) => [id, name]));
  const counted = ["parked", "held", "unpublished", "undelivered", "divergence", "saga", "compensation"];
  return Object.fromEntries(
    causes.filter(({ kind }) => counted.includes(kind)).map(({ id, keysN }) => [names.get(id) ?? id, keysN]),
  );
}

/** The rows of one side of a rule by their key. */
async function side({ sourceId, relation, key, columns, changedAt }: RuleSide): Promise<Map<string, Row>> {
  const sql = statement("relation")
    .replace("{key}", key)
    .replace("{changed_at}", changedAt ?? "null")
    .replace("{columns}", columns.join(", "))
    .replace("{relation}", relation);
  return new Map((await watched.estate.rows<Row>(services[sourceId]!, sql)).map((row) => [row.key, row]));
}

const settle = async (...idle: string[]) => {
  for (let calm = 0; calm < 3; ) {
    let done = 0;
    for (const service of Object.values(services)) if (!idle.includes(service)) done += await watched.estate.of(service).tick();
    calm = done === 0 ? calm + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

beforeAll(async () => {
  watched = await watchedEstate();
  contracts = await readContracts(watched.store.db);
  const { estate } = watched;
  const at = (fault: "poison" | "stopped-relay" | "stopped-consumer") => [fault, estate.adminUrl, estate] as const;
  const orders = estate.of("order-service").service;
  const place = async (n: number, site?: string) => {
    const ids: string[] = [];
    for (let i = 0; i < n; i++)
      ids.push(
        await placeOrder(orders, (id) => ({
          ...basket(id, 1),
          pan: "4000 0000 1111 2222",
          lines: [{ sku: "SKU-2011", quantity: 1, unit_cents: 700, ...(site && { site }) }],
        })),
      );
    return ids;
  };
  const saga = (id: string, change: string) =>
    estate.rows("order-service", `update messaging.saga set ${change} where business_key = $1`, [id]);
  // Seen from the beginning on: a first look reads what is open, and counts nothing of what was over by then.
  await watched.look();
  // What goes well; what is put aside, discarded, held, undone.
  await place(5, "BER-2");
  await changeCustomer(estate.of("profile-service").service, 3);
  await settle();
  await startFault(...at("poison"));
  const [, discarded, held, undone] = await place(4);
  await settle();
  await stopFault(...at("poison"));
  await estate.rows("inventory-service", "update messaging.dead_letter set state = 'discarded' where business_key = $1", [
    discarded,
  ]);
  await saga(held!, "hold_until = clock_timestamp() + interval '1 hour', deadline_at = clock_timestamp() - interval '1 second'");
  await saga(undone!, "deadline_at = clock_timestamp() - interval '1 second'");
  await settle();
  // Not processed by anybody who is told; not even published.
  await startFault(...at("stopped-consumer"));
  const [passing] = await place(2, "BER-2");
  await settle("notification-service");
  await startFault(...at("stopped-relay"));
  await place(2, "BER-2");
  await settle("notification-service");
  // What services write that nothing in the estate brings about at once.
  await estate.rows(
    "order-service",
    `with s as (insert into messaging.saga (saga_id, saga_type, business_key, state, step, deadline_at)
       select gen_random_uuid(), 'order-commitment', 'ORD-77000' || n, case n when 1 then 'failed' else 'compensating' end, 'void-payment', clock_timestamp() from generate_series(1, 3) n returning *)
     insert into messaging.saga_step (saga_id, position, name, kind, compensates, state, started_at, deadline_at, ended_at)
       select saga_id, 3, 'void-payment', 'compensation', 1, case state when 'failed' then 'failed' else 'running' end, clock_timestamp(),
         clock_timestamp() + case business_key when 'ORD-770002' then interval '-1 second' else interval '1 hour' end, case state when 'failed' then clock_timestamp() end from s`,
  );
  await estate.rows(
    "ledger-service",
    `insert into messaging.held_message (consumer, message_id, event_type, business_key, version, waits_for, payload, occurred_at)
     values ('ledger-service', gen_random_uuid(), 'PostingRequested', 'ACC-770001', 9, 8, '{}', clock_timestamp() - interval '1 minute')`,
  );
  await estate.rows(
    "inventory-service",
    `insert into messaging.dead_letter (consumer, message_id, event_type, business_key, payload, occurred_at, error_type, error_message, attempts, first_failed_at)
     values ('inventory-service', gen_random_uuid(), 'NobodysEvent', 'N-1', '{}', clock_timestamp(), 'Error', 'what is this', 5, clock_timestamp())`,
  );
  await estate.rows(
    "payment-service",
    "insert into messaging.inbox_duplicate (consumer, message_id) select consumer, message_id from messaging.inbox where consumer = 'payment-service' and event_type = 'OrderSubmitted' limit 2",
  );
  await estate.rows(
    "payment-service",
    `insert into messaging.inbox (consumer, message_id, event_type, business_key, version, occurred_at, outcome)
     select consumer, gen_random_uuid(), event_type, business_key, version, occurred_at, met
     from unnest(array['applied', 'stale', 'stale']) met, (select * from messaging.inbox where event_type = 'OrderSubmitted' and outcome = 'applied' order by business_key limit 1) i`,
  );
  // Ages on both sides of the window, and what the rules compare older than it.
  await estate.rows(
    "order-service",
    "update messaging.outbox set occurred_at = occurred_at - case when published_at is null then interval '30 seconds' else interval '250 seconds' end where published_at is null or business_key = $1 and event_type = 'OrderCommitted'",
    [passing],
  );
  await estate.rows("order-service", "update customer_order set submitted_at = submitted_at - interval '9 minutes'");
  await estate.rows("payment-service", "update payment set updated_at = updated_at - interval '9 minutes'");
  await estate.rows(
    "payment-service",
    "update payment set amount_cents = amount_cents + 5 where order_id = (select min(order_id) from payment)",
  );
  await estate.rows(
    "inventory-service",
    "insert into stock_reservation (order_id, state, quantity) values ('ORD-770009', 'reserved', 1)",
  );
  await estate.rows("inventory-service", "update stock_reservation set updated_at = updated_at - interval '9 minutes'");
  await watched.look();
  for (let i = 0; i < 2; i++) {
    await watched.reconcile();
    await watched.store.pool.query("update divergence set first_seen_at = first_seen_at - interval '6 minutes'");
  }
  await watched.look();
  await followCases(watched.store.db);
  await judgeZones(watched.store.db);
});
afterAll(async () => {
  for (const fault of ["stopped-relay", "stopped-consumer"] as const)
    await stopFault(fault, watched.estate.adminUrl, watched.estate);
  await watched.close();
});

test("every figure has its line in docs/figures.md, and every line its figure", () => {
  const listed = [...page.matchAll(/^\| (?!figure |---)([^|]+?) \|/gm)].map((match) => match[1]!);
  const shown = [...new Set([...Object.values(figureOf).filter((name) => name !== null), ...others])];
  expect(listed.toSorted()).toEqual(shown.toSorted());
});

test("at a quiet moment every figure of every zone equals what the statements of docs/figures.md count in the services' databases", async () => {
  const overview = await readZones(watched.ada());
  const met = new Set<string>();
  for (const contract of contracts) {
    const real = await truth(contract);
    const view: ZoneView = await readZone(watched.ada(), { zoneId: contract.zoneId });
    const row = overview.zones.find(({ zoneId }) => zoneId === contract.zoneId)!;
    expect(Object.keys(row).toSorted()).toEqual(Object.keys(figureOf).toSorted());
    for (const shown of [row, view.zone]) {
      const { oldest, ...figures } = real.row;
      expect({ zone: contract.zoneId, ...shown }).toMatchObject({ zone: contract.zoneId, ...figures });
      expect(shown.oldest?.key).toBe(oldest?.key);
      expect(Math.abs((shown.oldest?.since ?? 0) - (oldest?.since ?? 0))).toBeLessThan(2);
    }
    const { insideN, passingN, pastN } = view.keysByAge!;
    expect({ zone: contract.zoneId, inside: insideN, passing: passingN, past: pastN }).toEqual({
      zone: contract.zoneId,
      ...real.ages,
    });
    expect(await shownCauses(view.causes)).toEqual(real.causes);
    for (const kind of Object.keys(real.causes)) met.add(kind.split("-")[0]!);
    const charts = await readZoneCharts(watched.ada(), { zoneId: contract.zoneId, range: "1h" });
    expect(charts.divergences.findLast(({ missing }) => missing !== null)).toMatchObject(real.divergences);
    expect(charts.parked.findLast(({ n }) => n !== null)!.n).toBe(real.row.parkedN);
    const ended = (of: "ok" | "failed") => charts.compensations.reduce((sum, bar) => sum + bar[of], 0);
    expect({ ok: ended("ok"), failed: ended("failed") }).toEqual(real.row.compensations);
  }
  const { row: order, divergences, ages } = await truth(contracts.find(({ zoneId }) => zoneId === "order-commitment")!);
  // What is not in the mix would be compared with nothing. No relation of the estate can hold a key twice.
  const { duplicate: _, ...kinds } = divergences;
  const { casesN: __, ...counts } = order;
  for (const figures of [counts, order.compensations, order.lastHour, kinds, ages])
    expect(Object.entries(figures).filter(([, n]) => n === 0)).toEqual([]);
  expect([...met].toSorted()).toEqual(["divergence", "held", "parked", "saga", "undelivered", "unpublished"]);
});

test("lags are those of the databases within the histogram's error, and the counts over all zones add up", async () => {
  const profile = contracts.find(({ zoneId }) => zoneId === "customer-profile")!;
  const real = await truth(profile);
  // Everything of this zone is done, so that no present age is among its lags.
  expect(real.row.keysN).toBe(0);
  // By the hour, since the looks of ten seconds' steps may lie in two of them.
  await rollUpLags(watched.store.db, Date.now());
  const charts = await readZoneCharts(watched.ada(), { zoneId: "customer-profile", range: "7d" });
  const { zone } = await readZone(watched.ada(), { zoneId: "customer-profile" });
  for (const [points, lags, lastMinute, trend] of [
    [charts.publish, real.publishing, zone.publishLagMsP95, zone.publishTrend],
    [charts.processing, real.processing, zone.processingLagMsP95, zone.processingTrend],
  ] as const) {
    expect([lastMinute, trend.at(-1)]).toEqual([points.findLast(({ p95 }) => p95 !== null)!.p95, lastMinute]);
    const point = points.findLast(({ p95 }) => p95 !== null)!;
    const sorted = [...lags].sort((a, b) => a - b);
    for (const [name, share] of [
      ["p50", 0.5],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const) {
      const exact = Math.max(1, sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!);
      expect(point[name]! / exact).toBeGreaterThan(1 / GAMMA);
      expect(point[name]! / exact).toBeLessThan(GAMMA);
    }
  }
  const view = await readZones(watched.ada());
  expect(Object.values(view.counts).reduce((sum, n) => sum + n, 0)).toBe(view.zones.length);
  const named = new Set(contracts.flatMap(({ semantics }) => semantics.events.map(({ eventType }) => eventType)));
  expect(view.noContractN).toBe((await everywhere("parked")).filter(({ event }) => !named.has(event)).length);
  expect(view.freshness).toMatchObject({ sourcesUp: sources.length, sourcesAll: sources.length });
  const [oldest] = (
    await watched.store.pool.query("select (extract(epoch from min(observed_at)) * 1000)::float8 as at from source_look")
  ).rows;
  expect(Math.abs(view.freshness.asOf! - oldest.at)).toBeLessThan(2);
});
