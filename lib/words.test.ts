import { expect, test } from "vitest";
import { counted, linked, listed, moment, plain, plural, strong, textOf } from "./words";

test("a count stands with its noun, in the number that it has", () => {
  expect([0, 1, 2, 1_204].map((n) => counted(n, "order"))).toEqual(["0 orders", "1 order", "2 orders", "1,204 orders"]);
  expect(["order", "journal entry", "survey", "address", "batch", "tax"].map(plural)).toEqual([
    "orders",
    "journal entries",
    "surveys",
    "addresses",
    "batches",
    "taxes",
  ]);
});

test("a list reads as people say it", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listed)).toEqual(["", "a", "a and b", "a, b and c"]);
});

test("an instant inside a sentence is in UTC and says so, and carries itself for the screen", () => {
  const now = Date.UTC(2026, 5, 18, 3, 12, 41);
  expect(moment(Date.UTC(2026, 5, 18, 3, 4, 59), now)).toEqual({ text: "03:04 UTC", at: Date.UTC(2026, 5, 18, 3, 4, 59) });
  expect(moment(Date.UTC(2026, 5, 16, 22, 14), now).text).toBe("16 Jun 22:14 UTC");
  expect(moment(Date.UTC(2025, 5, 18, 3, 4), now).text).toBe("18 Jun 03:04 UTC");
});

test("parts read as one sentence", () => {
  expect(textOf([strong("A"), plain(" is late.")])).toBe("A is late.");
});

test.each<[string, string[]]>([
  ["see https://tickets.example/OPS-7, then retry", ["https://tickets.example/OPS-7"]],
  ["(http://a.example/x?y=1#z) and https://b.example.", ["http://a.example/x?y=1#z", "https://b.example"]],
  ["javascript:alert(1) ftp://c.example //d.example www.e.example", []],
  ["", []],
])("X30: addresses of the web in a note are links, and nothing else is: %s", (text, links) => {
  expect(linked(text).flatMap(({ href }) => href ?? [])).toEqual(links);
  expect(textOf(linked(text))).toBe(text);
});
