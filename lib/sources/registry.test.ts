import { expect, test } from "vitest";
import type { SourceConfig } from "../contracts/rules";
import { ownTables } from "../contracts/testing";
import { presetNames } from "../presets/known.rules";
import { sourceRegistry } from "./registry";

const config = (over: Partial<SourceConfig>) =>
  ({ sourceId: "stock", preset: "native", url: "postgres://nowhere/x", ...ownTables, ...over }) as SourceConfig;

test("T10 C2: a source that cannot be opened fails at its own polls, in words, and keeps no other from opening", async () => {
  const registry = sourceRegistry();
  const broken = registry.open(config({ sourceId: "broken", preset: "nobody" }));
  await expect(broken.poll(null, 1)).rejects.toThrow("There is no preset nobody. Known: native, tables, generic");
  expect(registry.open(config({})).comparable).not.toBeNull();
  await registry.close();
});

test("T10 C2: what the linter takes can be opened", async () => {
  const registry = sourceRegistry();
  for (const preset of presetNames)
    expect(registry.open(config({ sourceId: preset, preset, act: true })).redeliverable === null).toBe(preset === "tables");
  await registry.close();
});
