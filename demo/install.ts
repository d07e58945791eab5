import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { frameworkOf, placeOf } from "../lib/presets/known.rules";
import { installNative } from "../lib/sources/presets/native/install";
import { asAdmin, databaseUrl, passwordFor } from "./kit/cluster";
import type { FrameworkDefinition } from "./kit/framework";
import { definitions, everyService, onFrameworks } from "./services";

const brokerTables = readFileSync(path.join(import.meta.dirname, "kit/broker.sql"), "utf8");
const handledTable = readFileSync(path.join(import.meta.dirname, "kit/handled.sql"), "utf8");
const id = pg.escapeIdentifier;

/** Names of an estate's databases and logins; the prefix keeps several estates apart on one cluster. */
export function namesOf(prefix = "") {
  return {
    broker: `${prefix}broker`,
    database: (name: string) => `${prefix}${name}`,
    observer: `${prefix}accord_demo_observer`,
    actor: `${prefix}accord_demo_actor`,
  };
}

export type Estate = {
  /** What accord.yaml asks for: `ORDERS_DATABASE_URL` (observer), `ORDERS_ACTOR_URL` (actor), and so on. */
  env: Record<string, string>;
};

/** Makes what the estate needs on this cluster, and nothing that is there already: databases, tables, logins, subscriptions. */
export async function installEstate(
  adminUrl: string,
  { prefix = "", frameworks = true }: { prefix?: string; frameworks?: boolean } = {},
): Promise<Estate> {
  const names = namesOf(prefix);
  const env: Record<string, string> = {};
  const observer = { user: names.observer, password: passwordFor(adminUrl, names.observer) };
  const actor = { user: names.actor, password: passwordFor(adminUrl, names.actor) };
  const services = frameworks ? everyService : definitions;
  await createDatabases(adminUrl, [names.broker, ...services.map((each) => names.database(each.database))]);
  await asAdmin(databaseUrl(adminUrl, names.broker), async (client) => {
    await client.query(brokerTables);
    for (const { name, handlers } of [...definitions, ...(frameworks ? onFrameworks : [])])
      await client.query(
        "insert into subscription (topic, consumer) select topic, $2 from unnest($1::text[]) as topic on conflict do nothing",
        [Object.keys(handlers), name],
      );
  });
  for (const { database, tables, compared } of definitions) {
    const url = databaseUrl(adminUrl, names.database(database));
    await installNative(url, { observer, actor });
    await asAdmin(url, async (client) => {
      await client.query(tables);
      await client.query(`grant select on ${compared.map(id).join(", ")} to accord_observer`);
    });
  }
  for (const each of frameworks ? onFrameworks : [])
    await installOnFramework(each, databaseUrl(adminUrl, names.database(each.database)), names);
  for (const { database } of everyService) {
    const variable = database.toUpperCase();
    env[`${variable}_DATABASE_URL`] = databaseUrl(adminUrl, names.database(database), observer);
    env[`${variable}_ACTOR_URL`] = databaseUrl(adminUrl, names.database(database), actor);
  }
  return { env };
}

/** The framework's tables and the service's own, with the rights that the preset prints for its page in docs/connect, and no others of the framework's. */
async function installOnFramework(
  { framework, tables, compared }: FrameworkDefinition,
  url: string,
  { observer, actor }: ReturnType<typeof namesOf>,
): Promise<void> {
  await framework.install(url);
  const { schema, variants } = frameworkOf(framework.preset)!;
  const grants = variants.find(({ name }) => name === framework.variant)!.grants(placeOf(schema, "UTC"));
  const granted = (statements: readonly string[], login: string) => statements.map((each) => each.replaceAll("ROLE", id(login)));
  const own = [
    `grant select on handled, ${compared.map(id).join(", ")} to ROLE`,
    // What it may not see of others' transactions it would have to wait for.
    "grant pg_read_all_stats to ROLE",
  ];
  await asAdmin(url, async (client) => {
    await client.query(handledTable);
    await client.query(tables);
    for (const grant of [...granted([...grants.observer, ...own], observer), ...granted(grants.actor, actor)])
      await client.query(grant);
  });
}

/** Takes an estate away again: its databases, whoever is in them, and its logins. */
export async function removeEstate(adminUrl: string, prefix: string): Promise<void> {
  const names = namesOf(prefix);
  await asAdmin(adminUrl, async (client) => {
    for (const name of [names.broker, ...everyService.map((each) => names.database(each.database))])
      await client.query(`drop database if exists ${id(name)} with (force)`);
    await client.query(`drop role if exists ${id(names.observer)}, ${id(names.actor)}`);
  });
}

async function createDatabases(adminUrl: string, wanted: string[]): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>("select datname as name from pg_database where datname = any($1)", [
      wanted,
    ]);
    for (const name of wanted.filter((each) => !rows.some((row) => row.name === each)))
      await client.query(`create database ${id(name)} template template0`).catch((error: pg.DatabaseError) => {
        // Somebody else is installing as well.
        if (error.code !== "42P04" && error.code !== "23505") throw error;
      });
  });
}
