import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { bundlePrograms } from "../launch/bundles";
import { ensureEmbedded, stopEmbedded } from "./embedded";
import { migrateStore, migrationsFolder } from "./migrate";
import { scratchFolder } from "./scratch.testing";
import { testEnv } from "./testing";

const dataDir = path.join(scratchFolder(), "pg");
// A crash of the machine may cost the test databases, which nobody would miss.
const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_wal_size: "512MB" };
/** A superuser's address on a server of another version, to run the same tests there. */
const otherServer = process.env.ACCORD_TEST_SERVER_URL;
// Every run holds it shared; who gets it alone is the last, and switches off the light.
const RUNS_LOCK = 4_127_002;
const TEMPLATE_LOCK = 4_127_003;

/** Vitest's global setup: our programs, one database server for all runs at once, and the migrated store that test stores are copied from. */
export default async function setup(): Promise<() => Promise<void>> {
  await bundledOnce();
  const { url, client } = await join();
  process.env[testEnv.adminUrl] = url;
  process.env[testEnv.template] = await template(client, url);
  return () => leave(client);
}

// Every project of a run has a setup of its own, in one process.
async function bundledOnce(): Promise<void> {
  const bundled = "ACCORD_TEST_BUNDLED";
  if (process.env[bundled] === String(process.pid)) return;
  await bundlePrograms();
  process.env[bundled] = String(process.pid);
}

async function join(): Promise<{ url: string; client: pg.Client }> {
  for (let attempt = 1; ; attempt++) {
    const url = otherServer ?? (await ensureEmbedded({ dataDir, maxConnections: 400, settings })).url;
    const client = new pg.Client({ connectionString: url, application_name: "accord test run" });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("select pg_advisory_lock_shared($1)", [RUNS_LOCK]);
      return { url, client };
    } catch (error) {
      // The last run was just leaving.
      if (attempt === 5) throw error;
      await client.end().catch(() => {});
      await sleep(200);
    }
  }
}

async function leave(client: pg.Client): Promise<void> {
  await client.query("select pg_advisory_unlock_shared($1)", [RUNS_LOCK]);
  const { rows } = await client.query<{ last: boolean }>("select pg_try_advisory_lock($1) as last", [RUNS_LOCK]);
  if (!rows[0]?.last) return client.end();
  // Left behind by tests that were killed.
  const left = await client.query<{ name: string }>("select datname as name from pg_database where datname like 't\\_%'");
  for (const { name } of left.rows) await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  if (!otherServer) await stopEmbedded(dataDir);
  await client.end().catch(() => {});
}

// Named after what it is made of, so that a new migration makes a new template. Without migrations, a store is an empty database.
async function template(client: pg.Client, url: string): Promise<string> {
  if (!existsSync(migrationsFolder)) return "template0";
  const name = `tpl_${migrationsHash()}`;
  await client.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount) return name;
    const draft = `${name}_draft`;
    await client.query(`drop database if exists ${draft} with (force)`);
    await client.query(`create database ${draft} template template0`);
    const owner = new URL(url);
    owner.pathname = `/${draft}`;
    await migrateStore(owner.href, { runtimePassword: decodeURIComponent(owner.password) });
    await client.query(`alter database ${draft} rename to ${name}`);
    return name;
  } finally {
    await client.query("select pg_advisory_unlock($1)", [TEMPLATE_LOCK]);
  }
}

function migrationsHash(): string {
  const hash = createHash("sha256");
  const sources = [migrationsFolder, path.join(migrationsFolder, "meta")].flatMap((folder) =>
    readdirSync(folder).map((file) => path.join(folder, file)),
  );
  for (const file of [
    ...sources.filter((source) => /\.(sql|json)$/.test(source)).sort(),
    path.join(import.meta.dirname, "grants.ts"),
  ])
    hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
