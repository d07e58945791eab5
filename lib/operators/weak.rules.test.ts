import fc from "fast-check";
import { expect, test } from "vitest";
import { generatePassword } from "./password.rules";
import { isWeak } from "./weak.rules";

test.each([
  "aaaaaaaaaaaa",
  "abcabcabcabc",
  "123456789012",
  "987654321098",
  "qwertyuiop12",
  "1qaz2wsx3edc",
  "Password1234",
  "P@ssw0rd2026!",
  "passwordpassword",
  "Welcome-2026-Welcome",
  "administrator1",
  "iloveyou iloveyou",
  "Summer2026!!!",
  "accord-accord",
])("S15: %s is tried first by whoever guesses, and is no password", (password) => {
  expect(isWeak(password)).toBe(true);
});

test("S15: neither is one's own address or name, with a year behind it", () => {
  const about = ["anna.nowak@shop.example", "Anna Nowak"];
  for (const password of ["anna.nowak@shop.example", "AnnaNowak2026", "nowak-shop-2025!"])
    expect(isWeak(password, about)).toBe(true);
  expect(isWeak("AnnaNowak2026", [])).toBe(false);
});

test("S15: what is long and nobody's first guess is a password, and so is every one that Accord makes", () => {
  for (const password of ["correct horse battery", "another long password", "pâté de campagne", "Tr0ub4dor&3xyz"])
    expect(isWeak(password, ["anna@shop.example"])).toBe(false);
  for (let i = 0; i < 500; i++) expect(isWeak(generatePassword())).toBe(false);
});

test("S15: whatever is typed is judged, and at once", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 12, maxLength: 200 }), (text) => typeof isWeak(text) === "boolean"),
  );
  expect(isWeak("ab".repeat(100))).toBe(true);
});
