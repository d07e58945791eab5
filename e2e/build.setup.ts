import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { stopEmbedded } from "../lib/db/embedded";
import { isAlive } from "../lib/db/postgres/process";
import { buildIfStale } from "../lib/launch/build";
import { root } from "../lib/launch/family";
import { productsFolder } from "./setup";

/** Vitest's global setup of the stories: the pages, built as users get them. Products of stories that were killed are cleared away. */
export default async function setup(): Promise<() => Promise<void>> {
  await clearProducts();
  await buildIfStale(path.join(root, ".data/test/build.log"));
  return clearProducts;
}

async function clearProducts(): Promise<void> {
  const left = existsSync(productsFolder) ? readdirSync(productsFolder) : [];
  for (const name of left.filter((each) => !isAlive(Number.parseInt(each, 10)))) {
    await stopEmbedded(path.join(productsFolder, name, "pg"));
    rmSync(path.join(productsFolder, name), { recursive: true, force: true });
  }
}
