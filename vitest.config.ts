import { defineConfig, type TestProjectConfiguration } from "vitest/config";

const alias = { "@": import.meta.dirname };
const database = ["lib/db/testing.setup.ts"];

function project(name: string, include: string[], more: Record<string, unknown> = {}): TestProjectConfiguration {
  return {
    resolve: { alias },
    test: {
      name,
      include,
      exclude: ["node_modules", ".next", ".data"],
      globalSetup: database,
      testTimeout: 30_000,
      hookTimeout: 60_000,
      ...more,
    },
  };
}

const everyday = [
  project("lib", ["{lib,components,drizzle,app}/**/*.test.{ts,tsx}"]),
  project("demo", ["demo/**/*.test.ts"], { testTimeout: 60_000 }),
];

export default defineConfig({
  resolve: { alias },
  test: { projects: everyday, pool: "forks", maxWorkers: 2 },
});
