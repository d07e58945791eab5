import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isAlive } from "./process";

/**
 * Takes the lock file, or answers false while another process holds it. A lock is stale when its holder is dead or it is older than
 * `ageMsMax`, since the holder's number may have gone to another process. For work that is only wasted, not harmful, when done twice.
 */
export function takeLock(file: string, ageMsMax: number): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (isStale(file, ageMsMax)) rmSync(file, { force: true });
    return false;
  }
}

/** Gives the lock file back. */
export function releaseLock(file: string): void {
  rmSync(file, { force: true });
}

function isStale(file: string, ageMsMax: number): boolean {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    // A holder that is just about to write its number reads as 0.
    return Date.now() - statSync(file).mtimeMs > ageMsMax || (holder > 0 && !isAlive(holder));
  } catch {
    return false;
  }
}
