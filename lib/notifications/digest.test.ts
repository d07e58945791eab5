import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linkKeyOf, signLink } from "../channels/link.rules";
import { openMailServer } from "../channels/receivers.testing";
import { type ChannelConfig, type Digest, publicChannel } from "../channels/rules";
import { replaceTelling } from "../channels/sql";
import { firstRow, rows } from "../db/rows";
import { until } from "../db/testing";
import { testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { hours, minutes } from "../time";
import { deliver } from "./deliver";
import { askDigests } from "./digest";
import { dueDigest } from "./digest.rules";
import { leaveDigests, readReaderLink, rejoinDigests } from "./leaving";
import { readChannels } from "./reading";
import { raiseAlerts, stepAlerts } from "./testing";

let pair: Awaited<ReturnType<typeof testPair>>;
beforeAll(async () => {
  pair = await testPair();
});
afterAll(() => pair.close());

const linkKey = linkKeyOf("a secret of the tests");
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
    acknowledge: "sign_in" as const,
    target: "a@shop.example",
  };
  await replaceTelling(db, { channels: [settings], routes: [], digests: [digest] });
  const [alert] = await raiseAlerts(db, 1, now - hours(3));
  await stepAlerts(db, [alert!.alertId], "cleared", now - hours(3) + minutes(12));
  await raiseAlerts(db, 1, now - hours(2), { zoneId: "books" });
  await db.execute(
    sql`insert into case_file (zone_id, cause_kind, cause_ref, title, facts, opened_at, opened_by_name, due_at) values ('sales', 'manual', 'x', 'Something is wrong', '{}', to_timestamp(${now - hours(5)}::float8 / 1000), 'Jo', now())`,
  );
  const sender = { db, environment: "test", baseUrl: "https://accord.example", linkKey: null };
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

test("each reader is sent a copy of their own with a way out; who takes it is skipped from then on, until an administrator undoes it", async () => {
  const { db } = pair.store;
  await db.execute(sql`delete from notification`);
  const mail = await openMailServer();
  try {
    const channel: ChannelConfig = {
      ...{ name: "mail", kind: "email", smtp: mail.url, tls: "disable", from: "accord@shop.example" },
      ...{ to: ["a@shop.example", "b@shop.example"], heartbeat: false, perMinute: 100, timeoutMs: 5_000, allow: ["127.0.0.0/8"] },
      acknowledge: "sign_in",
    };
    await replaceTelling(db, { channels: [publicChannel(channel)], routes: [], digests: [{ ...digest, owner: null }] });
    const sender = { db, environment: "test", baseUrl: "https://accord.example", linkKey };
    const day = async (date: string): Promise<string[]> => {
      mail.mails.length = 0;
      await askDigests(sender, utc(`${date}T10:00:00`));
      await until(async () => {
        await deliver(sender, channel);
        return (await waiting()) === 0;
      });
      return mail.mails.flatMap(({ to }) => to).sort();
    };
    const waiting = async () =>
      (await firstRow<{ n: number }>(db, sql`select count(*)::int as n from notification where state = 'waiting'`))!.n;
    expect(await day("2026-07-01")).toEqual(channel.to);
    const unfolded = (to: string) => mail.mails.find((one) => one.to[0] === to)!.raw.replace(/\r\n[ \t]+/g, " ");
    const oneClick = /^List-Unsubscribe: <(\S+)>, <mailto:accord@shop\.example\?subject=unsubscribe>\r$/m.exec(
      unfolded("a@shop.example"),
    )![1]!;
    expect(unfolded("a@shop.example")).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    const link = new URL(oneClick).searchParams.get("link")!;
    expect(new URL(oneClick).pathname).toBe("/api/links/one-click");
    expect(unfolded("b@shop.example")).not.toContain(link);

    const opening = { db, now: Date.now(), person: null, key: linkKey, from: "10.0.0.9" };
    expect(await readReaderLink(opening, { link })).toMatchObject({ channel: "mail", reader: "a@shop.example", left: false });
    const twice = await Promise.all([leaveDigests(opening, { link }), leaveDigests(opening, { link })]);
    expect(twice.map(({ left }) => left)).toEqual([true, true]);
    expect(await rows(db, sql`select actor_kind, actor_name, detail from audit_entry where action = 'digest.leave'`)).toEqual([
      { actor_kind: "link", actor_name: "Link told to mail", detail: { reader: "a@shop.example" } },
    ]);
    expect(await day("2026-07-02")).toEqual(["b@shop.example"]);

    const admin = await makeOperator(db, Date.now(), { role: "administrator" });
    const other = await makeOperator(db, Date.now(), { role: "operator" });
    expect((await readChannels(admin.ctx)).channels[0]!.settings!.left).toEqual([
      { reader: "a@shop.example", at: expect.any(Number) },
    ]);
    expect((await readChannels(other.ctx)).channels[0]!.settings).toBeNull();
    const undo = { channel: "mail", reader: "a@shop.example", key: "undo" };
    await expect(rejoinDigests(other.ctx, undo)).rejects.toThrow(/^You are an operator/);
    await rejoinDigests(admin.ctx, undo);
    expect(await day("2026-07-03")).toEqual(channel.to);
    await expect(
      leaveDigests(opening, { link: signLink(linkKey, "unsubscribe", { about: "mail a@shop.example", until: 1_000 }) }),
    ).rejects.toThrow(/^This link ended/);
    await expect(leaveDigests(opening, { link: `${link}x` })).rejects.toThrow(/^This link is not one of this Accord’s/);
  } finally {
    await mail.close();
  }
});
