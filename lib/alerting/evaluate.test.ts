import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asking, seededReadings } from "../alerts/replay.testing";
import { alertLimits } from "../alerts/rules";
import { readContracts } from "../contracts/service";
import { rows } from "../db/rows";
import { testPair } from "../observation/testing";
import { minutes } from "../time";
import { type Part, textOf } from "../words";
import { judgeZones } from "../zones/judge";
import { evaluateAlerts, evaluateReadings, finishReadings } from "./evaluate";

let pair: Awaited<ReturnType<typeof testPair>>;
let now = Math.ceil(Date.now() / 60_000) * 60_000;
beforeAll(async () => {
  pair = await testPair();
});
afterAll(() => pair.close());
beforeEach(async () => {
  await pair.forget("alert_event", "alert", "alert_reading", "alert_unknown");
  await setFailed(0);
  now += minutes(10);
});

const db = () => pair.store.db;
const seen = (source?: string) =>
  db().execute(
    source === undefined
      ? sql`update source_status set observed_at = to_timestamp(${now}::float8 / 1000)`
      : sql`update source_status set observed_at = to_timestamp(${now}::float8 / 1000) where source_id <> ${source}`,
  );
let failedN = 0;
const setFailed = async (n: number) => {
  failedN = n;
};

/** A round of the worker: what it saw, judged, with what the test says failed, evaluated. */
async function tick({ silent, workers = 1 }: { silent?: string; workers?: number } = {}) {
  now += alertLimits.tickMs;
  await seen(silent);
  await judgeZones(db(), now);
  await db().execute(
    sql`update zone_status set facts = jsonb_set(facts, '{compensationsFailedN}', to_jsonb(${failedN}::int)) where zone_id = 'sales'`,
  );
  const work = async (): Promise<void> => ((await evaluateAlerts(db(), now)) ? work() : undefined);
  await Promise.all(Array.from({ length: workers }, work));
}

const alerts = (condition: string) =>
  rows<{
    alertId: number;
    zoneId: string;
    cause: string;
    state: string;
    inhibitedBy: number | null;
    previousId: number | null;
    level: number;
  }>(
    db(),
    sql`select alert_id as "alertId", zone_id as "zoneId", cause, state, inhibited_by as "inhibitedBy", previous_id as "previousId", level from alert where condition = ${condition} order by alert_id`,
  );
const events = async (condition: string) =>
  (
    await rows<{ kind: string; text: Part[] }>(
      db(),
      sql`select e.kind, e.text from alert_event e join alert a using (alert_id) where a.condition = ${condition} order by e.alert_id, e.n`,
    )
  ).map(({ kind, text }) => `${kind}: ${textOf(text)}`);

const FAILED = "compensations_failed > 0";
const SILENT = "sources_silent > 0 for 30s";

test("a condition that begins to hold raises one alert with one entry, however many workers evaluate at once", async () => {
  await setFailed(2);
  await tick({ workers: 4 });
  await tick({ workers: 4 });
  expect(await alerts(FAILED)).toMatchObject([{ zoneId: "sales", state: "raised", level: 0, previousId: null }]);
  expect(await events(FAILED)).toEqual(["raised: Raised: A compensation failed."]);
  const readings = await rows(db(), sql`select 1 from alert_reading`);
  expect(readings).toHaveLength(4);
});

test("it is cleared when the condition has not held for half a minute, and a later one names it", async () => {
  await setFailed(1);
  await tick();
  await setFailed(0);
  for (let i = 0; i < 4; i++) await tick();
  expect(await alerts(FAILED)).toMatchObject([{ state: "cleared" }]);
  expect((await events(FAILED)).at(-1)).toBe("cleared: Cleared: the condition has not held for 30 s.");
  await setFailed(1);
  await tick();
  const [first, second] = await alerts(FAILED);
  expect(second).toMatchObject({ state: "raised", previousId: first!.alertId });
});

test("a silent source raises an alert of its own in each of its zones, and explains what follows from it", async () => {
  // Behind the window: at risk, as far as anybody can see.
  // Two ticks until it counts as silent, and half a minute more.
  for (let i = 0; i < 6; i++) await tick({ silent: "stock" });
  expect(await alerts(SILENT)).toMatchObject([
    { zoneId: "books", cause: "stock", state: "raised" },
    { zoneId: "sales", cause: "stock", state: "raised" },
  ]);
  // Proven by another source: it stands for itself.
  await setFailed(1);
  await tick({ silent: "stock" });
  expect(await alerts(FAILED)).toMatchObject([{ state: "raised", inhibitedBy: null }]);
  for (let i = 0; i < 4; i++) await tick();
  expect((await alerts(SILENT)).map(({ state }) => state)).toEqual(["cleared", "cleared"]);
});

test("what cannot be evaluated is kept with why, and since when", async () => {
  await tick({ silent: "stock" });
  await tick({ silent: "stock" });
  const unknown = () =>
    rows<{ zoneId: string; condition: string; why: string }>(
      db(),
      sql`select zone_id as "zoneId", condition, why from alert_unknown where condition = 'breached > 0' order by 1`,
    );
  expect(await unknown()).toMatchObject([{ why: "the zone is not seen" }, { why: "the zone is not seen" }]);
  await tick();
  expect(await unknown()).toEqual([]);
});

test("an alert is over when its zone's contract asks for it no more, and one that never was raised leaves nothing", async () => {
  await setFailed(1);
  await tick();
  await db().execute(
    sql`insert into alert (zone_id, condition, cause, severity, state, since, notify, events_n) values
        ('sales', 'parked > 3', '', 'page', 'raised', now(), '{}', 0), ('sales', 'parked > 4 for 1h', '', 'page', 'pending', now(), '{}', 0), ('gone', 'parked > 3', '', 'page', 'raised', now(), '{}', 0)`,
  );
  await tick();
  expect(await alerts("parked > 3")).toMatchObject([{ state: "cleared" }, { state: "cleared" }]);
  expect(await events("parked > 3")).toEqual([
    "cleared: Cleared: the contract does not ask for it any more.",
    "cleared: Cleared: the contract does not ask for it any more.",
  ]);
  expect(await alerts("parked > 4 for 1h")).toEqual([]);
  expect(await alerts(FAILED)).toMatchObject([{ state: "raised" }]);
});

test("whoever changes an alert meanwhile keeps what they did: the evaluation comes again", async () => {
  await setFailed(1);
  await tick();
  const [one] = await alerts(FAILED);
  await setFailed(0);
  await Promise.all([
    tick(),
    db().execute(
      sql`update alert set state = 'acknowledged', state_n = state_n + 1, acknowledged_by_name = 'Jo' where alert_id = ${one!.alertId}`,
    ),
  ]);
  for (let i = 0; i < 4; i++) await tick();
  expect(await rows(db(), sql`select state, acknowledged_by_name as by from alert where alert_id = ${one!.alertId}`)).toEqual([
    { state: "cleared", by: "Jo" },
  ]);
});

test("a storm of alerts begins and ends", async () => {
  await tick();
  await db().execute(
    sql`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, zones, open_n, total_n, first_at, last_at, versions)
        select 'storm' || i, 'stock', 'stock-service', 'Placed', 'E', 't', '{sales}', 1, 1, to_timestamp(${now}::float8 / 1000), to_timestamp(${now}::float8 / 1000), '{}' from generate_series(1, 500) i`,
  );
  await db().execute(
    sql`update contract_revision set body = jsonb_set(body, '{accountability,alerts}', '[{"when": {"text": "new_groups > 0", "metric": "new_groups", "op": ">", "value": 0, "unit": "count", "forMs": 0, "overMs": null}, "notify": ["pager"]}]') where zone_id = 'sales'`,
  );
  await tick();
  expect(await alerts("new_groups > 0")).toHaveLength(500);
  now += minutes(20);
  await db().execute(sql`delete from dead_letter_group where fingerprint like 'storm%'`);
  for (let i = 0; i < 5; i++) await tick();
  expect(new Set((await alerts("new_groups > 0")).map(({ state }) => state))).toEqual(new Set(["cleared"]));
});

test("a small group that grows fast raises beside larger ones that stand still, and not where somebody muted it", async () => {
  await tick();
  await db().execute(
    sql`update contract_revision set body = jsonb_set(body, '{accountability,alerts}', '[{"when": {"text": "group_growth > 5", "metric": "group_growth", "op": ">", "value": 5, "unit": "count", "forMs": 0, "overMs": null}, "notify": ["pager"]}]') where zone_id = 'sales'`,
  );
  const group = (name: string, openN: number, ago: string) => sql`
    insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, zones, open_n, total_n, first_at, last_at, versions)
      select ${name} || i, 'stock', 'stock-service', 'Placed', 'E', 't', '{sales}', ${openN}::int, ${openN}::int, to_timestamp(${now}::float8 / 1000) - ${ago}::interval, to_timestamp(${now}::float8 / 1000) - ${ago}::interval, '{}'
        from generate_series(1, 7) i returning group_id`;
  await db().execute(group("large", 1_000, "1 day"));
  await db().execute(
    sql`with g as (${group("fast", 40, "0")}) insert into group_arrival (level_s, group_id, bucket, n) select 60, group_id, date_trunc('minute', to_timestamp(${now}::float8 / 1000)), 40 from g`,
  );
  await db().execute(
    sql`insert into group_triage (group_id, state) select group_id, 'muted' from dead_letter_group where fingerprint = 'fast7'`,
  );
  await tick();
  expect(await alerts("group_growth > 5")).toHaveLength(6);
});

test("what is more than one transaction may change is done by the next ones, and its history is as if it had been one", async () => {
  const contracts = (await readContracts(db())).map((one) => asking(one, ["at_risk > 0", "parked > 20", "breached > 0 for 20s"]));
  const from = now;
  const lived = async (most: number) => {
    await pair.forget("alert_event", "alert", "alert_reading", "alert_unknown");
    for (const reading of seededReadings(7, from, minutes(60))) {
      const both = contracts.map(({ zoneId }) => ({ zoneId, reading }));
      let left = await evaluateReadings(db(), contracts, both, reading.at, most);
      for (let n = 0; left && n < 20; n++) left = await finishReadings(db(), contracts, most);
      expect(left).toBe(false);
    }
    return rows<{ kind: string }>(
      db(),
      sql`select a.zone_id, a.condition, a.cause, a.since, a.raised_at, a.cleared_at, a.state, a.value, i.condition as below, p.cleared_at as before, e.n, e.kind, e.at, e.text
            from alert a join alert_event e using (alert_id) left join alert i on i.alert_id = a.inhibited_by left join alert p on p.alert_id = a.previous_id order by 1, 2, 3, 4, e.n`,
    );
  };
  const whole = await lived(1_000);
  expect(whole.length).toBeGreaterThan(80);
  expect(await lived(1)).toEqual(whole);
});
