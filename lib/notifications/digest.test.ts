import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Digest } from "../channels/rules";
import { replaceTelling } from "../channels/sql";
import { firstRow } from "../db/rows";
import { testPair } from "../observation/testing";
import { hours, minutes } from "../time";
import { askDigests } from "./digest";
import { dueDigest } from "./digest.rules";
import { raiseAlerts, stepAlerts } from "./testing";

let pair: Awaited<ReturnType<typeof testPair>>;
beforeAll(async () => {
  pair = await testPair();
});
afterAll(() => pair.close());

const digest: Digest = { every: "day", on: "mon", at: 8 * 60, timeZone: "Europe/Berlin", owner: "sales", to: ["mail"] };
const utc = (text: string) => Date.parse(`${text}Z`);

test("a digest is due from its time until midnight, by the clock on the wall, also where the hour is put", () => {
  expect(dueDigest(digest, utc("2026-03-28T06:59:00"))).toBeNull();
  expect(dueDigest(digest, utc("2026-03-28T07:00:00"))).toMatchObject({ date: "2026-03-28", from: utc("2026-03-27T07:00:00") });
  expect(dueDigest(digest, utc("2026-03-29T06:00:00"))).toMatchObject({ date: "2026-03-29" });
  expect(dueDigest(digest, utc("2026-03-29T22:30:00"))).toBeNull();
  const weekly: Digest = { ...digest, every: "week", on: "sun" };
  expect(dueDigest(weekly, utc("2026-03-28T12:00:00"))).toBeNull();
  expect(dueDigest(weekly, utc("2026-03-29T12:00:00"))).toMatchObject({ date: "2026-03-29" });
});

test("an owner is told once a day what broke in their zones, what was retried, and which case is open for longest", async () => {
  const { db } = pair.store;
  const now = utc("2026-06-10T10:00:00");
  const settings = {
    name: "mail",
    kind: "email" as const,
    heartbeat: false,
    perMinute: 30,
    timeoutMs: 1_000,
    allow: [],
    target: "a@shop.example",
  };
  await replaceTelling(db, { channels: [settings], routes: [], digests: [digest] });
  const [alert] = await raiseAlerts(db, 1, now - hours(3));
  await stepAlerts(db, [alert!.alertId], "cleared", now - hours(3) + minutes(12));
  await raiseAlerts(db, 1, now - hours(2), { zoneId: "books" });
  await db.execute(
    sql`insert into case_file (zone_id, cause_kind, cause_ref, title, facts, opened_at, opened_by_name, due_at) values ('sales', 'manual', 'x', 'Something is wrong', '{}', to_timestamp(${now - hours(5)}::float8 / 1000), 'Jo', now())`,
  );
  const sender = { db, environment: "test", baseUrl: "https://accord.example" };
  await Promise.all([askDigests(sender, now), askDigests(sender, now)]);
  await askDigests(sender, now + hours(1));
  const found = await firstRow<{ n: number; content: unknown }>(
    db,
    sql`select count(*) over ()::int as n, content from notification where kind = 'digest'`,
  );
  expect(found).toMatchObject({
    n: 1,
    content: {
      title: "The day of the zones of sales",
      sentence: "1 alert was raised in 1 zone in the last day.",
      sections: [
        { title: "What broke", lines: ["Sales: parked > 0, for 12m 00s"] },
        { title: "What was retried", lines: ["Nothing."] },
        {
          title: "Cases",
          lines: [expect.stringMatching(/^1 case is open, the oldest for 5h 00m: CASE-\d+, Something is wrong$/)],
        },
      ],
    },
  });
});
