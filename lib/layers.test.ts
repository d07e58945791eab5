import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { exceptions, importsOf, isTest, placeOf, rulesWithoutName, type Violation, violationsOf, whyNot } from "./layers.testing";
import { circlesOf, rows, unitOf, whyNotUp } from "./rows.testing";

const root = path.join(import.meta.dirname, "..");

function filesIn(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" || entry.name.startsWith(".") ? [] : filesIn(name);
    return /\.tsx?$/.test(entry.name) ? [name] : [];
  });
}

const texts = new Map(filesIn("").map((file) => [file, readFileSync(path.join(root, file), "utf8")]));

test("every import in the repository leans the right way", () => {
  expect(texts.size).toBeGreaterThan(300);
  const violations = [...texts].flatMap(([file, text]) => violationsOf(file, text));
  const excepted = ({ file, to }: Violation) => `${file} ${to}` in exceptions;
  expect(violations.filter((one) => !excepted(one)).map(({ file, to, why }) => `${file} imports ${to}: ${why}.`)).toEqual([]);
  expect(violations.filter(excepted).map(({ file, to }) => `${file} ${to}`)).toEqual(Object.keys(exceptions));
});

test.each([
  ["lib/zones/service.ts", "next/headers"],
  ["lib/zones/service.ts", "react"],
  ["lib/worker/main.ts", "server-only"],
  ["lib/audited.ts", "@tanstack/react-query"],
  ["lib/zones/service.ts", "components/ui/cn"],
  ["lib/zones/service.ts", "app/_server/log"],
  ["components/zones/zone-row.tsx", "lib/zones/sql"],
  ["components/zones/zone-row.tsx", "lib/zones/service"],
  ["components/zones/zone-row.tsx", "lib/contracts/sql-read"],
  ["components/zones/zone-row.tsx", "lib/sources/presets/native/look"],
  ["components/zones/zone-row.tsx", "lib/db/pool"],
  ["components/zones/zone-row.tsx", "lib/audited"],
  ["components/zones/zone-row.tsx", "drizzle-orm"],
  ["components/zones/zone-row.tsx", "next/link"],
  ["components/zones/zone-row.tsx", "app/_server/page"],
  ["components/zones/zone-row.tsx", "recharts"],
  ["app/api/v1/zones/route.ts", "lib/zones/sql"],
  ["app/api/v1/zones/route.ts", "lib/zones/causes.sql"],
  ["app/api/v1/zones/route.ts", "drizzle-orm"],
  ["app/api/v1/zones/route.ts", "drizzle/schema/zones"],
  ["app/_server/me.ts", "next-auth"],
  ["app/_server/me.ts", "next-auth/jwt"],
  ["proxy.ts", "lib/zones/sql"],
  ["demo/main.ts", "lib/sources/sql"],
  ["lib/worker/tasks.ts", "lib/sources/sql"],
  ["lib/zones/sql.ts", "lib/zones/service"],
  ["lib/zones/causes.sql.ts", "lib/zones/views"],
  ["lib/zones/sql.ts", "lib/zones/input"],
  ["lib/zones/sql.ts", "lib/audited"],
  ["lib/contracts/sql-read.ts", "lib/contracts/files"],
  ["lib/zones/rules.ts", "lib/zones/views"],
  ["lib/zones/rules.ts", "lib/db/pool"],
  ["lib/zones/rules.ts", "drizzle-orm"],
  ["lib/zones/rules.ts", "node:fs"],
  ["lib/zones/words.ts", "lib/zones/sql"],
  ["lib/zones/views.ts", "lib/zones/service"],
  ["lib/zones/input.ts", "lib/zones/sql"],
  ["lib/zones/service.ts", "drizzle-orm"],
  ["lib/zones/service.ts", "pg"],
  ["lib/sources/presets/native/look.ts", "lib/sources/sql"],
  ["lib/sources/presets/native/look.ts", "lib/observation/rules"],
  ["lib/sources/presets/native/look.ts", "lib/time"],
  ["lib/observation/service.ts", "lib/sources/presets/native/native"],
  ["lib/dead-letters/service.ts", "lib/zones/service"],
  ["lib/dead-letters/views.ts", "lib/zones/rules"],
  ["lib/operations/sql.ts", "lib/zones/rules"],
  ["lib/masking.ts", "lib/zones/sql"],
  ["lib/zones/service.ts", "lib/db/testing"],
  ["lib/sources/registry.ts", "client/src/index"],
  ["components/zones/zone-row.tsx", "client/src/index"],
  ["client/src/relay.ts", "lib/time"],
  ["client/src/databases.ts", "pg"],
])("%s may not import %s", (file, to) => {
  expect(whyNot(file, to)).toEqual(expect.any(String));
});

test.each([
  ["components/zones/zone-row.tsx", "lib/zones/views"],
  ["components/zones/zone-row.tsx", "lib/time"],
  ["components/ui/link.tsx", "next/link"],
  ["components/charts/plot.tsx", "recharts"],
  ["app/_server/session.ts", "next-auth/jwt"],
  ["app/api/v1/zones/route.ts", "lib/zones/service"],
  ["lib/zones/service.ts", "lib/dead-letters/sql"],
  ["lib/zones/sql.ts", "drizzle-orm"],
  ["lib/zones/sql.ts", "lib/zones/rules"],
  ["lib/zones/rules.ts", "lib/verdicts/rules"],
  ["lib/dead-letters/views.ts", "lib/verdicts/views"],
  ["lib/sources/presets/native/look.ts", "lib/sources/source"],
  ["lib/sources/presets/native/look.ts", "pg"],
  ["lib/sources/registry.ts", "lib/sources/presets/native/native"],
  ["lib/worker/tasks.ts", "lib/zones/judge"],
  ["lib/zones/service.test.ts", "lib/db/testing"],
  ["demo/kit/service.ts", "client/src/index"],
  ["client/src/relay.ts", "client/src/sql"],
  ["client/src/outbox.ts", "node:crypto"],
])("%s may import %s", (file, to) => {
  expect(whyNot(file, to)).toBeNull();
});

test("an import is seen however it is written, and only imports are", () => {
  const text = `import type { A } from "./sql";
import {
  b,
  type C,
} from "../db/pool";
export { d } from "@/lib/zones/sql";
import "server-only";
const late = await import("./late");
const words = 'import x from "nowhere"';
// import { e } from "commented";
export const from = "here";`;
  expect(importsOf("lib/zones/service.ts", text)).toEqual([
    "lib/zones/sql",
    "lib/db/pool",
    "lib/zones/sql",
    "server-only",
    "lib/zones/late",
  ]);
});

test("a planted violation is found in a file's text, a type that erases like a value", () => {
  const screen = 'import { Row } from "@/components/ui/row";\nimport type { Stored } from "@/lib/zones/sql";\n';
  expect(violationsOf("components/zones/row.tsx", screen)).toEqual([
    { file: "components/zones/row.tsx", to: "lib/zones/sql", why: expect.stringContaining("no query") },
  ]);
});

test("the cell of a file follows from its name", () => {
  const layers = [
    "lib/zones/rules.ts",
    "lib/sources/read.sql.ts",
    "lib/contracts/sql-read.ts",
    "lib/zones/judge.ts",
    "lib/time.ts",
  ];
  expect(layers.map((file) => placeOf(file).layer)).toEqual(["rules", "sql", "sql", "service", "root"]);
});

test("what could be held to the rules carries their name, and what stands on it likewise", () => {
  expect(rulesWithoutName(texts)).toEqual([]);
  const planted = new Map([
    ["lib/zones/ages.ts", 'import { inWords } from "./years";'],
    ["lib/zones/years.ts", 'import type { Instant } from "../time";'],
    ["lib/zones/judge.ts", 'import { read } from "./sql";'],
    ["lib/zones/judged.ts", 'import { judge } from "./judge";'],
  ]);
  expect(rulesWithoutName(planted)).toEqual(["lib/zones/ages.ts", "lib/zones/years.ts"]);
});

test("each row of lib knows only what stands above it, without an exception", () => {
  console.log(rows.map((row) => row.join(" · ")).join("\n"));
  const upward = [...texts].flatMap(([file, text]) =>
    importsOf(file, text).flatMap((to) => {
      const why = whyNotUp(file, to);
      return why === null ? [] : [`${file} imports ${to}: ${why}.`];
    }),
  );
  expect(upward).toEqual([]);
});

test("every noun of lib has its row, and no row is empty", () => {
  const units = new Set([...texts.keys()].filter((file) => !isTest(file)).flatMap((file) => unitOf(file) ?? []));
  expect([...units].sort()).toEqual([...rows.flat()].sort());
});

test.each(rows.slice(0, -1).map((row, i) => [row[0], rows[i + 1]![0]] as const))(
  "one import of %s planted upward, from the row below (%s), is found",
  (above, below) => {
    expect(whyNotUp(`lib/${above}/planted.ts`, `lib/${below}/rules`)).toBe(`${above} stands above ${below} and may not know it`);
    expect(whyNotUp(`lib/${below}/planted.ts`, `lib/${above}/rules`)).toBeNull();
  },
);

test("a folder without a row may be known by none and know none", () => {
  expect(whyNotUp("lib/rumours/service.ts", "lib/db/pool")).toBe("rumours has no row yet");
  expect(whyNotUp("lib/worker/tasks.ts", "lib/rumours/service")).toBe("rumours has no row yet");
});

test("no files import each other in a circle, anywhere in the repository", () => {
  const product = new Map([...texts].filter(([file]) => !/\.(test|soak)\.tsx?$/.test(file)));
  expect(circlesOf(product)).toEqual([]);
});

test("a circle is found however long it is, and a type that erases closes one", () => {
  const planted = new Map([
    ["bench/a.ts", 'import { b } from "./b";'],
    ["bench/b.ts", 'import { c } from "../lib/c";'],
    ["lib/c.ts", 'import type { A } from "../bench/a";'],
    ["lib/d.ts", 'import { c } from "./c";'],
  ]);
  expect(circlesOf(planted)).toEqual([["bench/a.ts", "bench/b.ts", "lib/c.ts"]]);
});
