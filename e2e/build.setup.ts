import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { stopEmbedded } from "../lib/db/embedded";
import { isAlive } from "../lib/platform/process";
import { makeGolden } from "./golden";
import { goldenEnv, pages, productsFolder } from "./setup";

/** Vitest's global setup of the stories: begins to build the pages as users get them, and makes what products are copied from. Products of stories that were killed are cleared away. */
export default async function setup(): Promise<() => Promise<void>> {
  await clearProducts();
  const golden = path.join(productsFolder, `${process.pid}-golden`);
  // The first story waits for it, and says why if it fails.
  const built = pages().catch(() => {});
  await makeGolden(golden);
  process.env[goldenEnv] = golden;
  return async () => {
    await built;
    rmSync(golden, { recursive: true, force: true });
    await clearProducts();
  };
}

async function clearProducts(): Promise<void> {
  const left = existsSync(productsFolder) ? readdirSync(productsFolder) : [];
  for (const name of left.filter((each) => !isAlive(Number.parseInt(each, 10)))) {
    await stopEmbedded(path.join(productsFolder, name, "pg"));
    rmSync(path.join(productsFolder, name), { recursive: true, force: true });
  }
}
