import path from "node:path";
import { readMigrationFiles } from "drizzle-orm/migrator";
import pg from "pg";
import { connectionOf, storeAddress } from "../platform/tls";
import { createRuntimeRole, grantRuntimeRole } from "./grants";

/** The generated migrations of the store. */
export const migrationsFolder = path.join(import.meta.dirname, "../../drizzle/migrations");

// Any number will do, as long as no other program locks the same one in the store's database.
const MIGRATION_LOCK = 4_127_001;
// A question of the store that takes longer has gone wrong; a screen would not wait for it either.
const STATEMENT_MS_MAX = 15_000;
const BOUND_SETTING = `'statement_timeout=${STATEMENT_MS_MAX}'`;

export type MigrateOptions = {
  /** The role that web and worker use; made if missing, with `runtimePassword`. */
  runtimeRole?: string;
  runtimePassword?: string;
  folder?: string;
};

/** Brings the store's tables and rights up to date, as their owner: all of it or nothing. Several at once take turns; the later find nothing left to do. */
export async function migrateStore(
  ownerUrl: string,
  { runtimeRole = "accord_app", runtimePassword, folder = migrationsFolder }: MigrateOptions = {},
): Promise<void> {
  await connected(ownerUrl, async (client) => {
    // One transaction, and a lock that ends with it: a pooler may give the next statement outside of one to another session.
    await client.query("begin");
    await client.query("set local statement_timeout = 0; set local client_min_messages = warning");
    await client.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await applyMigrations(client, folder);
    const { rows } = await client.query<{ owner: string }>("select current_user as owner");
    // An owner that also runs the product keeps its rights; there is nobody to grant to.
    if (rows[0]?.owner !== runtimeRole) {
      await createRuntimeRole(client, runtimeRole, runtimePassword);
      await grantRuntimeRole(client, runtimeRole);
    }
    await client.query("commit");
  });
}

/** Applies what the store has not had yet, and notes it in the table that drizzle-kit knows. */
async function applyMigrations(client: pg.Client, folder: string): Promise<void> {
  await client.query(`create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`);
  const { rows } = await client.query<{ last: string | null }>(
    "select max(created_at) as last from drizzle.__drizzle_migrations",
  );
  for (const migration of readMigrationFiles({ migrationsFolder: folder })) {
    if (migration.folderMillis <= Number(rows[0]?.last ?? -1)) continue;
    for (const statement of migration.sql) await client.query(statement);
    await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [
      migration.hash,
      migration.folderMillis,
    ]);
  }
}

/**
 * Bounds what the role of this address does on the store, as its own setting in this database: an address may lead through a pooler, which
 * takes no setting with the connection and forgets one between transactions. Every role may do this for itself.
 */
export async function boundStatements(url: string): Promise<void> {
  await connected(url, async (client) => {
    const { rows } = await client.query<{ who: string; within: string; set: boolean }>(
      `select quote_ident(current_user) as who, quote_ident(current_database()) as within, exists (
         select from pg_db_role_setting s join pg_roles r on r.oid = s.setrole join pg_database d on d.oid = s.setdatabase
          where r.rolname = current_user and d.datname = current_database() and ${BOUND_SETTING} = any(s.setconfig)) as set`,
    );
    const { who, within, set } = rows[0]!;
    if (set) return;
    try {
      await client.query(`alter role ${who} in database ${within} set statement_timeout = '${STATEMENT_MS_MAX}'`);
    } catch (error) {
      // "tuple concurrently updated": somebody else did the same at that moment.
      if ((error as pg.DatabaseError).code !== "XX000") throw error;
    }
  });
}

async function connected(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({
    ...connectionOf(url),
    connectionTimeoutMillis: 5_000,
    application_name: "accord migrate",
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** What `npm run migrate` reads from its environment: who migrates, and who runs. */
export function migrationFrom(
  env: Record<string, string | undefined>,
): { ownerUrl: string; runtimeUrl: string; options: MigrateOptions; warning: string | null } | { problem: string } {
  const runtime = parsed(storeAddress(env));
  const owner = parsed(storeAddress(env, "DATABASE_OWNER_URL") ?? storeAddress(env));
  if (!env.DATABASE_URL)
    return {
      problem: "DATABASE_URL is missing: the store's address for web and worker, as in postgres://accord_app:…@host/accord.",
    };
  if (!runtime) return { problem: "DATABASE_URL is not an address of the form postgres://role:password@host:port/database." };
  if (!owner) return { problem: "DATABASE_OWNER_URL is not an address of the form postgres://role:password@host:port/database." };
  const same = owner.username === runtime.username;
  return {
    ownerUrl: owner.href,
    runtimeUrl: runtime.href,
    options: {
      runtimeRole: decodeURIComponent(runtime.username),
      runtimePassword: decodeURIComponent(runtime.password) || undefined,
    },
    warning: same
      ? "One role owns the store and runs the product, so the database itself does not protect the audit trail: give the owner's address in DATABASE_OWNER_URL."
      : null,
  };
}

function parsed(url: string | undefined): URL | null {
  const value = url && URL.canParse(url) ? new URL(url) : null;
  return value && /^postgres(ql)?:$/.test(value.protocol) && value.username ? value : null;
}
