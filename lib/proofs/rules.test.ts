import { expect, test } from "vitest";
import { days, minutes, seconds } from "../time";
import { type Found, lookAgainIn, type ProofReason, proofOf } from "./rules";

const nothing: Found = { fact: null, unread: [], compared: [], uncomparable: [] };
const missing = { kind: "missing" as const, detail: null };
const fact: ProofReason & { kind: "fact" } = {
  kind: "fact",
  reason: "held",
  service: "stock-service",
  consumer: "stock-service",
  eventType: "Placed",
  since: 0,
  waitsFor: 6,
};
const differs: ProofReason = { kind: "differs", rule: "reserved", difference: missing };
const unread: ProofReason = { kind: "unread", services: ["order-service"] };
const away: ProofReason = { kind: "uncomparable", rule: "reserved", words: "It is away." };

test.each<[string, Partial<Found>, ProofReason | null, string, ProofReason | null]>([
  ["both sides agree", { compared: [{ rule: "reserved", difference: null }] }, null, "proven", null],
  ["no rule has the key", {}, null, "uncovered", null],
  [
    "something of it is open, whatever the sides say",
    { fact, compared: [{ rule: "reserved", difference: null }] },
    null,
    "waits",
    fact,
  ],
  ["the sides differ for the first time", { compared: [{ rule: "reserved", difference: missing }] }, null, "checking", differs],
  ["the sides differ again", { compared: [{ rule: "reserved", difference: missing }] }, differs, "diverging", differs],
  [
    "another rule differs than the one before",
    { compared: [{ rule: "reserved", difference: missing }] },
    { ...differs, rule: "paid" },
    "checking",
    differs,
  ],
  [
    "one rule agrees and one differs",
    {
      compared: [
        { rule: "paid", difference: null },
        { rule: "reserved", difference: missing },
      ],
    },
    differs,
    "diverging",
    differs,
  ],
  [
    "a service was not looked at since",
    { unread: ["order-service"], compared: [{ rule: "reserved", difference: null }] },
    null,
    "checking",
    unread,
  ],
  [
    "one of two rules cannot be asked",
    { compared: [{ rule: "paid", difference: null }], uncomparable: [{ rule: "reserved", words: "It is away." }] },
    null,
    "checking",
    away,
  ],
])("%s", (_, found, before, state, why) => {
  expect(proofOf({ ...nothing, ...found }, before)).toEqual({ state, why });
});

test("what is settled is not looked at again, and what is open ever more seldom, for a day", () => {
  for (const state of ["proven", "uncovered"] as const) expect(lookAgainIn(state, 0)).toBeNull();
  for (const state of ["checking", "waits", "diverging"] as const) {
    expect(lookAgainIn(state, seconds(10))).toBe(seconds(1));
    expect(lookAgainIn(state, minutes(5))).toBe(seconds(5));
    expect(lookAgainIn(state, minutes(30))).toBe(minutes(1));
    expect(lookAgainIn(state, days(1) + 1)).toBeNull();
  }
});
