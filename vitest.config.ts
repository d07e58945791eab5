import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { LongestFirst } from "./e2e/longest-first";
import { pureTests } from "./lib/db/pure.testing";

const root = import.meta.dirname;
const database = "lib/db/testing.setup.ts";
const folders = ["lib", "components", "drizzle", "app", "client"];
const pure = pureTests(root, folders);

function project(name: string, include: string[], more: Record<string, unknown> = {}): TestProjectConfiguration {
  const test = {
    name,
    include,
    exclude: ["node_modules/**", ...(name === "pure" ? [] : pure)],
    globalSetup: [database],
    setupFiles: ["lib/properties.setup.ts"],
    // Far above what any takes: a machine at work may be ten times as slow, and a test that hangs is found all the same.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // Many tests wait for what happens by itself: with one more than there are cores, none of these stands idle.
    maxWorkers: 3,
    // What files import is loaded once a worker.
    isolate: false,
    ...more,
  };
  return { resolve: { alias: { "@": root } }, test };
}

export default defineConfig({
  test: {
    projects: [
      project("pure", pure, { globalSetup: [], pool: "threads" }),
      project("lib", ["{lib,components,drizzle,demo,client}/**/*.test.{ts,tsx}"]),
      // Route handlers keep one store a process, and these files each bring their own.
      project("app", ["app/**/*.test.{ts,tsx}"], { isolate: true }),
      // Stories start products and a browser each, and measure time: they run when nothing else does. Half of each is waiting for what
      // happens by the clock, so that three keep two cores busy.
      project("e2e", ["e2e/**/*.test.ts"], {
        globalSetup: [database, "e2e/build.setup.ts"],
        sequence: { groupOrder: 1 },
        maxWorkers: 3,
        // Some visit every screen there is, and the first waits for the pages to be built.
        testTimeout: 600_000,
        hookTimeout: 300_000,
      }),
      project("soak", ["**/*.soak.ts"], {
        env: { ACCORD_TEST_SEED: "random" },
        maxWorkers: 1,
        fileParallelism: false,
        sequence: { groupOrder: 2 },
        testTimeout: 3_600_000,
      }),
    ],
    pool: "forks",
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./e2e/summary-reporter.ts"],
  },
});
