import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./root";

const require = createRequire(import.meta.url);

/** Our programs: the name of each one's bundle in dist, and its source. */
export const bundles = {
  start: "lib/worker/start.ts",
  worker: "lib/worker/main.ts",
  migrate: "lib/db/migrate.command.ts",
  "source-install": "lib/sources/install.command.ts",
  "source-check": "lib/sources/check.command.ts",
  "source-discover": "lib/sources/discover.command.ts",
  "config-check": "lib/sources/config-check.command.ts",
  "audit-verify": "lib/audit/verify.command.ts",
  operator: "lib/operators/operator.command.ts",
  "demo-service": "demo/service.ts",
} as const;

/** Arguments of node for one of our programs. Its stacks name sources. */
export const program = (name: keyof typeof bundles, ...args: string[]): string[] => [
  "--enable-source-maps",
  path.join(root, `dist/${name}.js`),
  ...args,
];

/** Arguments of node for Next's own commands. */
export const next = (...args: string[]): string[] => [require.resolve("next/dist/bin/next"), ...args];

/** Arguments of node for the built pages on one port; `host` as in HOST. Only this machine hears it unless that says otherwise: the proxy that ends TLS mostly stands beside it. */
export const web = (port: number, host?: string): string[] => next("start", "-p", String(port), "-H", host || "127.0.0.1");

/** What every process of ours is given, whoever started it: a shell, npm or a test run. */
export const production = {
  NODE_ENV: "production",
  NEXT_TELEMETRY_DISABLED: "1",
  // With it, links in answers would follow the Host header of whoever asks.
  AUTH_TRUST_HOST: undefined,
} as const;
