import { expect, test } from "vitest";
import { filterSearch } from "@/components/dead-letters/filter";
import { parseFilter, quote, suggestions } from "./query-filter";

const keys = [
  { name: "zone", hint: "", values: ["order-commitment", "loyalty"] },
  { name: "key", hint: "", notNegated: true },
];

test("a filter is tokens: key and value, left out with a minus, free text last; quotes keep spaces", () => {
  expect(parseFilter('zone:loyalty -zone:"a b" split', keys).map(({ key, value, not }) => [key, value, not])).toEqual([
    ["zone", "loyalty", false],
    ["zone", "a b", true],
    [null, "split", false],
  ]);
});

test("a token that does nothing says why", () => {
  expect(parseFilter("foo:1 zone: -key:x", keys).map((token) => token.wrong)).toEqual([
    "There is no foo. Known: zone, key.",
    "Say which zone.",
    "key cannot be left out.",
  ]);
});

test("keys are offered while a word is begun, values after the colon", () => {
  expect(suggestions("-zo", keys)).toEqual(["-zone:"]);
  expect(suggestions("zone:loy", keys)).toEqual(["zone:loyalty"]);
});

test("the API gets the filter without what is wrong in it", () => {
  expect(filterSearch("zone:a -consumer:b last:<7d nope:1 some text")).toBe("zone=a&-consumer=b&last=%3C7d&q=some+text");
});

test("T13: a sentence from a log stays one token, with its quotes and colons", () => {
  const said = 'no stock for ["A1","B2"]: try later';
  expect(parseFilter(`zone:loyalty ${quote(said)}`, keys).map(({ key, value }) => [key, value])).toEqual([
    ["zone", "loyalty"],
    [null, said],
  ]);
});

test("T11: a name with commas and quotes is the value that it was suggested as", () => {
  const odd = [{ name: "event", hint: "", values: ['A, B "c"'] }];
  const [suggested] = suggestions("event:A", odd);
  expect(parseFilter(suggested!, odd)).toMatchObject([{ key: "event", value: 'A, B "c"', wrong: null }]);
});
