import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { createRuntimeRole, grantRuntimeRole } from "./grants";

/** The generated migrations of the store. */
export const migrationsFolder = path.join(import.meta.dirname, "../../drizzle/migrations");

// Any number will do, as long as no other program locks the same one in the store's database.
const MIGRATION_LOCK = 4_127_001;

export type MigrateOptions = {
  /** The role that web and worker use; made if missing, with `runtimePassword`. */
  runtimeRole?: string;
  runtimePassword?: string;
  folder?: string;
};

/** Brings the store's tables and rights up to date, as their owner. Several at once take turns; the later find nothing left to do. */
export async function migrateStore(
  ownerUrl: string,
  { runtimeRole = "accord_app", runtimePassword, folder = migrationsFolder }: MigrateOptions = {},
): Promise<void> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    connectionTimeoutMillis: 5_000,
    application_name: "accord migrate",
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await client.query("set client_min_messages = warning");
    await migrate(drizzle(client), { migrationsFolder: folder });
    const { rows } = await client.query<{ owner: string }>("select current_user as owner");
    // An owner that also runs the product keeps its rights; there is nobody to grant to.
    if (rows[0]?.owner === runtimeRole) return;
    await createRuntimeRole(client, runtimeRole, runtimePassword);
    await grantRuntimeRole(client, runtimeRole);
  } finally {
    await client.end();
  }
}

/** What `npm run migrate` reads from its environment: who migrates, and who runs. */
export function migrationFrom(
  env: Record<string, string | undefined>,
): { ownerUrl: string; options: MigrateOptions; warning: string | null } | { problem: string } {
  const runtime = parsed(env.DATABASE_URL);
  const owner = parsed(env.DATABASE_OWNER_URL || env.DATABASE_URL);
  if (!env.DATABASE_URL)
    return {
      problem: "DATABASE_URL is missing: the store's address for web and worker, as in postgres://accord_app:…@host/accord.",
    };
  if (!runtime) return { problem: "DATABASE_URL is not an address of the form postgres://role:password@host:port/database." };
  if (!owner) return { problem: "DATABASE_OWNER_URL is not an address of the form postgres://role:password@host:port/database." };
  const same = owner.username === runtime.username;
  return {
    ownerUrl: owner.href,
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

async function main(): Promise<void> {
  const plan = migrationFrom(process.env);
  if ("problem" in plan) return fail(plan.problem);
  if (!existsSync(migrationsFolder)) return fail("drizzle/migrations is missing: run npm run db:generate.");
  if (plan.warning) console.warn(plan.warning);
  const { host, pathname } = new URL(plan.ownerUrl);
  try {
    await migrateStore(plan.ownerUrl, plan.options);
    console.log(`The store at ${host}${pathname} is up to date.`);
  } catch (error) {
    fail(`The store at ${host}${pathname} was not migrated: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  const causes = error instanceof AggregateError ? error.errors : [error];
  return causes
    .map((cause) =>
      cause instanceof Error
        ? [cause.message, cause.cause instanceof Error ? cause.cause.message : ""].filter(Boolean).join(": ")
        : String(cause),
    )
    .join("; ");
}

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
