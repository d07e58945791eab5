import { expect, test } from "vitest";
import { parseSplit } from "./input";
import { ledTo, mergeWrong, type Placed, type Route, standsWrong } from "./rules";
import { ruleWords } from "./words";

const rule = { says: "gate 7", version: null, key: null, path: null, value: null };
const route = (own: Partial<Route>): Route => ({
  ...{ routeId: 1, sourceId: "stock", fromId: 1, toId: 2, rule: null, madeAt: 0, madeByName: "Omar" },
  ...{ endedAt: null, endedByName: null, movedN: 0, settledAt: 0 },
  ...own,
});
const placed = (groupId: number, routes: Route[] = [], own: Partial<Placed> = {}): Placed => ({
  ...{ groupId, sourceId: "stock", consumer: "stock-service", eventType: "Placed", openN: 3, resolved: false, routes },
  ...own,
});

test.each([
  ["itself", placed(1), "A group cannot be merged into itself."],
  [
    "another event's",
    placed(5, [], { eventType: "Posted" }),
    "Only groups of one consumer and one event are merged: group 5 is Posted at stock-service.",
  ],
  ["one that is merged away", placed(5, [route({ fromId: 5, toId: 9 })]), "Omar was first: group 5 is merged into group 9."],
  ["a part", placed(5, [route({ fromId: 9, toId: 5, rule })]), "Group 5 is split off by a rule: undo the split instead."],
  [
    "one that others are merged into",
    placed(5, [route({ fromId: 9, toId: 5 })]),
    "Group 5 has others merged into it: merge into it, or undo that first.",
  ],
  ["one with parts", placed(5, [route({ fromId: 5, toId: 9, rule })]), "Group 5 has parts split off: undo that first."],
  ["one whose merge was undone", placed(5, [route({ fromId: 5, toId: 9, endedAt: 1 })]), null],
  ["any other", placed(5), null],
])("whether a group takes %s in", (_, other, why) => {
  expect(mergeWrong(placed(1), other)).toBe(why);
});

test("a resolved group takes no parked messages in, and one that is merged away or split off is not the place to go on from", () => {
  const resolved = placed(1, [], { resolved: true });
  expect(mergeWrong(resolved, placed(5))).toBe("Group 1 is resolved: put it back to new before it takes messages in.");
  expect(mergeWrong(resolved, placed(5, [], { openN: 0 }))).toBeNull();
  expect(standsWrong(placed(5, [route({ fromId: 5, toId: 9 })]), "merged into")).toBe(
    "Omar merged group 5 into group 9: go there.",
  );
  expect(standsWrong(placed(5, [route({ fromId: 9, toId: 5, rule })]), "split off")).toBe(
    "Nothing is split off a part that was split off: take group 9, or undo the split.",
  );
});

test("a link leads to where a group was merged into, and from a part whose split was undone to what it was a part of", () => {
  expect(ledTo(5, [route({ fromId: 5, toId: 9 })])?.toId).toBe(9);
  expect(ledTo(5, [route({ fromId: 9, toId: 5, rule, endedAt: 1 })])?.fromId).toBe(9);
  expect(ledTo(5, [route({ fromId: 9, toId: 5, rule }), route({ fromId: 3, toId: 5 })])).toBeUndefined();
});

test("a rule says which messages it means, and one that means all or none of a payload is refused", () => {
  expect(ruleWords({ says: "no stock", version: "2.4", key: "ORD-", path: "payload.sku", value: "A" })).toBe(
    "of version 2.4, with keys that begin with ORD-, with payload.sku A and that say “no stock”",
  );
  const asked = (own: object) => () => parseSplit({ groupId: 1, key: "k", ...own });
  expect(asked({})).toThrow("Say which messages are split off");
  expect(asked({ path: "payload.sku" })).toThrow("a payload is asked for by a path and a value");
  expect(asked({ path: "sku!", value: "A" })).toThrow("is no path into a payload");
  expect(asked({ path: "payload.lines[0].sku", value: "A" })()).toMatchObject({
    rule: { path: "payload.lines[0].sku", value: "A" },
  });
});
