import { scryptSync } from "node:crypto";
import { expect, test } from "vitest";
import { generatePassword, hashPassword, passwordMatches } from "./password.rules";

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
  const stored = await hashPassword("a long one", 8);
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => passwordMatches("guess", stored)));
  expect(outcomes.filter((outcome) => outcome.status === "rejected").length).toBe(68);
  expect(outcomes.some((outcome) => outcome.status === "fulfilled" && outcome.value)).toBe(false);
});

test("S15: a password takes the work that OWASP asks of scrypt, and one stored with less is right still", async () => {
  expect(await hashPassword("pâté de campagne")).toMatch(/^scrypt\$15\$8\$3\$/);
  const salt = Buffer.alloc(16, 1);
  const key = scryptSync("pâté de campagne".normalize("NFKC"), salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 27 });
  const before = `scrypt$15$8$1$${salt.toString("base64url")}$${key.toString("base64url")}`;
  expect(await passwordMatches("pâté de campagne", before)).toBe(true);
  expect(await passwordMatches("pate de campagne", before)).toBe(false);
});

test("generated passwords differ and are long", () => {
  const made = new Set(Array.from({ length: 100 }, generatePassword));
  expect(made.size).toBe(100);
  for (const password of made) expect(password).toMatch(/^([a-zX2-9]{5}-){3}[a-zX2-9]{5}$/);
});
