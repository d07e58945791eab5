import { expect, test } from "vitest";
import type { SagaCause } from "../sagas/rules";
import { noDivergences, type ZoneFacts, zoneVerdict } from "../verdicts/rules";
import { type Found, newsOf } from "./news.rules";
import type { ParkedCause } from "./rules";

const now = 1_800_000_000_000;
const source = { sourceId: "stock", service: "stock-service", observedAt: now, error: null, oldestSince: null };
const healthy: ZoneFacts = {
  windowMs: 60_000,
  atRiskRatio: 0.5,
  judgedAt: now,
  sources: [source],
  oldest: { since: now - 1_000, key: "ORD-1", reason: "undelivered" },
  oldestAgeMsMinuteAgo: null,
  keysN: 3,
  usualKeysN: 3,
  parkedN: 0,
  divergences: noDivergences,
  awaitsPersonN: 0,
  compensationsFailedN: 0,
  compensationsLateN: 0,
};
const figures = { sagasStuckN: 0, compensationsFailed24h: 0 };
const none: Found["causes"] = { parked: [], waiting: [], sagas: [], divergences: [] };
const group = { groupId: 7, openN: 2, busyN: 0, deploy: null, perMinute: 12, lastAt: now } as ParkedCause;
const saga = { sagaType: "order", step: "release-stock", n: 0, askingN: 0, compensatingN: 1, dueN: 0 } as SagaCause;
const news = (facts: Partial<ZoneFacts>, causes: Partial<Found["causes"]> = {}, later = 0) => {
  const all = { ...healthy, ...facts };
  return newsOf({ judgement: zoneVerdict(all, now + later), facts: all, figures, causes: { ...none, ...causes } });
};

test("keys that come and go in a healthy zone, and the time itself, are no news", () => {
  const oldest = { since: now - 3_000, key: "ORD-2", reason: "undelivered" } as const;
  expect(news({ oldest, keysN: 9, oldestAgeMsMinuteAgo: 2_000, usualKeysN: 4 }, {}, 2_000)).toBe(news({}));
  expect(news({ sources: [{ ...source, observedAt: now + 2_000 }] }, {}, 2_000)).toBe(news({}));
});

test("a saga that is being undone is no news, nor one more beside what asks for somebody", () => {
  expect(news({}, { sagas: [saga] })).toBe(news({}));
  const due = { ...saga, dueN: 1, askingN: 1 };
  expect(news({}, { sagas: [{ ...due, compensatingN: 2 }] })).toBe(news({}, { sagas: [due] }));
});

test("how fast a group grows is no news beside its number", () => {
  expect(news({ parkedN: 2 }, { parked: [{ ...group, perMinute: 13, lastAt: now + 900 }] })).toBe(
    news({ parkedN: 2 }, { parked: [group] }),
  );
});

test.each<[string, Partial<ZoneFacts>, Partial<Found["causes"]>, number]>([
  ["a message that was put aside", { parkedN: 1 }, {}, 0],
  ["a divergence", { divergences: { ...noDivergences, missing: 1 } }, {}, 0],
  ["a failed compensation", { compensationsFailedN: 1 }, {}, 0],
  ["a saga that will not complete in time", {}, { sagas: [{ ...saga, dueN: 1, askingN: 1 }] }, 0],
  ["a group that an operation took", {}, { parked: [{ ...group, busyN: 2 }] }, 0],
  ["a source's fault", { sources: [{ ...source, error: "away" }] }, {}, 0],
  ["silence", {}, {}, 16_000],
  ["a promise that is broken", { sources: [{ ...source, oldestSince: now - 61_000 }] }, {}, 0],
])("%s is news", (_, facts, causes, later) => expect(news(facts, causes, later)).not.toBe(news({})));

test("which key is the oldest is news once the zone is past its window", () => {
  const late = (key: string) =>
    news({
      sources: [{ ...source, oldestSince: now - 61_000 }],
      oldest: { since: now - 61_000, key, reason: "undelivered" },
    });
  expect(late("ORD-1")).not.toBe(late("ORD-2"));
});
