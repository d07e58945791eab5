import fc from "fast-check";
import { expect, test } from "vitest";
import { linkKeyOf, readLink, signLink, withoutLinks } from "./link.rules";

const key = linkKeyOf("a secret of the tests");
const about = "6f1c7c1e-0000-4000-8000-000000000001";
const until = Date.parse("2026-03-28T12:00:00Z");
const link = signLink(key, "acknowledge", { about, until });

test("a link says what it is about and until when, whatever that is, and is the same for the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(2 ** 45), (text, at) => {
      const one = signLink(key, "unsubscribe", { about: text, until: at });
      expect(readLink(key, "unsubscribe", one)).toEqual({ about: text, until: at });
      expect(signLink(key, "unsubscribe", { about: text, until: at })).toBe(one);
      expect(one).toMatch(/^accord_link_[\w-]+$/);
    }),
  );
});

test("no other key, no other purpose and no other text opens what it opens", () => {
  expect(readLink(linkKeyOf("another secret"), "acknowledge", link)).toBeNull();
  expect(readLink(key, "unsubscribe", link)).toBeNull();
  for (const text of [
    "",
    "accord_link_",
    "accord_link_AAAA",
    link.slice(0, -1),
    `${link}A`,
    link.padEnd(1_001, "A"),
    `${link}=`,
    link.replace("accord_", ""),
  ])
    expect(readLink(key, "acknowledge", text), text).toBeNull();
});

test("each single character counts", () => {
  for (let at = 0; at < link.length; at++) {
    const other = link[at] === "x" ? "y" : "x";
    expect(readLink(key, "acknowledge", link.slice(0, at) + other + link.slice(at + 1)), String(at)).toBeNull();
  }
});

test("what a receiver says of a link is not repeated", () => {
  expect(withoutLinks(`no field acknowledge: https://accord.example/acknowledge#${link}, sorry`)).toBe(
    "no field acknowledge: https://accord.example/acknowledge#•••, sorry",
  );
});
