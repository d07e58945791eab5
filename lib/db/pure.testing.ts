import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { importsOf } from "../layers.testing";

const DATABASE = /^lib\/db\/(testing|embedded)$/;

/** The tests below these folders that reach no database, neither by themselves nor through the helpers that they import. */
export function pureTests(root: string, folders: string[]): string[] {
  const known = new Map<string, boolean>();
  const reaches = (file: string): boolean => {
    const kept = known.get(file);
    if (kept !== undefined) return kept;
    known.set(file, false);
    const imports = importsOf(file, readFileSync(path.join(root, file), "utf8"));
    const found = imports.some((to) => DATABASE.test(to) || (/testing$/.test(to) && reaches(`${to}.ts`)));
    known.set(file, found);
    return found;
  };
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
    )
    .filter((file) => /\.test\.tsx?$/.test(file) && existsSync(path.join(root, file)) && !reaches(file));
}
