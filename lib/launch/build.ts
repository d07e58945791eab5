import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { releaseLock, takeLock } from "../platform/lock-file";
import { packPages } from "./pack";
import { next, production } from "./programs";
import { root } from "./root";

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
// Whoever builds touches the lock; a build itself may take as long as the machine is slow.
const TOUCHED_MS_MAX = 60_000;

/** Whether a build exists at all. */
export const isBuilt = (): boolean => existsSync(buildId);

/** Whether the build is newer than everything that it was made of. */
export function isBuildFresh(): boolean {
  return isBuilt() && Math.max(...sources.map((source) => newest(path.join(root, source)))) < statSync(buildId).mtimeMs;
}

/** Builds the pages unless that is done already; of several at once, one builds and the others wait. Output goes to `logFile`. */
export async function buildIfStale(logFile: string): Promise<{ built: boolean }> {
  mkdirSync(path.dirname(lockFile), { recursive: true });
  while (!takeLock(lockFile, TOUCHED_MS_MAX)) await sleep(200);
  const touching = setInterval(() => touch(lockFile), TOUCHED_MS_MAX / 6).unref();
  try {
    if (isBuildFresh()) return { built: false };
    const begunAt = new Date();
    await build(logFile);
    await packPages();
    // What was edited while the build ran is not in it.
    utimesSync(buildId, begunAt, begunAt);
    return { built: true };
  } finally {
    clearInterval(touching);
    releaseLock(lockFile);
  }
}

function touch(file: string): void {
  if (existsSync(file)) utimesSync(file, new Date(), new Date());
}

async function build(logFile: string): Promise<void> {
  mkdirSync(path.dirname(logFile), { recursive: true });
  writeFileSync(logFile, "", { mode: 0o600 });
  const child = execa(process.execPath, next("build"), {
    cwd: root,
    env: production,
    stdin: "ignore",
    stdout: { file: logFile, append: true },
    stderr: { file: logFile, append: true },
    buffer: false,
    reject: false,
  });
  // Whoever waits for it has other work meanwhile.
  if (child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const { failed } = await child;
  if (failed)
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
