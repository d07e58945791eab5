import { expect, test } from "vitest";
import type { GroupRow } from "@/lib/dead-letters/views";
import { leadOf, meantWords, notMerged, splitAsked, splitWrong } from "./regroup-words";
import { regroupedTag } from "./regrouped-words";

const group = (groupId: string, openN: number, own: Partial<GroupRow> = {}): GroupRow =>
  ({
    groupId,
    openN,
    sourceId: "stock",
    consumer: "stock-service",
    eventType: "Placed",
    regrouped: { rule: null, mergedN: 0 },
    ...own,
  }) as GroupRow;

test("others are merged into the group that has others already, else into the largest; only those of one consumer and event", () => {
  const groups = [group("1", 5), group("2", 90), group("3", 2, { regrouped: { rule: null, mergedN: 1 } })];
  expect(leadOf(groups).groupId).toBe("3");
  expect(leadOf(groups.slice(0, 2)).groupId).toBe("2");
  expect(notMerged(groups)).toBeNull();
  expect(notMerged(groups.slice(0, 1))).toBe("Choose two groups or more.");
  expect(notMerged([group("1", 5), group("2", 5, { eventType: "Posted" })])).toBe(
    "Only groups of one consumer and one event are merged.",
  );
});

test("a rule is asked for when it is whole, and says how many it means, which is neither none nor all", () => {
  expect(splitAsked({ kind: "says", text: " gate 7 ", value: "" })).toEqual({ says: "gate 7" });
  expect(splitAsked({ kind: "version", text: " ", value: "" })).toBeNull();
  expect(splitAsked({ kind: "payload", text: "payload.sku", value: "" })).toBeNull();
  expect(splitAsked({ kind: "payload", text: "payload.sku", value: "A" })).toEqual({ path: "payload.sku", value: "A" });
  expect(meantWords({ meantN: 12, ofN: 340, rule: "of version 2.4" })).toBe("12 of 340 parked messages: those of version 2.4");
  expect([splitWrong({ meantN: 0, ofN: 3 }), splitWrong({ meantN: 3, ofN: 3 }), splitWrong({ meantN: 1, ofN: 3 })]).toEqual([
    "No message that is parked is meant.",
    "All messages are meant: nothing would be left.",
    null,
  ]);
});

test("a row tells that its group was put together or apart by hand", () => {
  expect(regroupedTag({ rule: "of version 2.4", mergedN: 0 })).toBe("only those of version 2.4");
  expect(regroupedTag({ rule: null, mergedN: 2 })).toBe("with 2 merged groups");
  expect(regroupedTag({ rule: null, mergedN: 0 })).toBeNull();
});
