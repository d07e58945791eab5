import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { schemaFiles } from "./schema";

test.each(Object.entries(schemaFiles()))(
  "public/%s is what the shapes say; npx tsx lib/contracts/schema.ts writes it",
  async (name, text) => {
    expect(await readFile(new URL(`../../public/${name}`, import.meta.url), "utf8")).toBe(text);
  },
);

test("an editor completes a duration by its pattern and refuses unknown keys", () => {
  const schema = JSON.parse(schemaFiles()["contract.schema.json"]!);
  expect(schema.properties.expectation.properties.window).toMatchObject({
    type: "string",
    pattern: "^\\d+(\\.\\d+)?(ms|s|m|h|d)$",
  });
  expect(schema.additionalProperties).toBe(false);
  expect(schema.required).toEqual(["version", "zone", "title", "promise", "expectation", "accountability"]);
});
