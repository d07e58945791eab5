import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explained, recorded } from "../../bench/statements";
import { listAlerts, readBell } from "../alerts/listing";
import { countCalling } from "../alerts/read.sql";
import { selectFlaps, selectOpen, selectUnfinished } from "../alerts/sql";
import type { Ctx } from "../context";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { hours } from "../time";
import { listNotifications, readChannels } from "./reading";
import { selectDueChannels, selectPressure } from "./sql";

const PAST_N = 20_000;
const OPEN_N = 40;
/** Rows that one question may touch, however much there ever was. */
const ROWS_MAX = 500;

let pair: TestPair;
let client: pg.Client;
let ctx: Ctx;
beforeAll(async () => {
  pair = await testPair();
  const { db } = pair.store;
  ctx = (await makeOperator(db, Date.now(), { role: "administrator", name: "Jo" })).ctx;
  const past = sql`now() - interval '2 hours' - i * interval '1 minute'`;
  await db.execute(sql`insert into alert (zone_id, condition, cause, severity, state, since, raised_at, cleared_at, notify, events_n)
    select case i % 2 when 0 then 'sales' else 'books' end, 'c' || i % 20, '', 'page', 'cleared', ${past}, ${past}, ${past}, '{}', 0 from generate_series(1, ${PAST_N}::int) i`);
  await db.execute(sql`insert into alert (zone_id, condition, cause, severity, state, since, raised_at, notify, events_n)
    select 'sales', 'new_groups > 0', i::text, 'page', 'raised', now(), now(), '{}', 0 from generate_series(1, ${OPEN_N}::int) i`);
  await db.execute(sql`insert into notification (notification_id, channel, subject, n, alert_id, zone_id, kind, urgent, content, state, created_at, next_at, sent_at, attempted_at)
    select gen_random_uuid(), 'chat', 'alert ' || i, 1, i, 'sales', 'raised', true, '{"title": "wrong"}', case when i <= ${OPEN_N}::int then 'waiting' else 'sent' end, ${past}, now() - interval '1 minute', ${past}, ${past} from generate_series(1, ${PAST_N}::int) i`);
  client = new pg.Client({ connectionString: pair.store.ownerUrl });
  await client.connect();
  await client.query("vacuum (analyze)");
});
afterAll(async () => {
  await client.end();
  await pair.close();
});

/** The dearest statement of a question: what it touched, with its plan for whoever has to mend it. */
async function dearest(work: () => Promise<unknown>): Promise<{ rows: number; plan: string }> {
  const { statements } = await recorded(work);
  let most = { rows: 0, plan: "" };
  for (const statement of statements.filter(({ text }) => /^\s*(select|with|\()/i.test(text))) {
    const { rowsTouched, lines } = await explained(client, statement);
    if (rowsTouched > most.rows) most = { rows: rowsTouched, plan: `${statement.text}\n${lines.join("\n")}` };
  }
  return most;
}

test.each<[string, () => Promise<unknown>]>([
  ["what is open", () => listAlerts(ctx, { state: "open" })],
  ["a page of what is over", () => listAlerts(ctx, { state: "past" })],
  ["a later page of it", () => listAlerts(ctx, { state: "past", after: `${Date.now() - hours(100)}-1` })],
  ["the bell", () => readBell(ctx)],
  ["the overview's count", () => countCalling(ctx.db, null, ctx.now)],
  ["what an evaluation goes on from", () => selectOpen(ctx.db)],
  ["what came back lately", () => selectFlaps(ctx.db, ["sales"], ctx.now - hours(1))],
  ["what an evaluation left", () => selectUnfinished(ctx.db)],
  ["a page of what was told", () => listNotifications(ctx, {})],
  ["the channels", () => readChannels(ctx)],
  ["which channels have something to send", () => selectDueChannels(ctx.db)],
  ["how much a channel has to send", () => selectPressure(ctx.db, "chat")],
])("%s is read by an index, however much was ever raised and told", async (_, work) => {
  const { rows, plan } = await dearest(work);
  expect(rows, plan).toBeLessThan(ROWS_MAX);
});

test("the alert before a new one is found by an index, its newest first", async () => {
  const { rows } = await client.query(
    "explain select p.alert_id from alert p where p.zone_id = 'sales' and p.condition = 'c2' and p.cause = '' and p.state = 'cleared' order by p.cleared_at desc limit 1",
  );
  expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).not.toContain("Sort");
});
