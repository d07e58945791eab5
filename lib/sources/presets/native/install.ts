import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { connectionOf } from "../../../platform/tls";

/** A person or program that logs in, and is made a member of one of the two group roles. */
export type Login = { user: string; password: string };

export type InstallOptions = {
  schema?: string;
  observer?: Login;
  actor?: Login;
  /** Roles that services write as: they get all that a service does with the tables, and nothing beyond. */
  serviceRoles?: readonly string[];
};

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
    ...connectionOf(adminUrl),
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
    for (const role of options.serviceRoles ?? [])
      await inTransaction(client, () => grantService(client, options.schema ?? "messaging", role));
  } finally {
    await client.end();
  }
}

const rolesPart = /-- Roles belong to the cluster[\s\S]*?end \$\$;\n\n/;

/** What the installer does, as SQL to run by hand or from a migration tool: the roles of a server, or the tables and rights of one database. No passwords. */
export function printedSql(part: "roles" | "tables", options: InstallOptions): string {
  const { text, name, mark } = tablesOf(options.schema ?? "messaging");
  if (part === "tables") {
    const services = (options.serviceRoles ?? []).map((role) => serviceGrants(name, role));
    const comment = `comment on schema ${name} is ${pg.escapeLiteral(mark)};`;
    return [text.replace(rolesPart, "").replace(/\ncomment on schema .*;\n/, ""), ...services, comment].join("\n");
  }
  const login = (group: string, who: Login | undefined) => (who ? [loginSql(group, who.user)] : []);
  return [
    text.match(rolesPart)![0].trim(),
    ...login("accord_observer", options.observer),
    ...login("accord_actor", options.actor),
  ].join("\n\n");
}

function loginSql(group: string, user: string): string {
  const name = pg.escapeIdentifier(user);
  return `-- Its password is the one in accord.yaml's address: alter role ${name} password '…';
do $$ begin
  if not exists (select from pg_catalog.pg_roles where rolname = ${pg.escapeLiteral(user)}) then create role ${name} login; end if;
end $$;
grant ${group} to ${name};`;
}

function tablesOf(schema: string): { text: string; name: string; mark: string } {
  const name = pg.escapeIdentifier(schema);
  const text = ddl.replaceAll(/\bmessaging\b/g, () => (schema === "messaging" ? schema : name));
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { text, name, mark: `accord native tables, version ${nativeVersion} (${digest})` };
}

async function installTables(client: pg.Client, schema: string): Promise<void> {
  await client.query("select pg_advisory_xact_lock($1)", [INSTALL_LOCK]);
  const { text, name, mark } = tablesOf(schema);
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
  const { rows } = await client.query<{ exists: boolean; member: boolean; makesRoles: boolean }>(
    `select r.oid is not null as exists, own.rolsuper or own.rolcreaterole as "makesRoles",
       exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid and g.rolname = $2) as member
     from pg_roles own left join pg_roles r on r.rolname = $1 where own.rolname = current_user`,
    [user, group],
  );
  const { exists, member, makesRoles } = rows[0]!;
  // Who may not make roles installs with those that somebody made for them.
  if (!exists || makesRoles) await client.query(`${exists ? "alter" : "create"} role ${name} login inherit password ${secret}`);
  if (!member) await client.query(`grant ${group} to ${name}`);
}

async function grantService(client: pg.Client, schema: string, role: string): Promise<void> {
  await client.query(serviceGrants(pg.escapeIdentifier(schema), role));
}

function serviceGrants(within: string, role: string): string {
  const who = pg.escapeIdentifier(role);
  return `grant usage on schema ${within} to ${who};
grant select, insert, update, delete on all tables in schema ${within} to ${who};`;
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
