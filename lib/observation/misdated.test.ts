import { expect, test } from "vitest";
import { lagOf } from "../sources/clocks.rules";
import type { InboxRow, OutboxRow, Poll } from "../sources/observable";
import { days, seconds } from "../time";
import { furthestOff, misdatedOf } from "./misdated";

const now = Date.UTC(2026, 5, 18, 3, 12, 0);
const said = (occurredAt: number | null, over: Partial<OutboxRow> = {}): OutboxRow =>
  ({ eventType: "Placed", occurredAt, writtenAt: now - 500, seen: "new", ...over }) as OutboxRow;
const done = (occurredAt: number | null, processedAt: number | null): InboxRow =>
  ({ consumer: "stock-service", eventType: "Placed", occurredAt, processedAt }) as InboxRow;
const off = (outbox: OutboxRow[], inbox: InboxRow[], { own = 0, of = 0, producerIsOff = false } = {}) =>
  misdatedOf({ sourceNow: now, outbox, inbox } as Poll, { own, of: () => of, producerIsOff: () => producerIsOff }).map(
    ({ offMs }) => offMs,
  );

test("ordinary times, missing ones and old facts are nobody's clock", () => {
  expect(
    off([said(now - 600), said(null), said(now - days(2)), said(now - 100)], [done(now - 900, now - 300), done(null, null)]),
  ).toEqual([]);
});

test("an event that occurred after it was written was dated by a clock ahead, and so was one processed after it was read", () => {
  expect(off([said(now + seconds(90) - 500)], [done(now - 900, now + seconds(88))])).toEqual([seconds(90), seconds(88)]);
  // Written by the same clock, it still lies ahead of the one that was read.
  expect(off([said(now + seconds(90), { writtenAt: now + seconds(90) })], [])).toEqual([seconds(90)]);
});

test("an event processed before it occurred was dated by a clock behind, unless its producer's is known to be ahead", () => {
  const early = [done(now - seconds(10), now - seconds(40))];
  expect(off([], early)).toEqual([-seconds(30)]);
  expect(off([], early, { producerIsOff: true })).toEqual([]);
  // What the databases' own clocks differ by is corrected first.
  expect(off([], early, { of: seconds(35) })).toEqual([]);
});

test("what lies years ahead is a date and no clock; what was seen before is not told again", () => {
  expect(off([said(now + days(365)), said(now + seconds(90), { seen: "old" })], [])).toEqual([]);
});

test("a source is off by what is off furthest", () => {
  expect(furthestOff([])).toBeNull();
  expect(furthestOff([30, -90, 60].map((offMs) => ({ consumer: "", eventType: "Placed", offMs })))).toBe(-90);
});

test("a lag with a time that is still to come, or that runs backwards, is no lag; a little of that is none at all", () => {
  const lag = (from: number, to: number) => lagOf({ at: from, offsetMs: 0 }, { at: to, offsetMs: 0 }, now);
  expect(lag(now - 800, now - 300)).toBe(500);
  expect(lag(now - 300, now - 800)).toBe(0);
  expect(lag(now + seconds(90), now)).toBeNull();
  expect(lag(now - 800, now + seconds(90))).toBeNull();
  expect(lag(now - 300, now - seconds(40))).toBeNull();
});
