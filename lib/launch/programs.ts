import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./family";

const require = createRequire(import.meta.url);

/** Arguments of node for a TypeScript program of this repository, given by its path from the root. */
export const program = (file: string, ...args: string[]): string[] => ["--import", "tsx", path.join(root, file), ...args];

/** Arguments of node for Next's own commands. */
export const next = (...args: string[]): string[] => [require.resolve("next/dist/bin/next"), ...args];

/** Arguments of node for the built pages on one port; `host` as in HOST, every interface by default. */
export const web = (port: number, host?: string): string[] => next("start", "-p", String(port), ...(host ? ["-H", host] : []));

/** What every process of ours is given, whoever started it: a shell, npm or a test run. */
export const production = {
  NODE_ENV: "production",
  NEXT_TELEMETRY_DISABLED: "1",
  // With it, links in answers would follow the Host header of whoever asks.
  AUTH_TRUST_HOST: undefined,
} as const;
