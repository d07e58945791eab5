import { readFileSync } from "node:fs";
import path from "node:path";

/** The text of a service's tables.sql. */
export function readTables(folder: string): string {
  return readFileSync(path.join(folder, "tables.sql"), "utf8");
}
