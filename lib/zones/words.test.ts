import { expect, test } from "vitest";
import { days, minutes, seconds } from "../time";
import { noDivergences, type Verdict, type ZoneFacts, zoneVerdict } from "../verdicts/rules";
import { textOf } from "../words";
import { overviewSentence } from "./overview-words";
import type { StoredCauses } from "./rules";
import { causesOf, type Told, whyOf, zoneSentence } from "./words";

const now = Date.UTC(2026, 5, 18, 3, 12, 40);
const at = (hour: number, minute: number) => Date.UTC(2026, 5, 18, hour, minute);

const parked: StoredCauses["parked"][number] = {
  groupId: 7,
  consumer: "inventory-service",
  eventType: "OrderSubmitted",
  errorType: "TypeError",
  template: "unknown warehouse <key>.",
  frame: null,
  openN: 37,
  keysN: 37,
  perMinute: 12,
  firstAt: at(3, 4),
  lastAt: now - seconds(20),
  versions: { "2.41.0": 37 },
  deploy: { version: "2.41.0", at: at(3, 4) },
  busyN: 0,
};
const undelivered: StoredCauses["waiting"][number] = {
  reason: "undelivered",
  sourceId: "payments",
  consumer: "payment-service",
  eventTypes: ["OrderSubmitted"],
  keysN: 12,
  factsN: 12,
  oldest: at(3, 5),
  oldestKey: "ORD-88213",
};
const stuck: StoredCauses["sagas"][number] = {
  sagaType: "order-commitment",
  step: "reserve-stock",
  n: 3,
  oldest: at(3, 1),
  oldestKey: "ORD-88201",
  failedN: 0,
  lateN: 0,
  compensatingN: 0,
  heldN: 0,
  heldUntil: null,
  dueN: 0,
  askingN: 1,
  firstDueAt: null,
  errorMessage: null,
  stepNo: 2,
  stepsN: 2,
  undo: ["void-payment", "release-stock"],
};

const diverged: StoredCauses["divergences"][number] = {
  rule: "order-reserved",
  authority: "order-service",
  projection: "inventory-service",
  repair: "case",
  openN: 6,
  byKind: { missing: 4, unexpected: 0, mismatch: 2, duplicate: 0 },
  keysN: 6,
  lagN: 0,
  oldest: at(3, 5),
  oldestKey: "ORD-88213",
  mass: null,
};

type Story = Partial<Omit<StoredCauses, "at">> & {
  ageMs?: number | null;
  facts?: Partial<ZoneFacts>;
  was?: Verdict;
  title?: string;
  keyName?: string;
};

/** A zone with a window of five minutes, judged by the real rule. */
function told({ ageMs = null, facts: over = {}, was, title = "Order Commitment", keyName = "order", ...causes }: Story): Told {
  const oldestSince = ageMs === null ? null : now - ageMs;
  const facts: ZoneFacts = {
    windowMs: minutes(5),
    atRiskRatio: 0.7,
    judgedAt: now,
    sources: [{ sourceId: "orders", service: "order-service", observedAt: now, error: null, oldestSince }],
    oldest: oldestSince === null ? null : { since: oldestSince, key: "ORD-88213", reason: "undelivered" },
    oldestAgeMsMinuteAgo: null,
    keysN: ageMs === null ? 0 : 12,
    usualKeysN: null,
    parkedN: 0,
    divergences: noDivergences,
    awaitsPersonN: 0,
    compensationsFailedN: 0,
    compensationsLateN: 0,
    ...over,
  };
  return {
    zoneId: title.toLowerCase().replace(" ", "-"),
    title,
    keyName,
    facts,
    judgement: zoneVerdict(facts, now),
    was: was ?? null,
    causes: { parked: [], waiting: [], sagas: [], divergences: [], ...causes, at: now },
  };
}
const past = { ageMs: minutes(7) + seconds(40), facts: { oldestAgeMsMinuteAgo: minutes(6) + seconds(40) } };
const silent = {
  sourceId: "payments",
  service: "payment-service",
  observedAt: now - minutes(41),
  error: null,
  oldestSince: null,
};
const fresh = { sourceId: "orders", service: "order-service", observedAt: now, error: null, oldestSince: null };
const say = (story: Story): string => textOf(zoneSentence(told(story), now));

test.each<[string, Story, string]>([
  [
    "a breach by parked orders after a deploy",
    { ...past, parked: [parked] },
    "Order Commitment is 2m 40s past its 5 min window and still growing. inventory-service has parked 37 orders since its 03:04 UTC deploy of 2.41.0, 12 more each minute.",
  ],
  [
    "a breach that does not grow, by one order, without a deploy",
    { ageMs: past.ageMs, parked: [{ ...parked, deploy: null, keysN: 1, openN: 1, perMinute: 0, lastAt: at(3, 4) }] },
    "Order Commitment is 2m 40s past its 5 min window. inventory-service has parked 1 order since 03:04 UTC, none in the last two minutes.",
  ],
  [
    "a breach since another day, of which some are being retried",
    { ageMs: days(1), parked: [{ ...parked, deploy: null, firstAt: now - days(1), perMinute: 0, busyN: 20 }] },
    "Order Commitment is 23h 55m past its 5 min window. inventory-service has parked 37 orders since 17 Jun 03:12 UTC, 20 of them being retried.",
  ],
  [
    "a breach after the fix, whose age goes on while nothing comes any more (X8)",
    { ...past, parked: [{ ...parked, perMinute: 0, openN: 5, keysN: 5, lastAt: now - minutes(3) }] },
    "Order Commitment is 2m 40s past its 5 min window. inventory-service has parked 5 orders since its 03:04 UTC deploy of 2.41.0, none in the last two minutes.",
  ],
  [
    "a stopped consumer, to which more comes (X8)",
    { ...past, waiting: [{ ...undelivered, throughput: { state: "stopped", donePerMinute: 0, camePerMinute: 90 } }] },
    "Order Commitment is 2m 40s past its 5 min window and still growing. payment-service has not processed 12 events, the oldest from 03:05 UTC.",
  ],
  [
    "a consumer that catches up (X8)",
    { ...past, waiting: [{ ...undelivered, throughput: { state: "catching_up", donePerMinute: 90, camePerMinute: 20 } }] },
    "Order Commitment is 2m 40s past its 5 min window. payment-service has not processed 12 events, the oldest from 03:05 UTC, and catches up.",
  ],
  [
    "an operation that is only asked for (X7)",
    { ageMs: days(1), parked: [{ ...parked, deploy: null, perMinute: 0, askedN: 20 }] },
    "Order Commitment is 23h 55m past its 5 min window. inventory-service has parked 37 orders since 03:04 UTC; an operation on 20 of them waits for a second person.",
  ],
  [
    "a retry of more than is counted: no exact number beside a bound (X7)",
    { ageMs: days(1), parked: [{ ...parked, deploy: null, perMinute: 0, openN: 16_807, keysN: 10_000, busyN: 16_807 }] },
    "Order Commitment is 23h 55m past its 5 min window. inventory-service has parked at least 10,000 orders since 03:04 UTC, all of them being retried.",
  ],
  [
    "a breach by more than is counted",
    { ...past, parked: [{ ...parked, openN: 40_000, keysN: 9_800, perMinute: 0.5 }] },
    "Order Commitment is 2m 40s past its 5 min window and still growing. inventory-service has parked at least 9,800 orders since its 03:04 UTC deploy of 2.41.0, 1 more each minute.",
  ],
  [
    "a stopped consumer",
    { ...past, waiting: [undelivered] },
    "Order Commitment is 2m 40s past its 5 min window. payment-service has not processed 12 events, the oldest from 03:05 UTC.",
  ],
  [
    "a stopped relay, named as its service",
    { ...past, waiting: [{ ...undelivered, reason: "unpublished", sourceId: "orders", consumer: "", factsN: 1 }] },
    "Order Commitment is 2m 40s past its 5 min window. order-service has not published 1 event, from 03:05 UTC.",
  ],
  [
    "a queue that no worker takes from",
    { ...past, waiting: [{ ...undelivered, reason: "unpublished", sourceId: "orders", consumer: "", queue: true }] },
    "Order Commitment is 2m 40s past its 5 min window. order-service has not done 12 jobs, the oldest from 03:05 UTC.",
  ],
  [
    "a gap in a sequence",
    { ...past, waiting: [{ ...undelivered, reason: "held" }] },
    "Order Commitment is 2m 40s past its 5 min window. payment-service holds 12 events back for an earlier version, the oldest from 03:05 UTC.",
  ],
  [
    "stuck sagas",
    { ...past, sagas: [stuck] },
    "Order Commitment is 2m 40s past its 5 min window. The order-commitment saga has 3 orders past their deadline at reserve-stock.",
  ],
  [
    "one stuck saga without a step",
    { ...past, sagas: [{ ...stuck, n: 1, step: null }] },
    "Order Commitment is 2m 40s past its 5 min window. The order-commitment saga has 1 order past its deadline.",
  ],
  [
    "a failed compensation",
    { facts: { compensationsFailedN: 1 }, sagas: [{ ...stuck, n: 1, failedN: 1 }], parked: [parked] },
    "Order Commitment is breached: 1 compensation failed. The order-commitment saga could not undo 1 order at reserve-stock, since a compensation failed.",
  ],
  [
    "late compensations",
    { facts: { compensationsLateN: 2 }, sagas: [{ ...stuck, lateN: 2 }] },
    "Order Commitment is breached: 2 compensations are late. The order-commitment saga is late in undoing 2 orders at reserve-stock.",
  ],
  [
    "a breach while another source is silent",
    {
      ...past,
      waiting: [undelivered],
      facts: { ...past.facts, sources: [{ ...fresh, oldestSince: now - past.ageMs }, silent] },
    },
    "Order Commitment is 2m 40s past its 5 min window. payment-service has not processed 12 events, the oldest from 03:05 UTC. payment-service has not been seen since 02:31 UTC.",
  ],
  [
    "a breach while another source was never seen",
    {
      ...past,
      facts: {
        sources: [
          { ...fresh, oldestSince: now - past.ageMs },
          { ...silent, observedAt: null },
        ],
      },
    },
    "Order Commitment is 2m 40s past its 5 min window. payment-service has not been seen yet.",
  ],
  [
    "a trend",
    { ageMs: minutes(4) + seconds(34), facts: { oldestAgeMsMinuteAgo: minutes(3) + seconds(34) } },
    "Order Commitment passes its 5 min window in about 26 s at this rate.",
  ],
  ["an age at risk", { ageMs: minutes(4) + seconds(10) }, "Order Commitment has used 4m 10s of its 5 min window."],
  [
    "parked and young",
    { ageMs: seconds(30), facts: { parkedN: 37 }, parked: [{ ...parked, perMinute: 0 }] },
    "Order Commitment cannot converge by itself. inventory-service has parked 37 orders since its 03:04 UTC deploy of 2.41.0.",
  ],
  [
    "parked, and nothing known about it yet",
    { ageMs: seconds(30), facts: { parkedN: 1 } },
    "Order Commitment cannot converge by itself: 1 message is parked.",
  ],
  [
    "converging",
    { ageMs: minutes(2), facts: { keysN: 118 } },
    "Order Commitment has 118 orders to settle, the oldest 2m 00s of 5 min.",
  ],
  [
    "more waiting than usual",
    { ageMs: seconds(5), facts: { keysN: 118, usualKeysN: 12 } },
    "Order Commitment has 118 orders to settle, where 12 orders are usual, the oldest 5.0 s of 5 min.",
  ],
  ["healthy and quiet", {}, "Order Commitment keeps its contract. Nothing is waiting."],
  [
    "healthy with work under way",
    { ageMs: seconds(12), facts: { keysN: 3 }, keyName: "journal entry" },
    "Order Commitment keeps its contract. 3 journal entries are in flight, none for longer than 1m 00s of 5 min.",
  ],
  [
    "a silent source that was healthy",
    { facts: { sources: [fresh, silent] }, was: "healthy" },
    "Order Commitment is unknown: payment-service has been silent for 41m 00s. It was healthy then; nobody can vouch for it now.",
  ],
  [
    "a silent source that was breached",
    { facts: { sources: [fresh, silent] }, was: "breached" },
    "Order Commitment is unknown: payment-service has been silent for 41m 00s. It was breached then; treat it as breached.",
  ],
  [
    "several silent sources, one never seen",
    {
      facts: {
        sources: [
          fresh,
          silent,
          { ...silent, sourceId: "b", service: "ledger-service", observedAt: now - minutes(2) },
          { ...silent, sourceId: "c", service: "mail-service", observedAt: null },
        ],
      },
    },
    "Order Commitment is unknown: payment-service and ledger-service have been silent for up to 41m 00s, and mail-service has not been seen yet.",
  ],
  ["a zone that was never judged", { facts: { judgedAt: null } }, "Order Commitment has not been measured yet."],
  [
    "a dead worker",
    { facts: { judgedAt: now - minutes(3) }, was: "at_risk" },
    "Order Commitment has not been measured for 3m 00s. It was at risk then; nobody can vouch for it now.",
  ],
  [
    "a contract whose sources are not configured",
    { facts: { sources: [] } },
    "Order Commitment cannot be measured: accord.yaml has none of its sources.",
  ],
])("%s is told in a sentence", (_what, story, sentence) => {
  expect(say(story)).toBe(sentence);
  expectWellSpoken(sentence);
});

/** DESIGN §5: at most three sentences, no exclamation, no "successfully", no doubled spaces or stops. */
function expectWellSpoken(text: string): void {
  expect(text.split(/[.?](?:\s|$)/).filter(Boolean).length).toBeLessThanOrEqual(3);
  expect(text).not.toMatch(/!|successfully|oops|poison|undefined|NaN|null| {2}|\.\.|\s\./i);
  expect(text).toMatch(/\.$/);
}

test("the breach blames what is past the window, not what is merely many", () => {
  const young = { ...parked, firstAt: now - seconds(30), deploy: null };
  expect(say({ ...past, parked: [young], waiting: [undelivered] })).toContain("payment-service has not processed 12 events");
});

test("times carry themselves, so that a screen shows them in the viewer's zone", () => {
  const parts = zoneSentence(told({ ...past, parked: [parked] }), now);
  expect(parts.filter((part) => part.at !== undefined)).toEqual([{ text: "03:04 UTC", at: at(3, 4) }]);
  expect(parts[0]).toMatchObject({ strong: true });
  expect(parts.find((part) => part.href)).toEqual({ text: "inventory-service", href: "/dead-letters/groups/7" });
});

const named = (title: string, story: Story): Told => told({ ...story, title });
const breached = (title = "Order Commitment") => named(title, { ...past, parked: [parked] });
const atRisk = (title: string) => named(title, { ageMs: minutes(4) });
const calm = (title: string, ageMs: number | null = null) => named(title, { ageMs });

test.each<[string, Told[], string]>([
  ["no zone", [], "No contract yet."],
  ["one calm zone", [calm("Order Commitment")], "Order Commitment keeps its contract. Nothing is waiting."],
  [
    "two calm zones",
    [calm("Order Commitment", seconds(12)), calm("Customer Profile")],
    "Both zones keep their contracts. No key has been open for longer than a fifth of its window.",
  ],
  [
    "three, one of them converging",
    [calm("A", minutes(2)), calm("B"), calm("C", seconds(1))],
    "All 3 zones keep their contracts. The oldest open key is 2m 00s of 5 min.",
  ],
  [
    "a breach and a risk",
    [breached(), atRisk("Customer Profile"), calm("Financial Posting")],
    "Order Commitment is 2m 40s past its 5 min window and still growing. inventory-service has parked 37 orders since its 03:04 UTC deploy of 2.41.0, 12 more each minute. Customer Profile is at risk.",
  ],
  [
    "two breaches",
    [breached(), breached("Customer Profile")],
    "Order Commitment is 2m 40s past its 5 min window and still growing. inventory-service has parked 37 orders since its 03:04 UTC deploy of 2.41.0, 12 more each minute. Customer Profile is breached too.",
  ],
  ["three at risk", [atRisk("A"), atRisk("B"), atRisk("C")], "A has used 4m 00s of its 5 min window. 2 more zones are at risk."],
  [
    "a risk, and silence",
    [atRisk("A"), named("B", { facts: { sources: [fresh, silent] } })],
    "A has used 4m 00s of its 5 min window. B is unknown.",
  ],
  [
    "no worker",
    [
      named("A", { facts: { judgedAt: now - minutes(3) }, was: "healthy" }),
      named("B", { facts: { judgedAt: now - minutes(2) } }),
    ],
    "Nothing has been measured since 03:10 UTC. We cannot vouch for any zone until a worker is back.",
  ],
  [
    "no worker, and a breach before that",
    [
      named("A", { facts: { judgedAt: now - minutes(2) }, was: "breached" }),
      named("B", { facts: { judgedAt: now - minutes(2) } }),
    ],
    "Nothing has been measured since 03:10 UTC. A was breached then; treat it as breached.",
  ],
])("the overview over %s", (_what, zones, sentence) => {
  expect(textOf(overviewSentence(zones, now))).toBe(sentence);
  expectWellSpoken(sentence);
});

test("with other zones to tell of, the overview leaves out what is not seen rather than saying four things", () => {
  const sources = [{ ...fresh, oldestSince: now - past.ageMs }, silent];
  const first = named("A", { ...past, facts: { ...past.facts, sources }, waiting: [undelivered] });
  const text = textOf(overviewSentence([first, atRisk("B")], now));
  expectWellSpoken(text);
  expect(text).toMatch(/B is at risk\.$/);
});

const rowOf = (story: Story) =>
  causesOf(told(story), now).map((cause) => [cause.kind, textOf(cause.title), textOf(cause.evidence), textOf(cause.next)]);

test("a group that grows: what fails since when, how much, where, and what to do first", () => {
  expect(rowOf({ ...past, parked: [{ ...parked, frame: "reserveStock" }] })).toEqual([
    [
      "parked",
      "inventory-service fails on OrderSubmitted since its deploy of 2.41.0",
      "37 messages parked, 12 more each minute. TypeError in reserveStock. Seen on 2.41.0 only.",
      "roll back inventory-service or fix it, then retry. Retrying before that parks them again.",
    ],
  ]);
});

test("a group that stopped growing: one message, no frame, no doubled stop", () => {
  const calmer = { ...parked, deploy: null, openN: 1, keysN: 1, perMinute: 0, busyN: 1, versions: { "2.40": 1, "2.41": 3 } };
  expect(rowOf({ ...past, parked: [calmer] })).toEqual([
    [
      "parked",
      "inventory-service fails on OrderSubmitted",
      "1 message parked, 1 being retried. TypeError: unknown warehouse <key>.",
      "no failure for 20 s: retry one, then the group.",
    ],
  ]);
});

test("what starts by itself and cannot be undone is counted down, in the sentence and beside the way to hold it; never on what nobody vouches for", () => {
  const due = { ...stuck, n: 0, dueN: 26, firstDueAt: now + seconds(80) };
  const story: Story = { ...past, sagas: [due], parked: [parked] };
  const countdown = "In 1m 20s stuck sagas start void-payment and release-stock.";
  expect(textOf(zoneSentence(told(story), now))).toMatch(new RegExp(`^Order Commitment is 2m 40s past .*\\. ${countdown}$`));
  expect(textOf(whyOf(told(story), now)!.text)).toContain(countdown);
  const over = told({ ...story, sagas: [{ ...due, firstDueAt: now - seconds(1) }] });
  expect(textOf(whyOf(over, now)!.text)).toContain("Now stuck sagas start void-payment and release-stock.");
  expect(whyOf(told(story), now)!.hold).toEqual({
    zone: "order-commitment",
    type: "order-commitment",
    step: "reserve-stock",
    n: 26,
    firstDueAt: due.firstDueAt,
  });
  const [cause] = causesOf(told({ ...past, sagas: [due] }), now);
  expect([textOf(cause!.title), textOf(cause!.evidence), textOf(cause!.next)]).toEqual([
    "The order-commitment saga has 26 orders waiting at reserve-stock, step 2 of 2",
    "The oldest is ORD-88201, started 03:01 UTC. From 03:14 UTC void-payment and release-stock start.",
    "hold compensations until the repair has run, or let them undo what was done.",
  ]);
  const silent = told({ ...story, facts: { judgedAt: now - minutes(2) } });
  expect(textOf(zoneSentence(silent, now))).not.toContain("start");
});

test("what is held says so, with the first end, and asks for no second hold", () => {
  const held = { ...stuck, heldN: 3, heldUntil: at(3, 28) };
  const [cause] = causesOf(told({ ...past, sagas: [held] }), now);
  expect(cause).toMatchObject({ tone: "risk", saga: null });
  expect([textOf(cause!.evidence), textOf(cause!.next)]).toEqual([
    "The oldest is ORD-88201, started 03:01 UTC. 3 are held, the first until 03:28 UTC.",
    "repair them before the hold ends, or release them.",
  ]);
});

test("sagas and waiting messages: singular and plural, and the words of the error end with one stop", () => {
  const failed = { ...stuck, n: 1, failedN: 1, errorMessage: "card network closed." };
  const one = { ...undelivered, factsN: 1, keysN: 1 };
  const rows = rowOf({
    ...past,
    sagas: [failed],
    waiting: [one, { ...undelivered, reason: "unpublished", sourceId: "orders", consumer: "" }],
  });
  expect(rows.map((row) => row.slice(0, 3))).toEqual([
    [
      "compensation",
      "The order-commitment saga could not undo 1 order at reserve-stock, since a compensation failed",
      "The oldest is ORD-88201, started 03:01 UTC. card network closed.",
    ],
    [
      "unpublished",
      "order-service has not published OrderSubmitted",
      "12 events wait, the oldest of ORD-88213, from 03:05 UTC. What is not published stands in its outbox.",
    ],
    [
      "undelivered",
      "payment-service has not processed OrderSubmitted",
      "1 event waits, that of ORD-88213, from 03:05 UTC. Is payment-service running, and does it receive OrderSubmitted?",
    ],
  ]);
});

test("divergences: what differs where, by which rule, how much of each kind, and what to do", () => {
  expect(rowOf({ ...past, divergences: [diverged] })).toEqual([
    [
      "divergence",
      "inventory-service does not agree with order-service on 6 orders",
      "4 missing and 2 mismatches at inventory-service, found by order-reserved. The oldest is ORD-88213, from 03:05 UTC.",
      "compare both sides and repair inventory-service; what agrees again is closed by itself.",
    ],
  ]);
  expect(say({ ...past, divergences: [diverged] })).toBe(
    "Order Commitment is 2m 40s past its 5 min window. inventory-service does not agree with order-service on 6 orders.",
  );
  expect(say({ ageMs: minutes(2), facts: { awaitsPersonN: 6 }, divergences: [diverged] })).toBe(
    "Order Commitment waits for a person. inventory-service does not agree with order-service on 6 orders.",
  );
  expect(say({ ageMs: minutes(2), facts: { awaitsPersonN: 1 } })).toBe(
    "Order Commitment waits for a person: 1 divergence is open.",
  );
});

test("divergences that are one thing are told as one: a projection that stands still, or differs almost everywhere", () => {
  expect(rowOf({ ...past, divergences: [{ ...diverged, lagN: 6 }] })[0]!.slice(1)).toEqual([
    "inventory-service has applied nothing of order-service since 6 orders changed",
    "4 missing and 2 mismatches at inventory-service, found by order-reserved. The oldest is ORD-88213, from 03:05 UTC.",
    "see what keeps inventory-service from applying; it agrees again by itself.",
  ]);
  const mass = { since: at(3, 6), n: 12_004, ofN: 40_000 };
  expect(rowOf({ ...past, divergences: [{ ...diverged, openN: 1_000, keysN: 1_000, mass }] })[0]!.slice(1)).toEqual([
    "inventory-service differs from order-service almost everywhere",
    "At least 12,004 of 40,000 compared keys differ, so order-reserved stopped; of a sample 1,000 are confirmed. The oldest is ORD-88213, from 03:05 UTC.",
    "find what changed everywhere: a restore, a migration, a new mapping. Then run the rule again.",
  ]);
});

test("what breaks the contract is told first, though something younger explains more keys", () => {
  const young = { ...undelivered, keysN: 5_000, factsN: 5_000, oldest: now - 10_000 };
  const kinds = (causes: Partial<StoredCauses>) => causesOf(told({ ...past, ...causes }), now).map((cause) => cause.kind);
  expect(kinds({ waiting: [young], sagas: [{ ...stuck, n: 1, failedN: 1 }] })).toEqual(["compensation", "undelivered"]);
  const old = { ...undelivered, reason: "unpublished" as const, keysN: 3, factsN: 3, oldest: now - past.ageMs };
  expect(kinds({ waiting: [young, old] })).toEqual(["unpublished", "undelivered"]);
});

test("silence is the first cause of an unknown zone, and the last of a breached one", () => {
  const sources = [
    { ...fresh, oldestSince: now - past.ageMs },
    { ...silent, error: "The database refuses connections." },
  ];
  const unknown = told({ facts: { sources: [fresh, sources[1]!] }, parked: [parked] });
  expect(causesOf(unknown, now).map((cause) => cause.kind)).toEqual(["source", "parked"]);
  expect(textOf(causesOf(unknown, now)[0]!.title)).toBe("payment-service has not been seen for 41m 00s");
  const broken = told({ ...past, facts: { ...past.facts, sources }, parked: [parked] });
  expect(causesOf(broken, now).map((cause) => cause.kind)).toEqual(["parked", "source"]);
});

test("a calm zone needs no why; any other has a line and a way to the cause", () => {
  expect(whyOf(told({}), now)).toBeNull();
  expect(whyOf(told({ ageMs: minutes(2), waiting: [undelivered] }), now)).toBeNull();
  const why = whyOf(told({ ...past, parked: [parked] }), now)!;
  expect([why.href, why.action]).toEqual(["/dead-letters/groups/7", "Open cause"]);
  expect(textOf(why.text)).toBe(
    "inventory-service fails on OrderSubmitted since its deploy of 2.41.0. 37 messages parked, 12 more each minute. TypeError: unknown warehouse <key>. Seen on 2.41.0 only.",
  );
  expect(whyOf(told({ facts: { sources: [fresh, silent] } }), now)).toMatchObject({
    href: "/sources/payments",
    action: "Check source",
  });
});

test("X17: a number of keys that was not counted to its end says so", () => {
  const of = (openN: number) => causesOf(told({ parked: [{ ...parked, openN, keysN: 10_000 }] }), now)[0]!.keysAtLeast;
  expect([of(10_000), of(19_503)]).toEqual([false, true]);
});

test("X26: within its first minute a group has a number and no rate", () => {
  const [growing, young] = [at(3, 4), now - seconds(3)].map((firstAt) =>
    textOf(causesOf(told({ parked: [{ ...parked, firstAt, perMinute: 5 }] }), now)[0]!.evidence),
  );
  expect(growing).toContain("37 messages parked, 5 more each minute.");
  expect(young).toContain("37 messages parked, all within the last minute.");
});

test("X26: sagas that could not be undone at two steps are two causes with two titles", () => {
  const failed = { ...stuck, failedN: 1 };
  const titles = causesOf(told({ ...past, sagas: [failed, { ...failed, step: "charge" }] }), now).map(({ title }) =>
    textOf(title),
  );
  expect(new Set(titles).size).toBe(2);
});

const missed: NonNullable<StoredCauses["missed"]>[number] = {
  sourceId: "orders",
  consumers: ["inventory-service", "payment-service"],
  eventTypes: ["OrderSubmitted"],
  eventsN: 31,
  keysN: 24,
  oldest: at(3, 2),
  oldestKey: "ORD-88201",
};
const lackingMissed = {
  reason: "undelivered",
  sourceId: "inventory",
  consumer: "inventory-service",
  groupId: null,
  n: 3,
  ofN: 3,
} as const;

test("X6, X14: what was lost before two consumers is one cause; the late saga that follows from it stands folded under it, in headline, row and list", () => {
  const zone = told({ ...past, missed: [missed], sagas: [{ ...stuck, lateN: 3, lacks: lackingMissed }], waiting: [] });
  const causes = causesOf(zone, now);
  expect(causes.map(({ id, follows }) => [id, follows])).toEqual([
    ["missed-orders", null],
    ["saga-order-commitment-reserve-stock", "missed-orders"],
  ]);
  const title = "31 events of order-service did not reach inventory-service or payment-service";
  expect(textOf(causes[0]!.title)).toBe(title);
  expect(textOf(zoneSentence(zone, now))).toContain(`${title}, the oldest from 03:02 UTC.`);
  const why = whyOf(zone, now)!;
  expect(textOf(why.text)).toContain(title);
  expect([why.href, why.action]).toEqual([causes[0]!.action!.href, "Open messages"]);
});

test("X6: a saga of which few keys lack anything is a root of its own", () => {
  const zone = told({
    ...past,
    missed: [missed],
    sagas: [{ ...stuck, failedN: 3, lacks: { ...lackingMissed, n: 1 } }],
    waiting: [],
  });
  expect(causesOf(zone, now).map(({ kind, follows }) => [kind, follows])).toEqual([
    ["compensation", null],
    ["missed", null],
  ]);
});

test("X13: failures that began with their producer name it, its version and its schema, and what to roll back", () => {
  const producer = {
    sourceId: "orders",
    deploy: { version: "5.13.0", at: at(3, 3), before: "5.12.0" },
    schema: { version: 3, known: [2] },
  };
  const zone = told({
    ...past,
    parked: [{ ...parked, deploy: null, producer }],
    anomalies: [
      { kind: "schema", sourceId: "orders", eventTypes: ["OrderSubmitted"], versions: ["3"], known: [2], n: 37, lastAt: now },
    ],
  });
  const [cause, ...others] = causesOf(zone, now);
  expect(textOf(cause!.title)).toBe("inventory-service fails on OrderSubmitted since order-service's deploy of 5.13.0");
  expect(textOf(cause!.evidence)).toContain(
    "All that failed came in schema 3, which order-service 5.13.0 sends since 03:03 UTC; the contract says 2.",
  );
  expect(textOf(cause!.next)).toBe(
    "roll order-service back to 5.12.0, or have inventory-service read schema 3, then retry. Retrying before that parks them again.",
  );
  expect(others, "the schema is told with its failures").toEqual([]);
  expect(textOf(zoneSentence(zone, now))).toContain("since order-service's 03:03 UTC deploy of 5.13.0");
});

test("X12: what differs because its consumer is behind follows from that, and no restore is looked for", () => {
  const behind = {
    ...undelivered,
    consumer: "inventory-service",
    sourceId: "inventory",
    throughput: { state: "slow", donePerMinute: 3, camePerMinute: 30 },
  } as const;
  const mass = { ...diverged, projection: "inventory-service", mass: { since: now, n: 1_853, ofN: 2_000 } };
  const causes = causesOf(
    told({
      ...past,
      facts: { sources: [fresh, { ...fresh, sourceId: "inventory", service: "inventory-service" }] },
      waiting: [{ ...behind }],
      divergences: [mass],
    }),
    now,
  );
  expect(causes.map(({ kind, follows }) => [kind, follows])).toEqual([
    ["undelivered", null],
    ["divergence", "undelivered-inventory-inventory-service"],
  ]);
  expect(textOf(causes[1]!.next)).toBe(
    "wait until inventory-service has caught up, and run the rule again: what is behind differs.",
  );
});

test("a zone whose rule compares nothing says which, for how long and why, whatever else it is", () => {
  const uncompared = [{ rule: "stock-agrees", why: "The observer may not read stock_view", since: now - minutes(7) }];
  const zone = told({ facts: { uncompared } });
  expect(textOf(zoneSentence(zone, now))).toBe(
    "Order Commitment cannot be vouched for: its rule stock-agrees has compared nothing for 7m 00s. The observer may not read stock_view. What the messages tell agrees.",
  );
  expect(causesOf(zone, now)).toMatchObject([
    { kind: "uncompared", action: { label: "See the rule", href: "/zones/order-commitment/divergences" } },
  ]);
  expect(causesOf(told({ ...past, facts: { ...past.facts, uncompared } }), now).map(({ kind }) => kind)).toContain("uncompared");
});

test("a zone that nothing vouches for says what is not recorded, and what would watch it", () => {
  const billing = { eventType: "Charged", consumer: "billing" };
  const zone = told({ facts: { unwatched: [billing, { ...billing, eventType: "Refunded" }] } });
  expect(textOf(zoneSentence(zone, now))).toBe(
    "Order Commitment cannot be vouched for: nothing records whether Charged reaches billing, nor 1 further delivery. What is watched agrees; a rule that compares both sides would watch the rest.",
  );
  const [cause] = causesOf(zone, now);
  expect(cause).toMatchObject({
    kind: "unwatched",
    action: { label: "Open contract", href: "/zones/order-commitment/contract" },
  });
  expect(textOf(cause!.title)).toBe("Nothing records whether Charged reaches billing, nor 1 further delivery");
});
