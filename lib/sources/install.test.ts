import { rm } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testFiles } from "../contracts/testing";
import { testDatabase } from "../db/testing";
import { installSource } from "./install";

let folder: string;
let configuration: string;
beforeAll(async () => {
  ({ folder, path: configuration } = await testFiles({
    "accord.yaml":
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration names variables so.
      "version: 1\nenvironment: test\nsources:\n  orders:\n    service: order-service\n    url: ${ORDERS_DATABASE_URL}\n    act_url: ${ORDERS_ACTOR_URL}\ncontracts: ./contracts\n",
    "contracts/zone.yaml":
      "version: 1\nzone: orders\ntitle: Orders\npromise: An order is known.\nexpectation: { class: eventual, window: 5m }\nsemantics: { events: { OrderSubmitted: { from: orders, to: [order-service] } } }\naccountability: { owner: checkout }\n",
  }));
});
afterAll(() => rm(folder, { recursive: true }));

test("source:install makes the tables and the logins of a source, twice without a difference, and says what is missing", async () => {
  const database = await testDatabase("install");
  const as = (user: string) =>
    Object.assign(new URL(database.url), { username: `install_${user}`, password: "secret-word" }).href;
  const env = { ACCORD_CONFIG: configuration, ORDERS_DATABASE_URL: as("obs"), ORDERS_ACTOR_URL: as("act") };
  expect((await installSource([], env)).line).toContain("npm run source:install");
  expect((await installSource(["payments", "--admin-url", database.url], env)).line).toBe(
    'accord.yaml has no source "payments"; it has orders.',
  );
  expect((await installSource(["orders"], env)).line).toContain("--admin-url is missing");
  for (let i = 0; i < 2; i++)
    expect(await installSource(["orders", "--admin-url", database.url], env)).toMatchObject({ exitCode: 0 });
  const observer = new pg.Client({ connectionString: env.ORDERS_DATABASE_URL });
  await observer.connect();
  expect((await observer.query("select count(*)::int as n from messaging.outbox")).rows).toEqual([{ n: 0 }]);
  await observer.end();
  await database.drop();
});

test("C12 source:install prints roles and tables apart, without a password, and who may make no roles applies the tables; the installer then finds nothing to do", async () => {
  const database = await testDatabase("printed");
  const as = (user: string) => Object.assign(new URL(database.url), { username: user, password: "secret-word" }).href;
  const env = {
    ...{ ACCORD_CONFIG: configuration, ORDERS_DATABASE_URL: as("printed_obs"), ORDERS_ACTOR_URL: as("printed_act") },
  };
  const printed = async (part: string) =>
    (await installSource(["orders", `--print=${part}`, "--service-role", "printed_svc"], env)).line;
  const [roles, tables] = [await printed("roles"), await printed("tables")];
  expect(await printed("both")).toContain("--print is roles or tables.");
  expect(roles + tables).not.toContain("secret-word");
  expect(roles).not.toContain("create table");
  expect(tables).not.toMatch(/create role|create or replace role/);
  const run = async (url: string, text: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  const { pathname } = new URL(database.url);
  await run(
    database.url,
    `drop role if exists printed_owner; drop role if exists printed_svc; create role printed_owner login password 'secret-word';
     create role printed_svc; grant create on database "${pathname.slice(1)}" to printed_owner; ${roles}
     alter role printed_obs password 'secret-word'`,
  );
  await run(as("printed_owner"), tables);
  await run(as("printed_owner"), tables);
  await run(as("printed_obs"), "select 1 from messaging.outbox");
  await run(
    database.url,
    "set role printed_svc; insert into messaging.inbox_duplicate (consumer, message_id) values ('a', gen_random_uuid())",
  );
  await run(as("printed_owner"), "comment on schema messaging is null");
  await run(as("printed_owner"), tables);
  const again = ["orders", "--admin-url", as("printed_owner"), "--service-role", "printed_svc"];
  expect(await installSource(again, env)).toMatchObject({ exitCode: 0 });
  await database.drop();
});
