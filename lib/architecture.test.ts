import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { rows } from "./rows.testing";

const root = path.join(import.meta.dirname, "..");
const text = readFileSync(path.join(root, "docs/architecture.md"), "utf8");
const missing = (page: string) =>
  [...page.matchAll(/`((?:lib|app|components|drizzle)\/[^`\s]*)`/g)]
    .map((found) => found[1]!)
    .filter((file) => !existsSync(path.join(root, file)));

test("every path that docs/architecture.md names exists, and one that does not is found", () => {
  expect(text.match(/`(lib|app|components|drizzle)\//g)!.length).toBeGreaterThan(50);
  expect(missing(text)).toEqual([]);
  expect(missing(`${text} \`lib/zones/nowhere.ts\``)).toEqual(["lib/zones/nowhere.ts"]);
});

test("the floor in docs/architecture.md is the order that the imports are held to", () => {
  const picture = text.split("```")[1]!.split("───")[0]!.trim().split("\n");
  const drawn = picture.map((line) => line.split(/ {2,}/)[0]!.split(" · "));
  expect(drawn).toEqual(rows.map((row) => [...row]));
});
