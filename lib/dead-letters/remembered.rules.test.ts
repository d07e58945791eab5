import { expect, test } from "vitest";
import { remembered } from "./remembered.rules";

test("what was answered is answered again, of the last texts alone, and of none that is long", () => {
  const asked: string[] = [];
  const length = remembered((text) => {
    asked.push(text);
    return { n: text.length };
  });
  expect([length("a"), length("bb"), length("a")]).toEqual([{ n: 1 }, { n: 2 }, { n: 1 }]);
  expect(asked).toEqual(["a", "bb"]);
  for (let i = 0; i < 500; i++) length(`text ${i}`);
  length("a");
  expect(asked.filter((text) => text === "a")).toHaveLength(2);
  const long = "x".repeat(9_000);
  length(long);
  length(long);
  expect(asked.filter((text) => text === long)).toHaveLength(2);
});
