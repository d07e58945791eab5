import { defineConfig, type TestProjectConfiguration } from "vitest/config";

const alias = { "@": import.meta.dirname };
const database = "lib/db/testing.setup.ts";

function project(name: string, include: string, more: Record<string, unknown> = {}): TestProjectConfiguration {
  // Races with real processes meet a real machine: where nobody watches, one that lost its time is run once more.
  const retry = process.env.CI ? 1 : 0;
  const test = { name, include: [include], globalSetup: [database], testTimeout: 60_000, hookTimeout: 120_000, retry, ...more };
  return { resolve: { alias }, test };
}

// Stories share one browser and one build, and measure time: one after the other, when nothing else runs.
const alone = { maxWorkers: 1, fileParallelism: false, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    projects: [
      project("lib", "{lib,components,drizzle,app}/**/*.test.{ts,tsx}"),
      project("demo", "demo/**/*.test.ts"),
      // The Chromium that npm carries crashes about once in fourteen stories.
      project("e2e", "e2e/**/*.test.ts", {
        ...alone,
        globalSetup: [database, "e2e/build.setup.ts"],
        // Some visit every screen there is.
        testTimeout: 600_000,
        retry: 1,
      }),
      project("soak", "**/*.soak.ts", { ...alone, sequence: { groupOrder: 2 }, testTimeout: 3_600_000 }),
    ],
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", "./e2e/summary-reporter.ts"],
  },
});
