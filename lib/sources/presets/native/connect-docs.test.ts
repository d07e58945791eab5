import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messageColumns, messageParameters, selectMessage } from "../../../../client/src/message";
import { testDatabase } from "../../../db/testing";
import { root } from "../../../launch/root";
import { installNative } from "./install";

const folder = path.join(root, "docs/connect");
// Beside a page for each language there are some for services that keep their own tables.
const others = ["mapped.md", "retry-over-http.md"];
const pages = readdirSync(folder).filter((name) => name.endsWith(".md") && !others.includes(name));
const sources = path.join(root, "client/src");
const packaged = readdirSync(sources)
  .filter((name) => !/test(ing)?\.ts$/.test(name))
  .map((name) => readFileSync(path.join(sources, name), "utf8"));

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

/** The statements of a page: blocks of SQL, and in the code of a language every literal that names our tables. TypeScript's code is the package. */
function statementsOf(page: string): string[] {
  const code = page === "typescript.md" ? packaged.map((text) => `\`\`\`ts\n${text}\`\`\`\n`).join("") : "";
  const text = `${readFileSync(path.join(folder, page), "utf8")}\n${code}`
    .replaceAll(/\$\{selectMessage\}/g, selectMessage)
    .replaceAll(/\$\{messageColumns\}/g, messageColumns)
    .replaceAll(/\$\{messageParameters\}/g, messageParameters)
    .replaceAll(/\$\{selectSaga\}/g, "saga_id, version")
    .replaceAll(/\$\{(BATCH|SWEEP)\}/g, "50");
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

test.each(pages)(
  "T7: by docs/connect/%s a request whose dead letter's number names another message by now ends stale, and that message is left alone",
  async (page) => {
    const take = statementsOf(page).find((statement) => /^update messaging\.redelivery[\s\S]*skip locked/.test(statement))!;
    const settle = statementsOf(page).find((statement) => /^with done[\s\S]*'resolved'/.test(statement))!;
    const park = () =>
      client.query(
        `insert into messaging.dead_letter (consumer, message_id, event_type, business_key, payload, error_type, error_message, attempts, first_failed_at)
       values ('stock', gen_random_uuid(), 'Placed', 'S-1', '{}', 'Error', 'no', 1, now()) returning dead_letter_id, message_id`,
      );
    await client.query("truncate messaging.dead_letter, messaging.redelivery restart identity");
    const [letter] = (await park()).rows;
    const ask = (of: { dead_letter_id: string; message_id: string }) =>
      client.query(
        "insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by) values (gen_random_uuid(), $1, 'stock', $2, 'Ada') returning redelivery_id",
        [of.dead_letter_id, of.message_id],
      );
    const [request] = (await ask(letter)).rows;
    await client.query("truncate messaging.dead_letter restart identity");
    const [other] = (await park()).rows;
    expect(other.dead_letter_id).toBe(letter.dead_letter_id);
    await client.query(numbered(take), ["stock"]);
    // A consumer that took it before all that settles what it took.
    const values =
      /\$2/.test(numbered(settle)) && /redelivery_id = \$1/.test(numbered(settle))
        ? [request.redelivery_id, "applied"]
        : ["applied", request.redelivery_id, "applied"];
    await client.query(numbered(settle), values);
    const rows = await client.query("select state from messaging.dead_letter");
    expect(rows.rows).toEqual([{ state: "parked" }]);
    // What is still there is taken and resolved as ever.
    const [good] = (await ask(other)).rows;
    await client.query("update messaging.redelivery set state = 'stale' where redelivery_id <> $1", [good.redelivery_id]);
    await client.query(numbered(take), ["stock"]);
    expect(
      (await client.query("select state from messaging.redelivery where redelivery_id = $1", [good.redelivery_id])).rows,
    ).toEqual([{ state: "taken" }]);
  },
);

test.each(pages)("T7: taken by docs/connect/%s, a request without its dead letter is stale", async (page) => {
  const take = statementsOf(page).find((statement) => /^update messaging\.redelivery[\s\S]*skip locked/.test(statement))!;
  await client.query("truncate messaging.dead_letter, messaging.redelivery restart identity");
  await client.query(
    "insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by) values (gen_random_uuid(), 1, 'stock', gen_random_uuid(), 'Ada')",
  );
  await client.query(numbered(take), ["stock"]);
  expect((await client.query("select state, finished_at is not null as ended from messaging.redelivery")).rows).toEqual([
    { state: "stale", ended: true },
  ]);
});
