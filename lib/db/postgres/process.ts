import path from "node:path";
import { isAlive, readLines } from "../../platform/process";

/** What a running server says about itself in `postmaster.pid`. */
export type Postmaster = { pid: number; port: number; ready: boolean };

/** The server that runs on this data directory, or null; a file left behind by a dead server is nobody. */
export function runningPostmaster(dataDir: string): Postmaster | null {
  const lines = readLines(path.join(dataDir, "postmaster.pid"));
  const pid = Number(lines?.[0]);
  if (!lines || !pid || !isAlive(pid, "postgres")) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
}
