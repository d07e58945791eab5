import { expect, test } from "vitest";
import { minutes } from "../time";
import { textOf } from "../words";
import { causeState, type Reach } from "./reach.rules";
import { behindWords, causeWords, keysWords, neverOnWords } from "./reach-words";

const reach = (over: Partial<Reach> = {}): Reach => ({
  ...{ keysN: 441, keysAtLeast: false, heldN: 0, parkedN: 0, behindAtLeast: false, neverOn: [], live: null },
  ...over,
});

test.each<[what: string, quiet: boolean, over: Partial<Reach>, state: string]>([
  ["messages come in, whatever is live", false, { live: "2.40.3", neverOn: ["2.40.3"] }, "at work"],
  ["silence and a live version that never failed so", true, { live: "2.40.3", neverOn: ["2.40.3"] }, "stopped"],
  ["silence on the version that failed", true, { live: "2.41.0", neverOn: ["2.40.3"] }, "unknown"],
  ["silence, and no version is told", true, {}, "unknown"],
  ["silence, and too much was closed to tell", true, { live: "2.40.3", neverOn: null }, "unknown"],
])("%s: %s", (_, quiet, over, state) => expect(causeState({ quiet }, reach(over))).toBe(state));

test("reach is told in words, and what was not counted is said", () => {
  expect(textOf(causeWords("stopped", minutes(3), reach({ live: "2.40.3" })))).toBe(
    "Stopped, as far as can be told: nothing came in for 3m 00s, and 2.40.3, which is live, never failed so.",
  );
  expect(keysWords(reach(), "order")).toBe("441 orders");
  expect(keysWords(reach({ keysN: 9_800, keysAtLeast: true }), "order")).toBe("at least 9,800 orders");
  expect(behindWords(reach())).toBe("nothing");
  expect(behindWords(reach({ heldN: 113, parkedN: 2 }))).toBe("113 held and 2 parked, later of the same keys");
  expect(behindWords(reach({ behindAtLeast: true }))).toBe("nothing of the keys that were looked at");
  expect([neverOnWords([]), neverOnWords(null), neverOnWords(["5", "4", "3", "2", "1"])]).toEqual([
    "no version is known",
    "not known: too much was closed",
    "5, 4, 3, 2 and 1 more",
  ]);
});
