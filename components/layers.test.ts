import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { importsOf } from "@/lib/layers.testing";

const folder = import.meta.dirname;

/** Each knows only what stands before it. A noun's queries, words, filter and acts are known to all screens; its screens are not. */
const order = [
  "ui",
  "charts",
  "fetch",
  "save-file",
  "intent",
  "queries",
  "live",
  "form-dialog",
  "preview",
  "shell",
  "approvals",
  "timeline",
  "reconciliation",
  "sources",
  "operations",
  "dead-letters",
  "sagas",
  "cases",
  "alerts",
  "objectives",
  "channels",
  "zones",
  "contracts",
  "audit",
  "tokens",
  "operators",
  "providers",
];

/** Where in the order a file of components stands, named without its ending. */
const unitOf = (file: string): string =>
  /^components\/[\w-]+\/(queries|words|filter|actions)$/.test(file) ? "queries" : file.split("/")[1]!;

/** The imports of a file that go up, as `from → to`. */
function upwardOf(file: string, text: string): string[] {
  const from = unitOf(file);
  const ups = importsOf(`${file}.ts`, text).filter(
    (to) => to.startsWith("components/") && order.indexOf(unitOf(to)) > order.indexOf(from),
  );
  return ups.map((to) => `${file} → ${to}`);
}

test("the screens' folders stand on each other in one order", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /(?<!\.test)\.tsx?$/.test(file));
  const units = new Set<string>();
  const upward = files.flatMap((file) => {
    const named = `components/${file.replace(/\.tsx?$/, "")}`;
    units.add(unitOf(named));
    return upwardOf(named, readFileSync(path.join(folder, file), "utf8"));
  });
  expect(upward).toEqual([]);
  expect([...units].sort()).toEqual([...order].sort());
});

test.each([
  ["components/ui/badge", 'import { Loaded } from "@/components/live/loaded";'],
  ["components/live/tab", 'import { useFrozen } from "@/components/shell/stale-banner";'],
  ["components/cases/words", 'import { CaseList } from "./case-list";'],
  ["components/sagas/saga-list", 'import { ZoneTabs } from "@/components/zones/zone-tabs";'],
])("an import that goes up is found: %s", (file, text) => {
  expect(upwardOf(file, text)).toHaveLength(1);
});
