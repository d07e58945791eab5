import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { linkKeyOf } from "../channels/link.rules";
import type { Message } from "../channels/message.rules";
import { type Conduct, openReceiver, webhookSecret } from "../channels/receivers.testing";
import type { ChannelConfig } from "../channels/rules";
import { selectChannels } from "../channels/sql";
import { rows } from "../db/rows";
import { type TestStore, testStore, until } from "../db/testing";
import { makeOperator } from "../operators/testing";
import { deliver } from "./deliver";
import { sendHeartbeats } from "./heartbeat";
import { readNotification } from "./reading";
import { routeSteps } from "./route";
import { notificationLimits } from "./rules";
import { retryNotification, testChannel } from "./service";
import { claimDue, markSent } from "./sql";
import { makeDue, outbox, putTelling, raiseAlerts, route, stepAlerts } from "./testing";
import type { Sender } from "./trouble";

let store: TestStore;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let conductOf: (subject: string) => Conduct;
let now = Date.now();
beforeAll(async () => {
  [store, receiver] = await Promise.all([
    testStore(12),
    openReceiver(({ body }) => conductOf(String((body.data as { subject?: string } | undefined)?.subject ?? ""))),
  ]);
});
afterAll(async () => {
  receiver.close();
  await store.close();
});
beforeEach(async () => {
  conductOf = () => "takes";
  receiver.received.length = 0;
  now += 60_000;
  for (const table of ["notification", "notification_due", "alert_event", "alert", "silence", "channel"])
    await store.db.execute(sql.raw(`delete from ${table}`));
});

const hook = (name: string, more: Partial<ChannelConfig> = {}): ChannelConfig =>
  ({
    ...{
      name,
      kind: "webhook",
      heartbeat: false,
      acknowledge: "sign_in",
      perMinute: 6_000,
      timeoutMs: 400,
      allow: ["127.0.0.0/8"],
      headers: {},
    },
    ...{ url: `${receiver.url}/webhook/${name}`, secret: webhookSecret },
    ...more,
  }) as ChannelConfig;
const linkKey = linkKeyOf("a secret of the tests");
const sender = (): Sender => ({ db: store.db, environment: "test", baseUrl: "https://accord.example", linkKey });
const routed = () => routeSteps(store.db, "https://accord.example", now);
const told = () =>
  receiver.received.filter(({ taken }) => taken).map(({ body }) => (body as { type: string }).type.replace("accord.alert.", ""));

test("a step is told once to each channel of its route, in its order, with its link; routed again it is not told again", async () => {
  await putTelling(store.db, [hook("chat"), hook("pager")], [route({ to: ["chat"], escalate: [["pager"]] })]);
  const [alert] = await raiseAlerts(store.db, 1, now);
  for (const kind of ["escalated", "acknowledged", "cleared"] as const) await stepAlerts(store.db, [alert!.alertId], kind, now);
  await Promise.all([routed(), routed(), routed()]);
  await routed();
  expect((await outbox(store.db)).map(({ channel, kind }) => `${channel} ${kind}`)).toEqual([
    ...["chat raised", "chat acknowledged", "chat cleared"],
    ...["pager escalated", "pager acknowledged", "pager cleared"],
  ]);
  // Who finds the channel taken leaves the rest to the next round.
  await until(async () => {
    await Promise.all([deliver(sender(), hook("chat")), deliver(sender(), hook("chat"))]);
    return told().length >= 3;
  });
  expect(told()).toEqual(["raised", "acknowledged", "cleared"]);
  expect(receiver.received[0]!.body).toMatchObject({ data: { link: `https://accord.example/alerts/${alert!.alertId}` } });
  expect(receiver.refused).toEqual([]);
});

test("nothing is told while an alert is silenced or a consequence; what still stands afterwards is told once, what is over is not", async () => {
  await putTelling(store.db, [hook("chat")]);
  const [stands, over] = (await raiseAlerts(store.db, 2, now)).map(({ alertId }) => alertId);
  const [explained] = await raiseAlerts(store.db, 1, now + 1);
  await store.db.execute(sql`update alert set inhibited_by = ${stands} where alert_id = ${explained!.alertId}`);
  const until = `to_timestamp(${now + 5_000}::float8 / 1000)`;
  await store.db.execute(
    sql`insert into silence (kind, zone_id, starts_at, ends_at, reason, by_name, created_at) values ('silence', 'sales', to_timestamp(${now - 1}::float8 / 1000), ${sql.raw(until)}, 'a change', 'Jo', now())`,
  );
  await routed();
  await stepAlerts(store.db, [stands!], "escalated", now);
  await stepAlerts(store.db, [over!], "cleared", now);
  await routed();
  expect(await outbox(store.db)).toEqual([]);
  now += 10_000;
  await routed();
  expect((await outbox(store.db)).map(({ subject, kind }) => `${subject} ${kind}`)).toEqual([`alert ${stands} escalated`]);
  await store.db.execute(sql`update alert set inhibited_by = null where alert_id = ${explained!.alertId}`);
  await routed();
  expect((await outbox(store.db)).map(({ kind }) => kind)).toEqual(["escalated", "raised"]);
  expect(await rows(store.db, sql`select 1 from notification_due`)).toEqual([]);
});

test("what does not get through is sent again under its id, and nothing of its alert overtakes it; others go on", async () => {
  await putTelling(store.db, [hook("chat")]);
  const [stuck, free] = await raiseAlerts(store.db, 2, now);
  await stepAlerts(store.db, [stuck!.alertId, free!.alertId], "cleared", now);
  await routed();
  let turn = 0;
  const turns: Conduct[] = ["500", "hangs", "redirects", "resets", "late", "404"];
  conductOf = (subject) => (subject === `alert ${stuck!.alertId}` ? (turns[turn++] ?? "takes") : "takes");
  for (let i = 0; i <= turns.length; i++) {
    await deliver(sender(), hook("chat"));
    await makeDue(store.db);
  }
  const of = (alertId: number) =>
    receiver.received.filter(({ body }) => (body.data as { subject: string }).subject === `alert ${alertId}`);
  const steps = of(stuck!.alertId).map(({ id, body }) => `${(body as { type: string }).type} ${id}`);
  expect(new Set(steps.slice(0, 7)).size).toBe(1);
  expect(steps[7]).toMatch(/^accord\.alert\.cleared/);
  expect(of(free!.alertId).map(({ body }) => (body as { type: string }).type)).toEqual([
    "accord.alert.raised",
    "accord.alert.cleared",
  ]);
});

test("what is refused again and again is given up, and the alert goes on", async () => {
  await putTelling(store.db, [hook("chat")]);
  const [alert] = await raiseAlerts(store.db, 1, now);
  await stepAlerts(store.db, [alert!.alertId], "cleared", now);
  await routed();
  let refuse = true;
  conductOf = () => (refuse ? "404" : "takes");
  for (let i = 0; i < 6; i++) {
    await deliver(sender(), hook("chat"));
    await makeDue(store.db);
  }
  refuse = false;
  await deliver(sender(), hook("chat"));
  expect(await outbox(store.db)).toMatchObject([
    { kind: "raised", state: "dead", attempts: 6, words: "answered 404: 404" },
    { kind: "cleared", state: "sent" },
  ]);
  // Sent again it carries the same link, and the store never has it.
  const links = receiver.received.map(({ body }) => (body.data as Message).links?.acknowledge);
  expect([new Set(links.slice(0, 6)).size, links.at(-1)]).toEqual([1, undefined]);
  expect(links[0]).toMatch(/^https:\/\/accord\.example\/acknowledge#accord_link_[\w-]+$/);
  expect(await rows(store.db, sql`select 1 from notification n where n::text like '%accord_link%'`)).toEqual([]);
});

test("whoever comes late with what another worker took over changes nothing", async () => {
  await putTelling(store.db, [hook("chat")]);
  await raiseAlerts(store.db, 1, now);
  await routed();
  const [first] = await claimDue(store.db, "chat", 1, 60_000);
  expect(await claimDue(store.db, "chat", 1, 60_000)).toEqual([]);
  await makeDue(store.db);
  const [second] = await claimDue(store.db, "chat", 1, 60_000);
  expect(second!.notificationId).toBe(first!.notificationId);
  expect(await markSent(store.db, first!, "took it")).toBe(false);
  expect(await markSent(store.db, second!, "took it")).toBe(true);
});

test("a channel that does not get through is told of through another one, once, and so is that it works again", async () => {
  await putTelling(store.db, [hook("pager"), hook("chat")], [route({ to: ["pager"] })]);
  await raiseAlerts(store.db, 1, now);
  await routed();
  conductOf = (subject) => (subject.startsWith("alert") ? "500" : "takes");
  for (let i = 0; i < 4; i++) {
    await deliver(sender(), hook("pager"));
    await makeDue(store.db);
  }
  expect(await selectChannels(store.db)).toMatchObject([
    { name: "pager", failuresN: 4, lastWords: "answered 500" },
    { failingSince: null },
  ]);
  conductOf = () => "takes";
  await deliver(sender(), hook("pager"));
  await deliver(sender(), hook("chat"));
  expect((await outbox(store.db)).filter(({ channel }) => channel === "chat").map(({ n, title }) => [n, title])).toEqual([
    [1, "The channel pager does not get through"],
    [2, "The channel pager gets through again"],
  ]);
  expect(await selectChannels(store.db)).toMatchObject([{ name: "pager", failuresN: 0, failingSince: null }, {}]);
});

test("what was given up is sent again by who may, unless a later step was told since; a test is sent once, and its answer kept", async () => {
  await putTelling(store.db, [hook("chat")]);
  const { ctx } = await makeOperator(store.db, Date.now(), { role: "administrator", name: "Anna" });
  const viewer = (await makeOperator(store.db, Date.now(), { role: "viewer", name: "Vera" })).ctx;
  const [alert] = await raiseAlerts(store.db, 1, now);
  await routed();
  conductOf = () => "404";
  const { notificationId: tested } = await testChannel(ctx, { channel: "chat", key: "t1" });
  expect(await testChannel(ctx, { channel: "chat", key: "t1" })).toEqual({ notificationId: tested });
  for (let i = 0; i < 6; i++) {
    await deliver(sender(), hook("chat"));
    await makeDue(store.db);
  }
  expect(await readNotification(ctx, { notificationId: tested })).toMatchObject({
    kind: "test",
    state: "dead",
    attempts: 1,
    words: "answered 404: 404",
  });
  const { id } = (await outbox(store.db)).find(({ kind }) => kind === "raised")!;
  await expect(retryNotification(viewer, { notificationId: id, key: "r0" })).rejects.toMatchObject({ kind: "forbidden" });
  conductOf = () => "takes";
  expect(await retryNotification(ctx, { notificationId: id, key: "r1" })).toEqual({ notificationId: id, state: "waiting" });
  await deliver(sender(), hook("chat"));
  expect(told()).toEqual(["raised"]);
  await stepAlerts(store.db, [alert!.alertId], "cleared", now);
  await routed();
  await deliver(sender(), hook("chat"));
  await store.db.execute(sql`update notification set state = 'dead' where notification_id = ${id}::uuid`);
  await expect(retryNotification(ctx, { notificationId: id, key: "r2" })).rejects.toMatchObject({ kind: "conflict" });
});

test("a dead man's switch is told once a minute by all workers, and only while zones are judged", async () => {
  // A signature of another time would not be taken.
  const at = Date.now();
  const alive = hook("alive", { heartbeat: true });
  await putTelling(store.db, [alive]);
  await sendHeartbeats(sender(), [alive], at);
  expect(receiver.received).toEqual([]);
  await store.db.execute(
    sql`insert into zone_status (zone_id, verdict, verdict_since, judged_at, news, facts, figures, causes) values ('sales', 'healthy', now(), to_timestamp(${at}::float8 / 1000), '', '{}', '{}', '{}') on conflict (zone_id) do update set judged_at = excluded.judged_at`,
  );
  await Promise.all([sendHeartbeats(sender(), [alive], at), sendHeartbeats(sender(), [alive], at + 1_000)]);
  expect(receiver.received.map(({ body }) => body.type)).toEqual(["accord.heartbeat"]);
  await sendHeartbeats(sender(), [alive], at + 61_000);
  expect(receiver.received).toHaveLength(1);
});

test("a storm is told as so many messages a minute, the last of which says how many more; what was told as a number ends as one", async () => {
  const chat = hook("chat", { perMinute: 10 });
  await putTelling(store.db, [chat]);
  const raised = await raiseAlerts(store.db, 2_000, now);
  const since = performance.now();
  while ((await routed()) > 0);
  const took = performance.now() - since;
  await deliver(sender(), chat);
  expect(told().filter((type) => type === "raised")).toHaveLength(9);
  expect(receiver.received.map(({ body }) => body)).toContainEqual(
    expect.objectContaining({
      type: "accord.notice",
      data: expect.objectContaining({ title: "1,991 more steps of alerts", link: "https://accord.example/alerts" }),
    }),
  );
  expect(receiver.received).toHaveLength(10);
  await stepAlerts(
    store.db,
    raised.map(({ alertId }) => alertId),
    "cleared",
    now,
  );
  while ((await routed()) > 0);
  // The next minute of the clock.
  await store.db.execute(sql`update notification set attempted_at = attempted_at - interval '1 minute'`);
  await deliver(sender(), chat);
  expect(told().filter((type) => type === "cleared")).toHaveLength(9);
  expect((await outbox(store.db)).filter(({ state }) => state === "waiting")).toEqual([]);
  console.log(`2,000 steps routed in ${took.toFixed(0)} ms, ${notificationLimits.alertsPerRound} alerts a round`);
});
