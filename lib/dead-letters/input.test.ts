import { expect, test } from "vitest";
import { textOf } from "../words";
import { parseGroupFilter, parseLetterFilter, parseMessageId, parseMessagesPage } from "./input";
import { growthPerMinute } from "./rules";
import { groupsSentence, nextHint } from "./words";

test("the address of a list becomes queries: lists by repetition, a minus leaves out; T11: names may hold commas", () => {
  const one = (field: string, values: string[], not = false) => ({ field, path: null, not, compare: "=", values });
  const old = { zone: ["a", "b"], event: "A, B", "-consumer": ["x", "y"], key: " ORD-1 ", last: "<7d", q: "boom" };
  expect(parseGroupFilter({ ...old, query: "attempts:>3 bang", after: "12-34" })).toEqual({
    queries: [
      {
        conditions: [
          one("zone", ["a", "b"]),
          one("consumer", ["x", "y"], true),
          one("event", ["A, B"]),
          one("key", ["ORD-1"]),
          one("last", ["<7d"]),
        ],
        text: "boom",
      },
      { conditions: [{ ...one("attempts", ["3"]), compare: ">" }], text: "bang" },
    ],
    after: { openN: 12, groupId: 34 },
  });
  expect(parseGroupFilter({ key: " ", q: "" })).toEqual({ queries: [], after: null });
  expect(parseLetterFilter({ side: "closed", after: "5-6" })).toEqual({ queries: [], side: "closed", after: { at: 5, id: 6 } });
  expect(() => parseLetterFilter({ query: "zon:a" })).toThrow(/Column 1: there is no zon/);
});

test.each([
  [{ last: "yesterday" }, 'last: write a span such as 30m, 24h or 7d; "yesterday" is none.'],
  [{ key: "a\u0000" }, "key: holds a character that no text has."],
  [{ after: "1" }, "after: is not a place in this list."],
  [{ after: "99999999999999999999-1" }, "after: is not a place in this list."],
  [{ q: ["a", "b"] }, "q: must be a text."],
  [{ q: "x".repeat(2_001) }, "q: has more than 2000 characters."],
])("%j is refused in words that name the field", (input, words) => {
  expect(() => parseGroupFilter(input)).toThrow(words);
});

const minute = Date.UTC(2026, 5, 18, 3, 12);
test.each([
  ["the first seconds of a storm count as a minute", [0, 0, 53], 20, 20, 1, 53],
  ["from the first message on, not from the minute's beginning", [0, 254, 106], 85, 85, 0, 254],
  ["a group that has long been there: the last two minutes and what the present one has", [30, 30, 10], 20, 3_600, 0, 30],
  ["a group that came back: since it came back", [0, 0, 40], 40, 86_400, 0, 40],
  ["one message is one a minute", [0, 0, 1], 5, 5, 0, 1],
  ["nothing for half a minute is nothing more", [30, 30, 10], 40, 3_600, 31, 0],
])("growth: %s", (_, counts, secondOfMinute, firstAgoS, lastAgoS, perMinute) => {
  const now = minute + secondOfMinute * 1_000;
  const last = Math.floor(now / 60_000) * 60_000;
  const arrivals = counts.map((n, i) => ({ at: last - (2 - i) * 60_000, n }));
  const group = { firstAt: now - firstAgoS * 1_000, lastAt: now - lastAgoS * 1_000 };
  expect(growthPerMinute(arrivals, group, now)).toBe(perMinute);
});

test("a page of messages goes on from a place, before 1970 too", () => {
  expect(parseMessagesPage({ groupId: "7", after: "1795226400000-12" }).after).toEqual({ parkedAt: 1_795_226_400_000, id: 12 });
  expect(parseMessagesPage({ groupId: 7, after: "-5-12" }).after).toEqual({ parkedAt: -5, id: 12 });
  expect(() => parseMessagesPage({ groupId: "7", after: "999999999999999-1" })).toThrow("after");
  expect(() => parseMessageId({ id: "1e5" })).toThrow("id");
  expect(parseMessageId({ id: "12" })).toEqual({ id: 12 });
});

const group = (growingPerMinute: number, busyN = 0, askedN = 0) => ({ growingPerMinute, busyN, askedN });
test.each([
  [0, 0, [], "Nothing is parked."],
  [1, 1, [group(0)], "1 group holds 1 parked message. It does not grow any more."],
  [2, 37, [group(0), group(0)], "2 groups hold 37 parked messages. None grows any more."],
  [2, 37, [group(3), group(0, 1)], "2 groups hold 37 parked messages. One still grows. 1 message is being retried."],
  [
    3,
    1_204,
    [group(3), group(1), group(0, 20)],
    "3 groups hold 1,204 parked messages. 2 still grow. 20 messages are being retried.",
  ],
  // X7: what is only asked for is not running.
  [1, 9, [group(0, 0, 9)], "1 group holds 9 parked messages. It does not grow any more. 9 messages wait for a second person."],
  [80, 100, [group(0)], "80 groups hold 100 parked messages."],
])("%d groups with %d messages open the list in words", (groupsN, messagesN, page, sentence) => {
  expect(textOf(groupsSentence(groupsN, messagesN, page))).toBe(sentence);
});

test("X26: how long a group has been quiet is what its last failure says", () => {
  const now = Date.UTC(2026, 5, 18, 3, 21);
  const quiet = { openN: 3, growingPerMinute: 0, consumer: "inventory-service", lastAt: now - 57_000, triage: { ready: false } };
  expect(textOf(nextHint(quiet, now))).toMatch(/^No failure for 57 s\. /);
  expect(textOf(nextHint({ ...quiet, triage: { ready: true } }, now))).toBe(
    "Ready to retry. The fix is live in inventory-service, and nothing failed for 57 s: retry one message first, then the group.",
  );
});
