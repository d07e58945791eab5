import { expect, test } from "vitest";
import { generatePassword, hashPassword, passwordMatches } from "./password";

test("a password matches its own hash only, in whatever form its accents were typed", async () => {
  const stored = await hashPassword("pâté de campagne");
  expect(await passwordMatches("pâté de campagne".normalize("NFD"), stored)).toBe(true);
  expect(await passwordMatches("pate de campagne", stored)).toBe(false);
  expect(await hashPassword("pâté de campagne")).not.toBe(stored);
});

test("nothing matches where no password is stored", async () => {
  expect(await passwordMatches("", null)).toBe(false);
});

test("a hundred at once are not all made to wait: some are refused in words, none is let in", async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => passwordMatches("guess", null)));
  expect(outcomes.filter((outcome) => outcome.status === "rejected").length).toBe(68);
  expect(outcomes.some((outcome) => outcome.status === "fulfilled" && outcome.value)).toBe(false);
});

test("generated passwords differ and are long", () => {
  const made = new Set(Array.from({ length: 100 }, generatePassword));
  expect(made.size).toBe(100);
  for (const password of made) expect(password).toMatch(/^([a-zX2-9]{5}-){3}[a-zX2-9]{5}$/);
});
