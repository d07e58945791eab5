import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readAlert } from "../alerting/one-alert";
import type { Ctx } from "../context";
import { rows } from "../db/rows";
import { testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { zoneFilter } from "../permissions";
import { days, hours, minutes } from "../time";
import { textOf } from "../words";
import { parseSilence } from "./input";
import { listAlerts, readBell } from "./listing";
import { countCalling } from "./read.sql";
import { replayStory } from "./replay.testing";
import { acknowledgeAlert, addSilence, endSilence } from "./service";

let pair: Awaited<ReturnType<typeof testPair>>;
const now = Date.now();
const people: Record<"jo" | "kim" | "sales" | "viewer", Ctx> = {} as never;
beforeAll(async () => {
  pair = await testPair();
  const person = async (name: string, role: "operator" | "viewer", zones: string[] | null) =>
    (await makeOperator(pair.store.db, now, { name, role, zones })).ctx;
  people.jo = await person("Jo", "operator", null);
  people.kim = await person("Kim", "operator", null);
  people.sales = await person("Sal", "operator", ["sales"]);
  people.viewer = await person("Vi", "viewer", null);
});
afterAll(() => pair.close());
beforeEach(() => pair.forget("alert_event", "alert", "alert_reading", "alert_unknown", "silence"));

const at = (ctx: Ctx, later = 0): Ctx => ({ ...ctx, now: now + later });
async function raised({
  zoneId = "sales",
  condition = "parked > 3",
  cause = "",
  inhibitedBy = null as number | null,
} = {}): Promise<number> {
  const [row] = await rows<{ alertId: number }>(
    pair.store.db,
    sql`insert into alert (zone_id, condition, cause, severity, state, since, raised_at, escalate_at, inhibited_by, value, notify, events_n)
        values (${zoneId}, ${condition}, ${cause}, 'page', 'raised', to_timestamp(${now}::float8 / 1000), to_timestamp(${now}::float8 / 1000), now() + interval '5 minutes', ${inhibitedBy}, 7, '{pager}', 0) returning alert_id as "alertId"`,
  );
  return row!.alertId;
}
const silence = (more: Record<string, unknown> = {}) =>
  parseSilence({
    zoneId: "sales",
    endsAt: now + hours(1),
    reason: "the warehouse moves",
    key: JSON.stringify(more).replaceAll(" ", ""),
    ...more,
  });
const open = { state: "open" } as const;
/** What the overview counts is what the bell lists. */
async function calling(ctx: Ctx): Promise<number> {
  const { raisedN, first } = await readBell(ctx);
  const byZone = await countCalling(ctx.db, zoneFilter(ctx.actor), ctx.now);
  expect(byZone.reduce((sum, { n }) => sum + n, 0)).toBe(raisedN);
  expect(first).toHaveLength(Math.min(5, raisedN));
  return raisedN;
}

test("the bell counts every alert of a storm, and not those that a list has room for", async () => {
  await pair.store.db.execute(
    sql`insert into alert (zone_id, condition, cause, severity, state, since, raised_at, notify, events_n) select 'sales', 'new_groups > 0', i::text, 'page', 'raised', now(), now(), '{}', 0 from generate_series(1, 612) i`,
  );
  expect(await calling(at(people.sales))).toBe(612);
});

test("of two who take an alert at once one has it, the other is told who, and each press counts once", async () => {
  const alertId = await raised();
  const both = await Promise.allSettled([
    acknowledgeAlert(at(people.jo), { alertId, key: "a" }),
    acknowledgeAlert(at(people.jo), { alertId, key: "a" }),
    acknowledgeAlert(at(people.kim), { alertId, note: "on it", key: "b" }),
  ]);
  const refused = both.filter((one) => one.status === "rejected");
  const { one, history } = await readAlert(at(people.viewer), { alertId });
  expect(one).toMatchObject({ state: "acknowledged", escalateAt: null, figure: "7" });
  expect(history).toHaveLength(1);
  expect(history[0]).toMatchObject({ kind: "acknowledged", by: one.acknowledged!.by, person: true });
  for (const { reason } of refused) expect(reason.message).toMatch(new RegExp(`^${one.acknowledged!.by} acknowledged it`));
  expect(refused.length).toBe(one.acknowledged!.by === "Jo" ? 1 : 2);
});

test("who may not, and whose zone it is not, changes nothing, and the attempt is written down", async () => {
  const books = await raised({ zoneId: "books" });
  await expect(acknowledgeAlert(at(people.viewer), { alertId: books, key: "v" })).rejects.toMatchObject({ kind: "forbidden" });
  await expect(acknowledgeAlert(at(people.sales), { alertId: books, key: "s" })).rejects.toMatchObject({ kind: "not_found" });
  await expect(addSilence(at(people.viewer), silence({ key: "v" }))).rejects.toMatchObject({ kind: "forbidden" });
  await expect(addSilence(at(people.sales), silence({ zoneId: "books", key: "b" }))).rejects.toMatchObject({ kind: "not_found" });
  // All zones are more than theirs.
  await expect(addSilence(at(people.sales), silence({ zoneId: null, key: "all" }))).rejects.toMatchObject({ kind: "forbidden" });
  expect((await listAlerts(at(people.sales), open)).alerts).toEqual([]);
  await expect(readAlert(at(people.sales), { alertId: books })).rejects.toMatchObject({ kind: "not_found" });
  const denied = await rows<{ action: string }>(
    pair.store.db,
    sql`select action from audit_entry where result = 'denied' and action like 'alert.%' and actor_name in ('Vi', 'Sal') order by action`,
  );
  expect(denied.map(({ action }) => action)).toEqual([
    "alert.acknowledge",
    "alert.acknowledge",
    "alert.silence",
    "alert.silence",
    "alert.silence",
  ]);
});

test("a silence stands on what it is about until its time, and its end lets the bell ring", async () => {
  const alertId = await raised();
  await raised({ condition: "breached > 0" });
  expect(await calling(at(people.sales))).toBe(2);
  const { silenceId } = await addSilence(at(people.sales), silence({ condition: "parked>3" }));
  const [first, second] = (await listAlerts(at(people.jo), open)).alerts;
  expect([first, second].find((one) => one!.alertId === String(alertId))!.silenced).toMatchObject({
    by: "Sal",
    reason: "the warehouse moves",
  });
  expect(await calling(at(people.sales))).toBe(1);
  expect(await calling(at(people.sales, hours(1)))).toBe(2);
  await endSilence(at(people.jo, minutes(1)), { silenceId: Number(silenceId), key: "end" });
  expect(await calling(at(people.sales, minutes(2)))).toBe(2);
  await expect(endSilence(at(people.kim, minutes(2)), { silenceId: Number(silenceId), key: "again" })).rejects.toThrow(
    "Jo ended it.",
  );
});

test("maintenance is planned ahead, and what makes no sense is refused by its field", async () => {
  await addSilence(
    at(people.jo),
    silence({ kind: "maintenance", zoneId: null, startsAt: now + days(1), endsAt: now + days(1) + hours(2) }),
  );
  await raised();
  expect(await calling(at(people.jo))).toBe(1);
  expect(await calling(at(people.jo, days(1) + 1))).toBe(0);
  const refused = (more: Record<string, unknown>, words: string) =>
    expect(addSilence(at(people.jo), silence(more))).rejects.toThrow(words);
  await refused({ endsAt: now - 1 }, "endsAt: lies in the past.");
  await refused({ endsAt: now + days(31) }, "endsAt: is more than 30 days after the beginning.");
  await refused({ startsAt: now + days(400), endsAt: now + days(401) }, "startsAt: is more than a year ahead.");
  expect(() => silence({ reason: "x" })).toThrow("reason: must say why, in at least 5 characters.");
});

test("an alert's page says what it is about, and what its zone says of itself", async () => {
  const alertId = await raised({ condition: "sources_silent > 0", cause: "stock" });
  const view = await readAlert(at(people.jo), { alertId });
  expect(view.one).toMatchObject({
    words: "A source is silent",
    cause: { name: "stock-service", href: "/sources/stock" },
    figure: null,
  });
  expect(textOf(view.sentence)).not.toBe("");
  expect(view.owner).toBe("sales");
});

test("what is over comes page by page, the latest first, none twice", async () => {
  await pair.store.db.execute(
    sql`insert into alert (zone_id, condition, cause, severity, state, since, raised_at, cleared_at, notify)
        select 'sales', 'parked > 3', '', 'page', 'cleared', now(), now(), to_timestamp(${now}::float8 / 1000) - (i / 3) * interval '1 second', '{}' from generate_series(1, 120) i`,
  );
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await listAlerts(at(people.jo), { state: "past", after });
    seen.push(...page.alerts.map(({ alertId }) => alertId));
    after = page.after ?? undefined;
  } while (after !== undefined);
  expect(seen).toHaveLength(120);
  expect(new Set(seen).size).toBe(120);
});

test("a condition that is tried out is raised when it was raised: a seeded hour", async () => {
  const n = await replayStory(at(people.jo), 1, hours(1), [
    "compensations_failed > 0",
    "sources_silent > 0 for 30s",
    "breached > 0",
    "at_risk > 0",
    "parked > 20 for 20s",
  ]);
  expect(n).toBeGreaterThan(5);
});

test("who is told is the same in the store's count, in the bell and in a simple model, whatever silences and maintenance there are", async () => {
  const at0 = Math.floor(now / 1_000) * 1_000;
  // Every zone, condition, cause and span against every other; those of the model are spelled out one by one.
  const spots = ["sales", "books"].flatMap((zoneId) =>
    ["parked > 3", "breached > 0"].flatMap((condition) => ["", "stock"].map((cause) => ({ zoneId, condition, cause }))),
  );
  for (const spot of spots) await raised(spot);
  const spans = [
    [0, 60],
    [30, 90],
    [-60, 0],
    [60, 120],
  ] as const;
  const wide = [null, "sales"].flatMap((zoneId) =>
    [null, "parked > 3"].flatMap((condition) => [null, "stock"].map((cause) => ({ zoneId, condition, cause }))),
  );
  const made = spans.flatMap(([from, to], i) => wide.map((about, j) => ({ ...about, from, to, ended: (i + j) % 5 === 0 })));
  for (const one of made) {
    await pair.forget("silence");
    await pair.store.db.execute(
      sql`insert into silence (kind, zone_id, condition, cause, starts_at, ends_at, reason, by_name, created_at, ended_at)
          values ('silence', ${one.zoneId}, ${one.condition}, ${one.cause}, to_timestamp(${at0 / 1_000 + one.from}::float8), to_timestamp(${at0 / 1_000 + one.to}::float8), 'model', 'Jo', now(),
            ${one.ended ? sql`to_timestamp(${at0 / 1_000 + one.from + 10}::float8)` : sql`null`})`,
    );
    for (const second of [-1, 0, 5, 29, 30, 59, 60, 89, 90]) {
      const active = second >= one.from && second < one.to && !(one.ended && second >= one.from + 10);
      const about = (spot: (typeof spots)[number]) =>
        [
          one.zoneId === null || one.zoneId === spot.zoneId,
          one.condition === null || one.condition === spot.condition,
          one.cause === null || one.cause === spot.cause,
        ].every(Boolean);
      const told = spots.filter((spot) => !(active && about(spot))).length;
      // A silence that was ended is over for good, also before its end is looked at again.
      if (!one.ended || second >= one.from + 10) expect(await calling({ ...people.jo, now: at0 + second * 1_000 })).toBe(told);
    }
  }
});
