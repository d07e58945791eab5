import { expect, test } from "vitest";
import type { Ordering } from "../contracts/rules";
import type { Standing } from "../sources/standing.rules";
import { countedTogether, type ForecastOutcome, strictest, walkKey } from "./forecast.rules";

const fresh: Standing = { state: "parked", processed: false, waits: false, applied: null, held: [], inFlight: [], holds: false };
type Message = Partial<Standing> & { v: number | null; undone?: true; expired?: true; producer?: string };
const walked = (ordering: Ordering, messages: Message[]) =>
  walkKey(
    messages.map(({ v, undone = false, expired = false, producer = "shop", ...standing }) => ({
      ...{ version: v, producer, ordering, undone, expired, standing: { ...fresh, ...standing } },
    })),
  );

test.each<[what: string, ordering: Ordering, messages: Message[], outcomes: ForecastOutcome[]]>([
  ["the next version goes through, and makes room for what follows", "strict", [{ v: 1 }, { v: 2 }], ["deliver", "deliver"]],
  [
    "a gap holds what lies behind it",
    "strict",
    [
      { v: 3, applied: 2 },
      { v: 5, applied: 2 },
    ],
    ["deliver", "held"],
  ],
  [
    "what is held fills a gap by itself",
    "strict",
    [
      { v: 3, applied: 2, held: [4] },
      { v: 5, applied: 2, held: [4] },
    ],
    ["deliver", "deliver"],
  ],
  [
    "a version is old when a later one was applied, or the same",
    "by-key",
    [
      { v: 2, applied: 3 },
      { v: 3, applied: 3 },
    ],
    ["stale", "stale"],
  ],
  ["of two with one version the second is old", "by-key", [{ v: 4 }, { v: 4 }], ["deliver", "stale"]],
  ["by key a gap is no matter", "by-key", [{ v: 9, applied: 2 }], ["deliver"]],
  ["unless its consumer is seen to hold", "by-key", [{ v: 9, applied: 2, holds: true }], ["held"]],
  ["without an order nothing is old", "none", [{ v: 1, applied: 9 }], ["deliver"]],
  ["without a version neither", "strict", [{ v: null, applied: 9 }], ["deliver"]],
  ["the message itself was processed", "by-key", [{ v: 2, applied: 3, processed: true }], ["processed"]],
  ["what is in flight has its turn before", "by-key", [{ v: 3, inFlight: [4] }], ["stale"]],
  [
    "in sequence too",
    "strict",
    [
      { v: 2, inFlight: [1] },
      { v: 4, inFlight: [1] },
    ],
    ["deliver", "held"],
  ],
  [
    "what waits beside its letter is released before its turn",
    "strict",
    [
      { v: 1, held: [2] },
      { v: 2, waits: true, held: [2] },
    ],
    ["deliver", "processed"],
  ],
  ["its saga was undone since", "by-key", [{ v: 1, undone: true }], ["undone"]],
  ["another producer's versions count for themselves", "by-key", [{ v: 5 }, { v: 1, producer: "bank" }], ["deliver", "deliver"]],
  [
    "what is parked no more gets nothing",
    "by-key",
    [
      { v: 1, state: "resolved" },
      { v: 2, state: "redelivering" },
      { v: 3, state: null },
      { v: 4, state: null, expired: true },
    ],
    ["settled", "retrying", "settled", "expired"],
  ],
])("%s", (_, ordering, messages, outcomes) => expect(walked(ordering, messages)).toEqual(outcomes));

test("versions are counted over all that a producer sends to a consumer, and what no contract names for itself", () => {
  const event = (eventType: string, from: string, to: string[]) => ({ eventType, from, to });
  const contracts = [
    { semantics: { events: [event("Placed", "shop", ["stock", "bank"]), event("Paid", "bank", ["stock"])] } },
    { semantics: { events: [event("Cancelled", "shop", ["stock"]), event("Seen", "shop", ["bank"])] } },
  ];
  expect(countedTogether(contracts, { consumer: "stock", eventType: "Placed" })).toEqual({
    ...{ producer: "shop", eventTypes: ["Cancelled", "Placed"] },
  });
  expect(countedTogether(contracts, { consumer: "stock", eventType: "Other" }).eventTypes).toEqual(["Other"]);
  expect([strictest([]), strictest(["none"]), strictest(["none", "by-key"]), strictest(["by-key", "strict"])]).toEqual([
    ...["by-key", "none", "by-key", "strict"],
  ]);
});
