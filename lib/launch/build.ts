import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { releaseLock, takeLock } from "../lock-file";
import { root } from "./family";
import { next, production } from "./programs";

const sources = [
  "app",
  "components",
  "lib",
  "drizzle/schema",
  "public",
  "proxy.ts",
  "instrumentation.ts",
  "instrumentation-node.ts",
  "next.config.mjs",
  "postcss.config.mjs",
  "package-lock.json",
];
const buildId = path.join(root, ".next/BUILD_ID");
const lockFile = path.join(root, ".data/build.lock");
const BUILD_MS_MAX = 300_000;

/** Whether a build exists at all. */
export const isBuilt = (): boolean => existsSync(buildId);

/** Whether the build is newer than everything that it was made of. */
export function isBuildFresh(): boolean {
  return isBuilt() && Math.max(...sources.map((source) => newest(path.join(root, source)))) < statSync(buildId).mtimeMs;
}

/** Builds the pages unless that is done already; of several at once, one builds and the others wait. Output goes to `logFile`. */
export async function buildIfStale(logFile: string): Promise<{ built: boolean }> {
  mkdirSync(path.dirname(lockFile), { recursive: true });
  while (!takeLock(lockFile, BUILD_MS_MAX)) await sleep(200);
  try {
    if (isBuildFresh()) return { built: false };
    const begunAt = new Date();
    await build(logFile);
    // What was edited while the build ran is not in it.
    utimesSync(buildId, begunAt, begunAt);
    return { built: true };
  } finally {
    releaseLock(lockFile);
  }
}

async function build(logFile: string): Promise<void> {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, "w", 0o600);
  const child = spawn(process.execPath, next("build"), {
    cwd: root,
    env: { ...process.env, ...production },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const stop = () => child.kill();
  process.once("exit", stop);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  process.off("exit", stop);
  if (code !== 0)
    throw new Error(
      `The pages could not be built; ${path.relative(root, logFile)} says why: ${readFileSync(logFile, "utf8").trim().split("\n").slice(-12).join("\n")}`,
    );
}

function newest(file: string): number {
  if (!existsSync(file)) return 0;
  const stat = statSync(file);
  if (!stat.isDirectory()) return /\.test\.tsx?$/.test(file) ? 0 : stat.mtimeMs;
  return Math.max(0, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}
