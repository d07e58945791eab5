import { expect, test } from "vitest";
import { hours, minutes, seconds } from "../time";
import { type FlowFacts, flowState, paceOf, trendBuckets, worseFlow } from "./flows.rules";

const now = Date.UTC(2026, 5, 16, 3, 12);
const waiting = (oldest: number, newest = seconds(1), n = 2_237) => ({ n, oldest: now - oldest, newest: now - newest });
const state = (facts: Partial<FlowFacts>) =>
  flowState(
    {
      seen: true,
      recorded: true,
      counted: true,
      waiting: null,
      lastAt: now - seconds(2),
      unpublishedSince: null,
      parkedN: 0,
      ...facts,
    },
    now,
  );

test("X16: a consumer that takes nothing while 2,237 wait has stopped, also where it never took anything", () => {
  expect(state({ waiting: waiting(minutes(6)), lastAt: now - minutes(5) })).toBe("stopped");
  expect(state({ waiting: waiting(minutes(6)), lastAt: null })).toBe("stopped");
});

test("X16: who works while something waits long is behind; what has just come is no backlog", () => {
  expect(state({ waiting: waiting(minutes(6)) })).toBe("behind");
  expect(state({ waiting: waiting(seconds(20)) })).toBe("works");
  expect(state({ waiting: waiting(seconds(20)), lastAt: now - hours(1) })).toBe("works");
});

test("X16: one that has nothing newer to do than what it passed over is behind, not stopped", () => {
  expect(state({ waiting: waiting(minutes(20), minutes(19), 1), lastAt: now - minutes(5) })).toBe("behind");
});

test("X16: a consumer is not blamed for what its producer has not published", () => {
  const facts = { waiting: waiting(minutes(6)), lastAt: now - minutes(6) };
  expect(state({ ...facts, unpublishedSince: now - minutes(6) })).toBe("waits");
  expect(state({ ...facts, unpublishedSince: now - minutes(2) })).toBe("stopped");
});

test("X16: what is not looked at or was not counted is not seen, whatever was last known; nothing to do is not the same as keeping up", () => {
  expect(state({ seen: false, waiting: null })).toBe("unseen");
  expect(state({ waiting: undefined })).toBe("unseen");
  expect(state({})).toBe("works");
  expect(state({ lastAt: null })).toBe("idle");
});

test("a queue of which only what waits is seen keeps up when nothing waits: what it did was perhaps never seen", () => {
  expect(state({ counted: false, lastAt: null })).toBe("works");
  expect(state({ counted: false, waiting: waiting(minutes(6)), lastAt: null })).toBe("behind");
});

test("X16: who parks what it is given does not keep up, however fast it does so; a stopped one has stopped all the same", () => {
  expect(state({ parkedN: 245 })).toBe("parks");
  expect(state({ parkedN: 1, lastAt: null })).toBe("parks");
  expect(state({ parkedN: 245, waiting: waiting(minutes(6)), lastAt: null })).toBe("stopped");
  expect(state({ parkedN: 245, waiting: waiting(minutes(6)) })).toBe("behind");
  expect(state({ parkedN: 245, seen: false })).toBe("unseen");
});

test("X16: worst first, then by share of the window, then by how much waits", () => {
  const line = (
    state: Parameters<typeof worseFlow>[0]["state"],
    share = 0,
    waitingN: number | null = 0,
    name = state as string,
  ) => ({
    state,
    share,
    waitingN,
    name,
  });
  const lines = [
    line("idle"),
    line("works"),
    line("waits"),
    line("unseen", 0, null),
    line("parks"),
    line("behind", 0.2, 900, "many"),
    line("behind", 0.8, 1, "old"),
    line("stopped"),
  ];
  expect(lines.sort(worseFlow).map(({ name }) => name)).toEqual([
    "stopped",
    "old",
    "many",
    "parks",
    "unseen",
    "waits",
    "works",
    "idle",
  ]);
});

test("X16: the trend has a bar every five minutes, and the rate is of the last five to ten", () => {
  const { stepMs, n } = trendBuckets;
  const start = Math.floor(now / stepMs) * stepMs;
  const { trend, perMinute } = paceOf(
    [
      { at: start, n: 20 },
      { at: start - stepMs, n: 50 },
      { at: start - 23 * stepMs, n: 7 },
      { at: start - 24 * stepMs, n: 1_000 },
    ],
    start + minutes(2),
  );
  expect(trend).toHaveLength(n);
  expect([trend[0], trend[n - 2], trend[n - 1]]).toEqual([7, 50, 20]);
  expect(perMinute).toBeCloseTo(10);
  expect(paceOf([], now)).toEqual({ trend: Array.from({ length: n }, () => 0), perMinute: 0 });
});

test("what its source keeps no record of is neither idle nor behind: nobody knows", () => {
  expect(state({ recorded: false, waiting: null, lastAt: null })).toBe("unrecorded");
  expect(state({ recorded: false, waiting: null, lastAt: null, parkedN: 3 })).toBe("parks");
  expect(state({ recorded: false, seen: false, waiting: null, lastAt: null })).toBe("unseen");
});
