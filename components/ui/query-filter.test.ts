import { expect, test } from "vitest";
import { groupSearch, namedBy, pastedText, queriesOf, readFilter } from "@/components/dead-letters/filter";
import type { HitKind } from "@/lib/timeline/rules";
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

test("the API gets the filter without what is wrong in it, within what the screen is about", () => {
  const text = 'zone:a -consumer:b last:<7d nope:1 payload."a b":"x y" some text';
  expect(queriesOf(text)).toEqual(['zone:a -consumer:b last:<7d payload."a b":"x y" some text', "-triage:muted"]);
  expect(queriesOf("triage:ready")).toEqual(["triage:ready"]);
  expect(queriesOf(text, "zone:z")).toEqual(["zone:z", '-consumer:b last:<7d payload."a b":"x y" some text', "-triage:muted"]);
  expect(groupSearch("zone:a", "consumer:b")).toBe("query=consumer%3Ab&query=zone%3Aa&query=-triage%3Amuted");
  expect(readFilter("age:2h foo:1").map(({ wrong }) => wrong)).toEqual([
    expect.stringMatching(/^Age is compared: write age:>2h/),
    expect.stringMatching(/^There is no foo\. Known: zone,/),
  ]);
});

test("what is pasted from a log is one thing to look for, and a query stays one", () => {
  expect(pastedText('Error: no stock for "A"\n  at plan (a.ts:1)')).toBe('"Error: no stock for \\"A\\"\n  at plan (a.ts:1)"');
  expect([pastedText("zone:a age:>2h"), pastedText("ORD-1")]).toEqual([null, null]);
});

test("a word alone leads to the one thing that it names: an id, a key or a group before what only begins so", () => {
  const hit = (kind: HitKind, href: string, exact = true) => ({ kind, id: href, title: "", note: "", since: null, href, exact });
  expect(namedBy("0e-1", [hit("message", "/m/1")])).toBe("/m/1");
  expect(namedBy("ORD-1", [hit("key", "/keys/ORD-1"), hit("key", "/keys/ORD-10", false)])).toBe("/keys/ORD-1");
  expect(namedBy("12", [hit("key", "/keys/12"), hit("dead_letter", "/m/12"), hit("group", "/g/12")])).toBe("/g/12");
  expect(namedBy("c-1", [hit("correlation", "/keys/A"), hit("correlation", "/keys/B")])).toBeNull();
  expect(namedBy("stock-service", [hit("consumer", "/x"), hit("key", "/keys/y", false)])).toBeNull();
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
