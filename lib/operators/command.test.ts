import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import { operatorCommand } from "./command";
import { firstAdministrator } from "./first";
import { passwordMatches } from "./password.rules";

let store: TestStore;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.close());

const run = (...args: string[]) => operatorCommand(store.db, args);
const passwordIn = (lines: readonly string[]) => lines.join("\n").match(/shown this once: (\S+)/)?.[1] ?? "";
const hashOf = async (email: string) =>
  (await rows<{ hash: string }>(store.db, sql`select password_hash as hash from operator where email = ${email}`))[0]!.hash;

test("C1 S3: a fresh store says how its first administrator comes to be, makes the one that is named, once, and then says nothing", async () => {
  expect(await firstAdministrator(store.db, {})).toEqual([
    expect.stringMatching(/^Nobody is an administrator yet: set ACCORD_ADMIN_EMAIL/),
  ]);
  const provider = {
    OIDC_ISSUER: "https://id.example.test",
    OIDC_CLIENT_ID: "accord",
    OIDC_CLIENT_SECRET: "secret",
    OIDC_ROLE_CLAIM: "groups",
    OIDC_ROLE_MAP: "sre=operator,leads=administrator",
  };
  expect((await firstAdministrator(store.db, provider))[0]).toMatch(/whose claim groups holds leads; or set ACCORD_ADMIN_EMAIL/);
  const lines = await firstAdministrator(store.db, { ACCORD_ADMIN_EMAIL: "Root@Example.test" });
  expect(await passwordMatches(passwordIn(lines), await hashOf("root@example.test"))).toBe(true);
  expect(await firstAdministrator(store.db, { ACCORD_ADMIN_EMAIL: "root@example.test" })).toEqual([]);
});

test("C1: people are added, listed and given a new password from the command line, and all of it is in the audit", async () => {
  const added = await run("add", "ada@example.test", "--role", "approver", "--zones", "orders, books");
  expect(added).toMatchObject({
    exitCode: 0,
    lines: ["ada@example.test is approver for orders, books.", expect.stringMatching(/shown this once/), expect.anything()],
  });
  const again = await run("reset", "ADA@example.test");
  expect(await passwordMatches(passwordIn(again.lines), await hashOf("ada@example.test"))).toBe(true);
  expect(await passwordMatches(passwordIn(added.lines), await hashOf("ada@example.test"))).toBe(false);
  expect((await run("list")).lines).toContain("ada@example.test  approver  orders,books");
  const entries = await rows<{ action: string }>(
    store.db,
    sql`select action from audit_entry where target_id in (select id::text from operator where email = 'ada@example.test') order by at, id`,
  );
  expect(entries.map(({ action }) => action)).toEqual(["operator.invite", "operator.reset_password"]);
});

test.each([
  [[], /^Usage/],
  [["add", "no-mail"], /e-mail/],
  [["add", "b@example.test", "--rule", "x"], /--rule is not understood/],
  [["add", "b@example.test", "--role", "king"], /role/],
  [["reset", "nobody@example.test"], /There is nobody/],
  [["add", "ada@example.test"], /is there already/],
])("C1: %j is refused with what to write instead", async (args, words) => {
  const answer = await run(...args);
  expect(answer.exitCode).toBe(2);
  expect(answer.lines.join("\n")).toMatch(words);
});
