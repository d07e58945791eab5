import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const text = readFileSync(path.join(import.meta.dirname, "../docs/security.md"), "utf8");
const table = [...text.matchAll(/^\| V(\d+) ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, chapter, name, verdict, why]) => ({
  chapter: Number(chapter),
  name,
  verdict,
  why: why!,
}));

test("the table of ASVS 5.0 has each of its seventeen chapters once, in order, each met or not", () => {
  expect(table.map(({ chapter }) => chapter)).toEqual(Array.from({ length: 17 }, (_, n) => n + 1));
  expect(table.every(({ verdict }) => verdict === "met" || verdict === "not met")).toBe(true);
});

test("whatever is not met names the requirements and says why it may stay", () => {
  for (const { name, why } of table.filter(({ verdict }) => verdict === "not met")) {
    expect([name, /\(\d+\.\d+\.\d+/.test(why)]).toEqual([name, true]);
    expect([name, why.includes("It may stay because ")]).toEqual([name, true]);
  }
});
