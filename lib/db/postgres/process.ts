import { readFileSync } from "node:fs";
import path from "node:path";

/** What a running server says about itself in `postmaster.pid`. */
export type Postmaster = { pid: number; port: number; ready: boolean };

/** The server that runs on this data directory, or null; a file left behind by a dead server is nobody. */
export function runningPostmaster(dataDir: string): Postmaster | null {
  const lines = readLines(path.join(dataDir, "postmaster.pid"));
  const pid = Number(lines?.[0]);
  if (!lines || !pid || !isAlive(pid, "postgres")) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
}

/** Whether a process runs. A zombie does not; nor does a stranger that was given the number of a process called `name`. */
export function isAlive(pid: number, name?: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  if (process.platform !== "linux") return true;
  // Signal 0 reaches zombies too, and in a container nobody may be there to reap them.
  const [, actual, state] = /^\d+ \((.*)\) (\w)/s.exec(readLines(`/proc/${pid}/stat`)?.join("\n") ?? "") ?? [];
  return actual !== undefined && state !== "Z" && (name === undefined || actual === name);
}

function readLines(file: string): string[] | null {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return null;
  }
}
