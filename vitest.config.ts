import { defineConfig } from "vitest/config";

const alias = { "@": import.meta.dirname };

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      { resolve: { alias }, test: { name: "lib", include: ["{lib,components,drizzle,app}/**/*.test.{ts,tsx}"], globalSetup: ["lib/db/testing.setup.ts"], testTimeout: 30_000, hookTimeout: 60_000 } },
      { resolve: { alias }, test: { name: "demo", include: ["demo/**/*.test.ts"], globalSetup: ["lib/db/testing.setup.ts"], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
});
