import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { testDatabase } from "../db/testing";
import { installSource } from "./install";

function configuration(): string {
  const dir = mkdtempSync(path.join(tmpdir(), "accord-install-"));
  mkdirSync(path.join(dir, "contracts"));
  writeFileSync(
    path.join(dir, "accord.yaml"),
    "version: 1\nenvironment: test\nsources:\n  orders:\n    service: order-service\n    url: $" +
      "{ORDERS_DATABASE_URL}\n    act_url: $" +
      "{ORDERS_ACTOR_URL}\ncontracts: ./contracts\n",
  );
  writeFileSync(
    path.join(dir, "contracts", "zone.yaml"),
    "version: 1\nzone: orders\ntitle: Orders\npromise: An order is known.\nexpectation: { class: eventual, window: 5m }\nsemantics: { events: { OrderSubmitted: { from: orders, to: [order-service] } } }\naccountability: { owner: checkout }\n",
  );
  return path.join(dir, "accord.yaml");
}

test("source:install makes the tables and the logins of a source, twice without a difference, and says what is missing", async () => {
  const database = await testDatabase("install");
  const as = (user: string) =>
    Object.assign(new URL(database.url), { username: `install_${user}`, password: "secret-word" }).href;
  const env = { ACCORD_CONFIG: configuration(), ORDERS_DATABASE_URL: as("obs"), ORDERS_ACTOR_URL: as("act") };
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
