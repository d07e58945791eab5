import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, statfsSync, statSync } from "node:fs";
import { freemem, userInfo } from "node:os";
import path from "node:path";

const root = path.join(import.meta.dirname, "../..");
const onDisk = path.join(root, ".data/test");
const MEMORY = "/dev/shm";
// What all clusters of a run take at once is 2 GB; the same again is left to everybody else.
const FREE_BYTES_MIN = 6 * 2 ** 30;
const variable = "ACCORD_TEST_FOLDER";

/**
 * Where a run's clusters lie: in memory where there is plenty, since a database is some nine hundred files, and making them on a disk takes
 * thirty times the work; beside the code otherwise. `ACCORD_TEST_FOLDER` names another place. All processes of a run have the same one.
 */
export function scratchFolder(): string {
  process.env[variable] ??= inMemory() ?? onDisk;
  return process.env[variable];
}

function inMemory(): string | null {
  // Each clone and each user has a folder of its own, the same in every run.
  const name = createHash("sha256").update(`${root} ${userInfo().uid}`).digest("hex").slice(0, 12);
  const folder = path.join(MEMORY, `accord-${name}`);
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    if (Math.min(bavail * bsize, freemem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) < FREE_BYTES_MIN)
      return null;
    // PostgreSQL may run as somebody else, who must reach what lies in it.
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    return statSync(folder).uid === userInfo().uid ? folder : null;
  } catch {
    return null;
  }
}
