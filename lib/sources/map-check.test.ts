import { writeFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testFiles } from "../contracts/testing";
import { testDatabase } from "../db/testing";
import { checkCommand } from "./check-command";

const contract = `version: 1
zone: billing
title: Billing
promise: What is ordered is billed.
facts: [{ fact: order, authority: app }]
expectation: { class: eventual, window: 30s }
accountability: { owner: money }
`;
const accord = (map: string) => `version: 1
environment: test
sources:
  app:
    service: app
    preset: generic
    url: \${APP}
    dead_letters:
${map.replace(/^/gm, "      ")}
contracts: ./contracts
`;
const whole = `from: app.failed t
parked: t.state = 9
id: t.id
consumer: t.queue
type: t.kind
attempts: t.tries
occurred: t.made
retry: update app.failed set state = 1 where id = :id and state = 9`;

let database: Awaited<ReturnType<typeof testDatabase>>;
let owner: pg.Client;
let files: Awaited<ReturnType<typeof testFiles>>;
beforeAll(async () => {
  database = await testDatabase("map_check");
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(
    "create schema app; create table app.failed (id bigint primary key, queue text, kind text, state smallint, tries text, made bigint)",
  );
  await owner.query("drop role if exists map_check; create role map_check login password 'secret'");
  files = await testFiles({ "accord.yaml": "", "contracts/billing.yaml": contract });
});
afterAll(async () => {
  await owner.query("drop owned by map_check; drop role map_check");
  await owner.end();
  await database.drop();
  await files.remove();
});

const check = async (map: string, url = database.url) => {
  await writeFile(files.path, accord(map));
  const { lines, exitCode } = await checkCommand([], { ACCORD_CONFIG: files.path, APP: url });
  return { exitCode, lines: lines.map((line) => line.replace(files.path, "accord.yaml")) };
};

test("a map that fits is told so, and what it costs", async () => {
  const { lines, exitCode } = await check(whole.replace("occurred: t.made", "occurred: t.made\nepoch: ms"));
  expect(exitCode).toBe(0);
  expect(lines.join("\n")).toContain("Every field of the map fits the tables.");
});

test.each([
  [
    "a column that is not there",
    "attempts: t.tries",
    "attempts: t.attempts",
    "accord.yaml:14:17 dead_letters.attempts: column t.attempts does not exist.",
  ],
  [
    "a table that is not there",
    "app.failed t",
    "app.failures t",
    'accord.yaml:9:13 dead_letters.from: relation "app.failures" does not exist.',
  ],
  [
    "a number that is a time in nobody knows which unit",
    "attempts",
    "attempts",
    "accord.yaml:15:17 dead_letters.occurred: occurred is bigint: say epoch: s, ms, us or ns, so that it is a time.",
  ],
  [
    "a text that is a time",
    "occurred: t.made",
    "occurred: t.queue",
    "accord.yaml:15:17 dead_letters.occurred: occurred is text and no time: cast it, as in (occurred)::timestamptz.",
  ],
  [
    "a condition that is none",
    "parked: t.state = 9",
    "parked: t.state",
    "accord.yaml:10:15 dead_letters.parked: is smallint and no condition, which is true or false.",
  ],
  [
    "types that do not compare",
    "parked: t.state = 9",
    "parked: t.state = 'nine'",
    'accord.yaml:10:15 dead_letters.parked: invalid input syntax for type smallint: "nine".',
  ],
  [
    "a function that is not there",
    "type: t.kind",
    "type: kindof(t.kind)",
    "accord.yaml:13:13 dead_letters.type: function kindof(text) does not exist.",
  ],
  [
    "a retry of a column that is not there",
    "set state = 1",
    "set status = 1",
    'accord.yaml:16:14 dead_letters.retry: column "status" of relation "failed" does not exist.',
  ],
])("%s is found by asking the database, and told with its place in the file", async (_, part, instead, line) => {
  const map = whole.replace(part, instead);
  const { lines, exitCode } = await check(line.includes("occurred") ? map : map.replace("occurred: t.made", "occurred: now()"));
  expect(exitCode).toBe(1);
  expect(lines).toContain(line);
});

test("each right that is missing is named with the grant that gives it, and the grants are enough", async () => {
  const map = whole.replace("occurred: t.made", "occurred: now()");
  const url = Object.assign(new URL(database.url), { username: "map_check", password: "secret" }).href;
  const todo = async () => (await check(map, url)).lines.join("\n");
  expect(await todo()).toContain("grant usage on schema app to map_check");
  await owner.query("grant usage on schema app to map_check");
  expect(await todo()).toContain("grant select on failed to map_check");
  await owner.query("grant select on app.failed to map_check");
  expect(await todo()).toContain("grant update (the columns that retry and discard set) on failed to map_check");
  await owner.query("grant update (state) on app.failed to map_check");
  expect((await check(map, url)).exitCode).toBe(0);
});
