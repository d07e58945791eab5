import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { cn } from "./cn";

const root = path.join(import.meta.dirname, "../..");

/** What no token can say, and why. */
const allowed: readonly (readonly [value: RegExp, why: string])[] = [
  [/^grid-cols-\[/, "a grid's template names columns that belong to one place"],
  [/\[[^\]]*(calc\(|min\(|\d(vh|dvh|lh)\b)/, "depends on the window, on the line or on what stands beside it"],
  [/^(border|border-t|ring)-\[1\.5px\]$/, "Tailwind has whole pixels of border, and these read as lines at 1.5"],
  [/^(size-\[12\.6px\]|gap-\[2\.6px\])$/, "2,000 squares fit the width of the panel"],
  [/^(h-\[2\.5px\]|left-\[-0\.5px\])$/, "drawn on a line of 1 px"],
  [/^align-\[-3px\]$/, "a box beside text stands on its middle"],
];

/** The values in a file's classes that are written there instead of taken from the theme. */
function writtenIn(text: string): string[] {
  const classes = [...text.matchAll(/(?<![\w[-])((?:[a-z-]+(?:\[[^\]\s]*\])?:)*)-?([a-z][a-z-]*-\[[^\]\s]+\])(?![:\w])/g)];
  return classes.map((found) => found[2]!).filter((value) => !/^(aria|data)-\[/.test(value));
}

test("spacing, sizes, radii and shadows come from the theme, but for a few that no token can say", () => {
  const files = ["app", "components"]
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file)),
    )
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file));
  const left = files.flatMap((file) =>
    writtenIn(readFileSync(path.join(root, file), "utf8"))
      .filter((value) => !allowed.some(([pattern]) => pattern.test(value)))
      .map((value) => `${file}: ${value}`),
  );
  expect(left).toEqual([]);
  expect(files.length).toBeGreaterThan(250);
});

test("a value that is written in a class is found, whatever stands before it", () => {
  expect(writtenIn('className="flex gap-[7px] max-md:p-[13px] -top-[2px] data-[state=open]:w-[92px]"')).toEqual([
    "gap-[7px]",
    "p-[13px]",
    "top-[2px]",
    "w-[92px]",
  ]);
  expect(writtenIn('"gap-1.75 aria-[current]:bg-selected [&_b]:font-medium data-[highlighted]:bg-hover"')).toEqual([]);
});

test("the later of two of our own tokens wins, as with Tailwind's", () => {
  expect(cn("h-8 px-2 text-12 text-ink", "h-control px-dialog-x text-16")).toBe("text-ink h-control px-dialog-x text-16");
  expect(cn("rounded-bar shadow-panel max-w-dialog", "rounded-square shadow-cursor max-w-dialog-wide")).toBe(
    "rounded-square shadow-cursor max-w-dialog-wide",
  );
});
