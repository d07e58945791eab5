import { describe, expect, test } from "vitest";
import { minutes, seconds } from "../../time";
import { textOf } from "../../words";
import { type Followed, nextStep } from "./follow.rules";
import { fixedBy, type LiveMark, type Triage, untouched } from "./rules";
import { endedParts, groupEventWords, triageDetail, triageShort } from "./words";

const now = Date.UTC(2026, 5, 16, 3, 20);
const ago = (ms: number) => now - ms;
const mark = (version: string, minutesAgo: number, kind: LiveMark["kind"] = "deploy"): LiveMark => ({
  version,
  at: ago(minutes(minutesAgo)),
  kind,
});

describe("which version brings the fix, of a wait for 2.40.3 that began ten minutes ago", () => {
  test.each<[what: string, marks: LiveMark[], by: string | null]>([
    ["nothing is known of the consumer", [], null],
    ["the broken one is still live", [mark("2.41.0", 15)], null],
    ["it is live, deployed since", [mark("2.41.0", 15), mark("2.40.3", 2)], "2.40.3"],
    ["it is live again, rolled back to", [mark("2.40.3", 90), mark("2.41.0", 15), mark("2.40.3", 2, "rollback")], "2.40.3"],
    ["another one came, and it never did", [mark("2.41.0", 15), mark("2.41.1", 2)], null],
    ["it was live before the broken one, which has the larger number", [mark("2.40.3", 90), mark("2.41.0", 15)], null],
    ["one came after it", [mark("2.41.0", 15), mark("2.40.3", 5), mark("2.42.0", 2)], "2.42.0"],
    ["it was taken back", [mark("2.41.0", 15), mark("2.40.3", 5), mark("2.41.0", 2, "rollback")], null],
  ])("%s", (_, marks, by) => expect(fixedBy("2.40.3", ago(minutes(10)), marks)).toBe(by));
});

const waiting: Partial<Triage> = { state: "waiting", waitsFor: "2.40.3", stateAt: ago(minutes(10)) };
const fixed = [mark("2.41.0", 15), mark("2.40.3", 2)];
const found = (one: Partial<Triage>, over: Partial<Followed> = {}): Followed => ({
  one: { ...untouched, ...one },
  openN: 3,
  totalN: 3,
  lastAt: ago(minutes(1)),
  growingPerMinute: 0,
  versions: { "2.41.0": 3 },
  marks: [mark("2.41.0", 15)],
  ...over,
});

describe("what happens to a group by itself", () => {
  test.each<[what: string, found: Followed, step: unknown]>([
    ["a new group stays new", found({}), null],
    ["a wait goes on until the version is live", found(waiting), null],
    ["it is live and nothing comes in", found(waiting, { marks: fixed }), { step: "ready", version: "2.40.3" }],
    ["it is live and messages still come in", found(waiting, { marks: fixed, lastAt: ago(seconds(5)) }), null],
    ["messages failed on the very version", found(waiting, { marks: fixed, versions: { "2.40.3": 1 } }), null],
    ["what was ready stays so", found({ ...waiting, readyAt: ago(1) }, { marks: fixed }), null],
    [
      "what was ready grows again",
      found({ ...waiting, readyAt: ago(1) }, { marks: fixed, lastAt: ago(seconds(5)) }),
      { step: "grows" },
    ],
    [
      "what was ready fails on the fixed version as well",
      found({ ...waiting, readyAt: ago(1) }, { marks: fixed, versions: { "2.40.3": 1 } }),
      { step: "withdrawn" },
    ],
    [
      "the version is taken back",
      found({ ...waiting, readyAt: ago(1) }, { marks: [...fixed, mark("2.41.0", 1, "rollback")] }),
      { step: "withdrawn" },
    ],
    ["a mute holds until its time", found({ state: "muted", mutedUntil: now + 1 }), null],
    ["a mute is over with its time", found({ state: "muted", mutedUntil: now }), { step: "unmuted", by: "time" }],
    ["a mute holds at its bound", found({ state: "muted", mutedAbove: 5 }, { growingPerMinute: 5 }), null],
    [
      "a mute is over past its bound",
      found({ state: "muted", mutedAbove: 5 }, { growingPerMinute: 6 }),
      { step: "unmuted", by: "growth" },
    ],
    ["a resolved group without news stays so", found({ state: "resolved", resolvedTotalN: 3 }, { openN: 0 }), null],
    ["a message comes to a resolved group", found({ state: "resolved", resolvedTotalN: 2 }, { openN: 1 }), { step: "regressed" }],
    [
      "it came and was settled between two looks",
      found({ state: "resolved", resolvedTotalN: 2 }, { openN: 0 }),
      { step: "regressed" },
    ],
    ["nothing is parked for a while", found({ emptiedAt: ago(minutes(29)) }, { openN: 0 }), null],
    ["nothing is parked for long", found({ emptiedAt: ago(minutes(30)) }, { openN: 0 }), { step: "ended" }],
    [
      "nothing is parked of what is muted for long",
      found({ state: "muted", mutedAbove: 5, emptiedAt: ago(minutes(30)) }, { openN: 0 }),
      { step: "ended" },
    ],
  ])("%s", (_, facts, step) => expect(nextStep(facts, now)).toEqual(step));
});

test("a state is told in words", () => {
  const told = (one: Partial<Triage>) => {
    const full = { ...untouched, ...one };
    return [triageShort(full), textOf(triageDetail(full, now))].join(": ");
  };
  expect(told(waiting)).toBe("Waiting for 2.40.3: until that version is live and nothing comes in");
  expect(told({ ...waiting, readyAt: now, readyVersion: "2.40.3" })).toBe(
    "Ready to retry: 2.40.3 is live and nothing comes in, since 03:20 UTC",
  );
  expect(told({ state: "muted", mutedUntil: now, mutedAbove: null })).toBe("Muted: until 03:20 UTC");
  expect(told({ state: "muted", mutedUntil: now, mutedAbove: 5 })).toBe(
    "Muted: until it is worse than 5 messages a minute, or until 03:20 UTC",
  );
  expect(told({ state: "resolved", stateAt: now, stateByName: "Omar" })).toBe("Resolved: by Omar, 03:20 UTC");
  expect(told({ regressedAt: now, regressedFrom: "Omar" })).toBe("New: came back 03:20 UTC; Omar had resolved it");
  expect(textOf(groupEventWords.ready("2.40.3", "2.42.0"))).toBe(
    "found it ready to retry: 2.42.0, which came after 2.40.3, is live and nothing comes in",
  );
});

test("an ending says with what", () => {
  const ending = { beganAt: ago(minutes(14)), endedAt: now, byName: "Accord", reason: null, goneN: 0 };
  expect(textOf(endedParts({ ...ending, processedN: 340, discardedN: 3, operationId: 12, version: "2.40.3" }))).toBe(
    "OP-12 on 2.40.3; 340 processed and 3 closed by hand, 14m 00s after it began",
  );
  expect(textOf(endedParts({ ...ending, processedN: 0, discardedN: 0, operationId: null, version: null }))).toBe(
    "nothing was parked any more, 14m 00s after it began",
  );
});
