import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { requestPosting } from "../../demo/services/payment-service/postings";
import { changeCustomer } from "../../demo/services/profile-service/change-customer";
import { parseGroupFilter } from "../dead-letters/input";
import { listGroups } from "../dead-letters/service";
import { dispatchChunks } from "../operations/dispatch";
import { parseAct } from "../operations/input";
import { requestRetry } from "../operations/service";
import { watchOutcomes } from "../operations/watch";
import type { Poll } from "../sources/observable";
import { type FaultyEstate, faultyEstate, healthy } from "./faults.testing";

let faulty: FaultyEstate;
let watched: FaultyEstate["watched"];
let estate: FaultyEstate["estate"];
beforeAll(async () => {
  faulty = await faultyEstate();
  ({ watched, estate } = faulty);
});
afterEach(async () => {
  await faulty.stopAll();
  await faulty.later("70 minutes");
});
afterAll(() => faulty.close());

const consumers = ["order-service", "payment-service", "inventory-service", "notification-service"];
const overConsumers = async (what: string): Promise<number> =>
  (await Promise.all(consumers.map((consumer) => faulty.count(consumer, what)))).reduce((sum, n) => sum + n, 0);
/** Who is met by a fault of the wire is drawn by lot: orders are placed until somebody was. */
async function placeUntil(met: () => Promise<boolean>): Promise<void> {
  do {
    await faulty.place(15);
    await faulty.settle();
    await faulty.hurry();
    await faulty.settle();
  } while (!(await met()));
}
const causeOf = (view: Awaited<ReturnType<FaultyEstate["watched"]["judged"]>>, kind: string) =>
  view.causes.find((cause) => cause.kind === kind);

test("slow-consumer: breached by what it has not come to yet, with what it does and what comes; healthy when it has caught up", async () => {
  await watched.poll();
  await faulty.start("slow-consumer");
  const notifications = estate.of("notification-service");
  notifications.service.slowMs = 5;
  await faulty.place(18);
  const waiting = "select 1 from delivery where consumer = 'notification-service'";
  await estate.tickUntil(
    async () => (await faulty.broker.query(waiting)).rowCount === 18,
    ["order-service", "payment-service", "inventory-service"].map((name) => estate.of(name)),
  );
  // The first of them have been there for long.
  const { rows: old } = await faulty.broker.query<{ key: string }>(
    `update delivery set message = jsonb_set(message, '{occurred_at}', to_jsonb(((message ->> 'occurred_at')::timestamptz - interval '6 minutes')::text))
     where id in (select id from delivery where consumer = 'notification-service' order by id limit 6) returning message ->> 'business_key' as key`,
  );
  await faulty.age(
    "order-service",
    "OrderCommitted",
    old.map(({ key }) => key),
    "6 minutes",
  );
  await notifications.tick();
  // And the rest has just come, however long that took here.
  await estate.rows(
    "order-service",
    "update messaging.outbox set occurred_at = clock_timestamp(), written_at = clock_timestamp() where event_type = 'OrderCommitted' and business_key <> all($1)",
    [old.map(({ key }) => key)],
  );
  const view = await faulty.judged();
  expect(view).toMatchObject({ verdict: "breached", keysN: 14, real: { undelivered: 14, unpublished: 0 } });
  expect(view.sentence).toMatch(
    /past its 5 min window.*\. notification-service has not processed 2 events, the oldest from .* UTC, doing [45] a minute while 1\d a minute come\.$/,
  );
  expect(causeOf(view, "undelivered")).toMatchObject({
    title: "notification-service falls behind on OrderCommitted",
    evidence: expect.stringMatching(/^2 events wait, .*It does [45] a minute while 1\d a minute come\.$/),
    keysN: 2,
  });
  await faulty.stop("slow-consumer");
  await faulty.settle();
  expect(await faulty.judged()).toMatchObject(healthy);
});

test("lost-events: breached by what was published and never came, while newer ones did; healthy when it is published again", async () => {
  await faulty.start("lost-events");
  await placeUntil(async () => (await faulty.missing("inventory-service", "stock_reservation")) > 0);
  const lost = (await faulty.broker.query<{ id: string }>("select message_id as id from lost_message")).rows.map(({ id }) => id);
  await estate.rows(
    "order-service",
    "update messaging.outbox set occurred_at = occurred_at - interval '6 minutes' where message_id = any($1)",
    [lost],
  );
  const view = await faulty.judged();
  expect(view.real.undelivered).toBeGreaterThanOrEqual(lost.length);
  expect(view).toMatchObject({ verdict: "breached", keysN: lost.length, parkedN: 0, real: { unpublished: 0 } });
  // X14: what consumers went past without is one cause of its producer, whoever misses it; one that nothing newer has reached may only stand still.
  const roots = view.causes.filter(({ follows }) => follows === null);
  expect(view.sentence).toMatch(
    /past its 5 min window.*\. (\d+ events? of \S+-service did not reach|\S+-service has not processed) /,
  );
  const missed = roots.filter(({ kind }) => kind === "missed");
  const events = missed.reduce((sum, { title }) => sum + Number(/^\d+/.exec(title)![0]), 0);
  expect({ some: events > 0, noMore: events <= lost.length }).toEqual({ some: true, noMore: true });
  expect(new Set(missed.map(({ title }) => / of (\S+)/.exec(title)![1])).size, "one a producer").toBe(missed.length);
  await faulty.stop("lost-events");
  await faulty.settle();
  expect(await faulty.judged()).toMatchObject(healthy);
});

test("duplicated-events: nothing waits; what was dropped is counted, what had an effect is said, and neither goes on after the rollback", async () => {
  await faulty.start("duplicated-events");
  await placeUntil(() => faulty.count("notification-service", "confirmation where sent_n > 1").then((n) => n > 0));
  const dropped = await overConsumers("messaging.inbox_duplicate");
  const twice = await faulty.count("notification-service", "confirmation where sent_n > 1");
  expect([dropped > 0, twice > 0]).toEqual([true, true]);
  const view = await faulty.judged();
  expect(view).toMatchObject({
    verdict: "healthy",
    keysN: 0,
    lastHour: { duplicatesDropped: dropped, duplicatesApplied: twice },
    sentence: `${healthy.sentence} notification-service applied ${twice} duplicate${twice === 1 ? "" : "s"} a second time within the last hour.`,
  });
  expect(causeOf(view, "effects")!.title).toMatch(
    /^notification-service applied \d+ duplicates? of OrderCommitted a second time$/,
  );
  expect(causeOf(view, "duplicates")!.title).toMatch(/^\d+ duplicates were dropped by /);
  await faulty.stop("duplicated-events");
  await faulty.place(5);
  await faulty.settle();
  expect((await faulty.judged()).lastHour).toMatchObject({ duplicatesDropped: dropped, duplicatesApplied: twice });
  await faulty.later("70 minutes");
  expect(await faulty.judged()).toMatchObject({
    ...healthy,
    causes: [],
    lastHour: { duplicatesDropped: 0, duplicatesApplied: 0 },
  });
});

test("reordered-events: what is early waits for a version that has a name, what is late is skipped; when all has come it is healthy again", async () => {
  await faulty.start("reordered-events");
  const [payments, profiles] = ["payment-service", "profile-service"].map((name) => estate.of(name));
  await payments!.tick();
  await profiles!.tick();
  for (let cents = 1; cents <= 40; cents++) {
    await requestPosting(payments!.service, "ACC-7001", () => cents);
    await changeCustomer(profiles!.service, 7);
  }
  await faulty.age("payment-service", "PostingRequested", ["ACC-7001"], "16 minutes");
  await faulty.settle();
  const [held] = await estate.rows<{ n: number; first: number }>(
    "ledger-service",
    "select count(*)::int as n, min(waits_for)::int as first from messaging.held_message",
  );
  const view = await watched.judged("financial-posting");
  expect(view).toMatchObject({ verdict: "breached", keysN: 1, parkedN: 0 });
  expect(view.sentence).toMatch(
    /^Financial Posting is .* past its 15 min window\. \d+ events? of payment-service did not reach ledger-service, .*from .* UTC\.$/,
  );
  expect(causeOf(view, "held")).toMatchObject({
    title: "ledger-service holds PostingRequested back for an earlier version",
    follows: "missed-payments",
    evidence: expect.stringContaining(`ACC-7001 waits for its version ${held!.first}.`),
  });
  await faulty.stop("reordered-events");
  await faulty.settle();
  await faulty.hurry();
  await faulty.settle();
  expect(await watched.judged("financial-posting")).toMatchObject({ verdict: "healthy", keysN: 0 });
  const stale = await overConsumers("messaging.inbox where outcome = 'stale' and event_type = 'CustomerChanged'");
  expect(stale).toBeGreaterThan(0);
  const profile = await watched.judged("customer-profile");
  expect(profile).toMatchObject({ verdict: "healthy", keysN: 0, lastHour: { staleSkipped: stale } });
  expect(causeOf(profile, "stale")!.title).toMatch(/^\d+ older versions were skipped by /);
});

test("skewed-clock: ages never lie, and it is said whose times do", async () => {
  await faulty.start("skewed-clock");
  for (let n = 0; n < 2; n++) await estate.of("payment-service").tick();
  await faulty.place(5);
  await estate.tickUntil(
    async () => (await faulty.count("payment-service", "messaging.outbox where occurred_at > written_at")) === 5,
    [estate.of("order-service"), estate.of("payment-service")],
  );
  // An event of the future that nobody has processed is as old as we have known it.
  const early = await watched.judged("order-commitment");
  expect(Date.now() - early.oldest!.since).toBeLessThan(60_000);
  await faulty.settle();
  const misdated =
    (await faulty.count(
      "payment-service",
      "messaging.outbox where event_type like 'Payment%' and occurred_at > written_at + interval '1 s'",
    )) +
    (await faulty.count(
      "payment-service",
      "messaging.inbox i join payment p on p.order_id = i.business_key where i.processed_at > p.created_at + interval '60 s'",
    ));
  expect(misdated).toBe(10);
  const view = await faulty.judged();
  expect(view).toMatchObject({
    verdict: "healthy",
    keysN: 0,
    sentence: `${healthy.sentence} The times of payment-service are 1m 30s ahead of its database's clock.`,
  });
  expect(causeOf(view, "times")!.evidence).toMatch(
    /^10 messages in the last 15 min, .* Ages count from when they were first seen, and lags are not counted\.$/,
  );
  await faulty.stop("skewed-clock");
  await estate.of("payment-service").tick();
  await faulty.place(3);
  await faulty.settle();
  await faulty.later("20 minutes");
  expect(await faulty.judged()).toMatchObject({ ...healthy, causes: [] });
});

test("a database whose own clock is ahead is corrected and named, and its service's times are not", async () => {
  const payments = watched.observed.find(({ sourceId }) => sourceId === "payments")!;
  const right = payments.source;
  payments.source = { ...right, poll: async (cursor, size) => ahead(await right.poll(cursor, size), 90_000) };
  await watched.poll();
  await faulty.place(3);
  await faulty.settle();
  const view = await faulty.judged();
  expect(view).toMatchObject(healthy);
  expect(view.causes.map(({ title }) => title)).toEqual([
    expect.stringMatching(/^The clock of payment-service's database is 1m [23]\ds ahead of Accord's$/),
  ]);
  payments.source = right;
  expect(await faulty.judged()).toMatchObject({ ...healthy, causes: [] });
});

/** The look at a database whose clock is so far ahead: everything that it stamped is. */
function ahead(poll: Poll, ms: number): Poll {
  const shift = <T extends object>(row: T): T =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, name.endsWith("At") && typeof value === "number" ? value + ms : value]),
    ) as T;
  return { ...poll, sourceNow: poll.sourceNow + ms, outbox: poll.outbox.map(shift), inbox: poll.inbox.map(shift) };
}

test("broken-schema-version: at risk by what cannot be read, with the version that no contract knows; retried when it can be read, it is healthy", async () => {
  // The version before has been seen, so that the next one is a deploy.
  await faulty.place(1);
  await faulty.settle();
  await faulty.judged();
  await faulty.start("broken-schema-version");
  await estate.of("order-service").tick();
  const ids = await faulty.place(12);
  await faulty.settle();
  const sent = await faulty.count(
    "order-service",
    `messaging.outbox where schema_version = 3 and business_key in ('${ids.join("','")}')`,
  );
  const view = await faulty.judged();
  expect(view).toMatchObject({ verdict: "at_risk", keysN: sent, parkedN: sent });
  expect(view.sentence).toMatch(
    new RegExp(
      `^Order Commitment cannot converge by itself\\. inventory-service has parked ${sent} orders .*\\. order-service sends OrderSubmitted in schema 3, where the contract says 2\\.$`,
    ),
  );
  // X13: the failures name their producer, and the schema is told with them.
  expect(causeOf(view, "schema")).toBeUndefined();
  expect(causeOf(view, "parked")).toMatchObject({
    title: expect.stringMatching(/^inventory-service fails on OrderSubmitted since order-service's deploy of 5\.13\.0$/),
    evidence: expect.stringContaining("All that failed came in schema 3, which order-service 5.13.0 sends since "),
    next: expect.stringMatching(/^roll order-service back to 5\.12\.0, or have inventory-service read schema 3, then retry\./),
  });
  const listed = (await listGroups(watched.ada(), parseGroupFilter({}))).groups.find(({ openN }) => openN > 0);
  expect(listed?.origin).toBe("since order-service's deploy of 5.13.0, in schema 3");
  await faulty.stop("broken-schema-version");
  const group = (await watched.store.pool.query("select group_id::int as id from dead_letter_group where open_n > 0")).rows[0].id;
  await requestRetry(
    watched.ada(),
    parseAct({ selection: { groups: [group] }, reason: "schema 3 is read now", key: "schema-3-is-read" }),
  );
  await dispatchChunks(watched.store.db, "test", watched.observed);
  await faulty.settle();
  await watchOutcomes(watched.store.db, watched.observed);
  await faulty.later("70 minutes");
  expect(await faulty.judged()).toMatchObject({ ...healthy, causes: [] });
});
