import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** A person or program that logs in, and is made a member of one of the two group roles. */
export type Login = { user: string; password: string };

export type InstallOptions = { schema?: string; observer?: Login; actor?: Login };

/** The version of the tables that this installer writes; stands in the schema's comment, with the digest of what was applied. */
export const nativeVersion = 1;

const ddl = readFileSync(path.join(import.meta.dirname, "schema.sql"), "utf8");
// Held while installing, so that two installers of one database take turns. Roles belong to the cluster, where no
// advisory lock reaches: installers of other databases are met by trying again.
const INSTALL_LOCK = 4_127_010;
const TRIES_MAX = 20;
// duplicate_object, unique_violation, serialization_failure, deadlock_detected; internal_error: "tuple concurrently updated".
const RACES = new Set(["42710", "23505", "40001", "40P01", "XX000"]);

/** Makes the native tables, roles and rights in one database, and logins if asked for. Repeating it, or racing others, changes nothing. */
export async function installNative(adminUrl: string, options: InstallOptions = {}): Promise<void> {
  const client = new pg.Client({
    connectionString: adminUrl,
    application_name: "accord install",
    connectionTimeoutMillis: 10_000,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    // Waiting for a lock on a busy table would make everybody queue behind us.
    await client.query("set lock_timeout = '10s'");
    await inTransaction(client, () => installTables(client, options.schema ?? "messaging"));
    if (options.observer) await inTransaction(client, () => createLogin(client, "accord_observer", options.observer!));
    if (options.actor) await inTransaction(client, () => createLogin(client, "accord_actor", options.actor!));
  } finally {
    await client.end();
  }
}

async function installTables(client: pg.Client, schema: string): Promise<void> {
  await client.query("select pg_advisory_xact_lock($1)", [INSTALL_LOCK]);
  const name = pg.escapeIdentifier(schema);
  const text = ddl.replaceAll(/\bmessaging\b/g, () => (schema === "messaging" ? schema : name));
  const mark = `accord native tables, version ${nativeVersion} (${createHash("sha256").update(text).digest("hex").slice(0, 12)})`;
  // Done before: triggers are not replaced again, which would lock tables that a service is writing. Roles are looked
  // at too, because a restored database brings its schema along but not the cluster's roles.
  const { rows } = await client.query<{ mark: string | null; roles: number }>(
    `select (select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = $1) as mark,
       (select count(*)::int from pg_roles where rolname in ('accord_observer', 'accord_actor')) as roles`,
    [schema],
  );
  if (rows[0]?.mark === mark && rows[0].roles === 2) return;
  await client.query(text);
  await client.query(`comment on schema ${name} is ${pg.escapeLiteral(mark)}`);
}

async function createLogin(client: pg.Client, group: string, { user, password }: Login): Promise<void> {
  const name = pg.escapeIdentifier(user);
  const secret = pg.escapeLiteral(password);
  const { rowCount } = await client.query("select 1 from pg_roles where rolname = $1", [user]);
  await client.query(`${rowCount ? "alter" : "create"} role ${name} login inherit password ${secret}`);
  await client.query(`grant ${group} to ${name}`);
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query("begin");
      await work();
      await client.query("commit");
      return;
    } catch (error) {
      await client.query("rollback");
      if (attempt === TRIES_MAX || !RACES.has((error as pg.DatabaseError).code ?? "")) throw error;
      await sleep(10 + Math.random() * 40 * attempt);
    }
  }
}
