import { Writable } from "node:stream";
import { inspect } from "node:util";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "./db/pool";
import { type TestStore, testStore } from "./db/testing";
import { faultFacts, openLog } from "./log";
import { Refusal } from "./refusal";

let store: TestStore;
beforeAll(async () => {
  store = await testStore(4);
});
afterAll(() => store.close());

const canary = "canary 4111 1111 1111 1111";
const thrownBy = (work: () => Promise<unknown>): Promise<Error> =>
  work().then(
    () => Promise.reject(new Error("It did not fail.")),
    (error) => error,
  );
/** An error as a log prints it, and as a console would. */
function printed(error: unknown): string {
  let text = "";
  const stream = new Writable({
    write: (chunk, _, done) => {
      text += chunk;
      done();
    },
  });
  openLog("test", stream).error({ fault: error }, "it failed");
  return text + inspect(error, { depth: null, showHidden: true });
}

test.each([
  ["a value that is no number", () => store.db.execute(sql`select ${canary}::int`), "22P02"],
  ["a row that breaks a rule", () => store.db.execute(sql`insert into sign_in_throttle (key) values (${canary})`), "23502"],
  ["a table that is not there", () => store.db.execute(sql`select ${canary} from nowhere`), "42P01"],
  ["a statement in a transaction of a transaction", () => nested(), "22P02"],
  [
    "a statement that takes too long",
    () =>
      store.db.transaction(async (tx) => {
        await tx.execute(sql`set local statement_timeout = 20`);
        await tx.execute(sql`select pg_sleep(5), ${canary}`);
      }),
    "57014",
  ],
])("S1: of %s a log has the reason and the place, and no value", async (_name, work, code) => {
  const text = printed(await thrownBy(work));
  expect(text).toContain(code);
  expect(text).toContain("log.test.ts");
  expect(text).not.toContain("canary");
  expect(text).not.toContain("4111");
});

test("S1: of a value that holds a stack, a log has none of its lines", async () => {
  const written = `Error: ${canary}\n    at reserve (/srv/${canary}/stock.js:10:3)`;
  const thrown = await thrownBy(() => store.db.execute(sql`select ${written} from nowhere`));
  const bare = new Error(`it failed with ${written}`);
  const changed = new Error("it failed");
  changed.stack = `Error: it failed with ${written}`;
  expect(printed(thrown)).not.toContain("canary");
  for (const error of [thrown, bare, Object.assign(changed, { message: "something else" })])
    expect(faultFacts(error).at.join("\n")).not.toContain("canary");
  expect(faultFacts(bare).at.join("\n")).toContain("log.test.ts");
  expect(printed(thrown)).toContain("42P01");
});

const nested = () => store.db.transaction((tx) => tx.transaction((inner) => inner.execute(sql`select ${canary}::uuid`)));

test("what a verb refuses in a transaction is that refusal, and a store that is away is a fault with its code", async () => {
  const refusal = new Refusal("conflict", "Somebody was first.");
  expect(await thrownBy(() => store.db.transaction(() => Promise.reject(refusal)))).toBe(refusal);
  const away = openStore("postgres://nobody@127.0.0.1:1/nowhere", 1);
  expect(await thrownBy(() => away.db.transaction(async () => {}))).toMatchObject({ code: "ECONNREFUSED" });
  await away.close();
});
