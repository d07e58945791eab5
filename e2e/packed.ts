import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { root } from "../lib/launch/root";

type Lock = { packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }> };

/** What the Dockerfile's second stage copies from the first, and where to. */
export const copiedFiles = (): { from: string; to: string }[] =>
  [...readFileSync(path.join(root, "Dockerfile"), "utf8").matchAll(/^COPY --from=build (.+) (\S+)$/gm)].flatMap(([, from, to]) =>
    from!.split(" ").map((file) => {
      const name = file.replace(/^\/accord\//, "");
      return { from: name, to: to!.endsWith("/") ? path.join(to!, path.basename(name)) : to! };
    }),
  );

/** Puts the product into a folder as the image holds it: what the build made, and of node_modules what `npm prune --omit=dev --omit=optional` leaves. */
export function packProduct(folder: string): void {
  for (const { from, to } of copiedFiles()) {
    if (from === "node_modules") {
      copyModules(folder);
      continue;
    }
    mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
    cpSync(path.join(root, from), path.join(folder, to), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => file !== path.join(root, ".next/cache"),
    });
  }
}

function copyModules(folder: string): void {
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as Lock;
  const names = Object.keys(packages).filter((name) => name.startsWith("node_modules/") && existsSync(path.join(root, name)));
  const left = names.filter((name) => {
    const { dev, optional, devOptional } = packages[name]!;
    return !dev && !optional && !devOptional;
  });
  const tops = left.filter((name) => !left.some((other) => name.startsWith(`${other}/`)));
  copyFolders(tops, folder);
  for (const name of names) if (!left.includes(name)) rmSync(path.join(folder, name), { recursive: true, force: true });
}

// As links where the file system allows it: files that nobody changes.
function copyFolders(names: string[], folder: string): void {
  const copy = (...how: string[]) => execFileSync("cp", [...how, "--parents", ...names, folder], { cwd: root, stdio: "ignore" });
  try {
    copy("-al");
  } catch {
    copy("-a");
  }
}
