import { execFile } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { prepareStore } from "../demo/environment";
import { installEstate } from "../demo/install";
import { ensureEmbedded, stopEmbedded } from "../lib/db/embedded";

/** What every product of the stories signs in with. */
export const login = { email: "admin@story.example", password: "a-password-for-stories" };

const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** Starts a server on a folder's cluster and puts into it what a product needs, where that is not there yet. */
export async function furnished(folder: string) {
  const { url: adminUrl } = await ensureEmbedded({ dataDir: path.join(folder, "pg"), settings });
  const [storeUrl, estate] = await Promise.all([prepareStore(adminUrl, login), installEstate(adminUrl)]);
  return { adminUrl, storeUrl, estateEnv: estate.env };
}

/** Makes the cluster that products begin with, once, and leaves it stopped, so that it can be copied. */
export async function makeGolden(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await furnished(folder);
  await stopEmbedded(path.join(folder, "pg"));
}

/** Copies the cluster and its password. */
export async function copyGolden(golden: string, folder: string): Promise<void> {
  // PostgreSQL may run as somebody else, who must own the copy too; Windows has no such somebody.
  if (process.platform === "win32") cpSync(golden, folder, { recursive: true });
  else await promisify(execFile)("cp", ["-Rp", `${golden}/.`, folder]);
}
