import path from "node:path";
import { buildIfStale } from "../lib/launch/build";
import { root } from "../lib/launch/family";

/** Vitest's global setup of the stories: the pages, built as users get them. */
export default async function setup(): Promise<void> {
  await buildIfStale(path.join(root, ".data/test/build.log"));
}
