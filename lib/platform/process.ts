import { readFileSync } from "node:fs";

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

/** The lines of a small file; null when it cannot be read. */
export function readLines(file: string): string[] | null {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return null;
  }
}
