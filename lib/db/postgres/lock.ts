import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isAlive } from "./process";

// Longer than any start takes: an older lock belongs to a number that was given to another process.
const LOCK_AGE_MS_MAX = 60_000;

/** Takes the lock file, or answers false while somebody else starts the server. Only saves work: two holders would do no harm. */
export function takeLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (isStale(file)) rmSync(file, { force: true });
    return false;
  }
}

/** Gives the lock file back. */
export function releaseLock(file: string): void {
  rmSync(file, { force: true });
}

function isStale(file: string): boolean {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    // A holder that is just about to write its number reads as 0.
    return Date.now() - statSync(file).mtimeMs > LOCK_AGE_MS_MAX || (holder > 0 && !isAlive(holder));
  } catch {
    return false;
  }
}
