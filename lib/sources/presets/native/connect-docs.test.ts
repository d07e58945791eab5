import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "../../../db/testing";
import { root } from "../../../launch/family";
import { installNative } from "./install";

const folder = path.join(root, "docs/connect");
const pages = readdirSync(folder);

let database: Awaited<ReturnType<typeof testDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase("connect");
  await installNative(database.url);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** The statements of a page: blocks of SQL, and in the code of a language every literal that names our tables. */
function statementsOf(page: string): string[] {
  const text = readFileSync(path.join(folder, page), "utf8");
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language, body]) => ({ language, body: body! }));
  const literals = (body: string) =>
    [...body.matchAll(/"""([\s\S]*?)"""|`([\s\S]*?)`|"((?:[^"\\\n])*)"/g)].map((found) => found[1] ?? found[2] ?? found[3] ?? "");
  return blocks
    .flatMap(({ language, body }) => (language === "sql" ? body.split(/;\s*\n/) : literals(body)))
    .map((statement) => statement.trim().replace(/;$/, ""))
    .filter((statement) => /^(insert|update|select|delete|with)\b[\s\S]*\bmessaging\./.test(statement));
}

// JDBC writes every parameter as a question mark.
function numbered(statement: string): string {
  let n = 0;
  return statement.replace(/\?/g, () => `$${++n}`);
}

test("there is a page for each of four languages, each with all that a consumer writes", () => {
  expect(pages.sort()).toEqual(["README.md", "dotnet.md", "go.md", "java.md", "typescript.md"]);
  for (const page of pages)
    for (const table of ["outbox", "inbox", "inbox_duplicate", "dead_letter", "redelivery"])
      expect(
        statementsOf(page).some((statement) => statement.includes(`messaging.${table} `)),
        `${page} ${table}`,
      ).toBe(true);
});

test.each(pages)("every statement of docs/connect/%s fits the native tables", async (page) => {
  const refused: string[] = [];
  expect(statementsOf(page).length).toBeGreaterThan(5);
  for (const [n, statement] of statementsOf(page).entries()) {
    await client
      .query(`prepare doc_${pages.indexOf(page)}_${n} as ${numbered(statement)}`)
      .catch((error: Error) => refused.push(`${error.message}: ${statement.slice(0, 200)}`));
  }
  expect(refused).toEqual([]);
});
