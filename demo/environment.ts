import { createWriteStream } from "node:fs";
import pg from "pg";
import { boundStatements, migrateStore } from "../lib/db/migrate";
import { openStore } from "../lib/db/pool";
import type { Member } from "../lib/launch/process-group";
import { production, program, web } from "../lib/launch/programs";
import { ensureFirstAdministrator } from "../lib/operators/service";
import { asAdmin, databaseUrl, passwordFor } from "./kit/cluster";

const RUNTIME_ROLE = "accord_app";

export type Login = { email: string; password: string };

/** Accord's own store on the demo's cluster: made, migrated, with the first administrator in it. Answers the runtime role's address. */
export async function prepareStore(adminUrl: string, login: Login): Promise<string> {
  const ownerUrl = databaseUrl(adminUrl, "accord");
  const password = passwordFor(adminUrl, RUNTIME_ROLE);
  await createDatabase(adminUrl, "accord");
  await migrateStore(ownerUrl, { runtimeRole: RUNTIME_ROLE, runtimePassword: password });
  const url = databaseUrl(adminUrl, "accord", { user: RUNTIME_ROLE, password });
  await boundStatements(url);
  const store = openStore(url, 2);
  try {
    await ensureFirstAdministrator(store.db, login);
  } finally {
    await store.close();
  }
  return url;
}

export type EnvironmentOptions = {
  /** The store's address for web and worker. */
  storeUrl: string;
  /** The addresses that the configuration's variables name. */
  estateEnv: Record<string, string>;
  port: number;
  host?: string;
  secret: string;
  env?: Record<string, string | undefined>;
  logFile: (name: string) => string;
};

/** Web and worker as the demo and the stories run them: in production, on loopback, looking at the estate. */
export function processes({
  storeUrl,
  estateEnv,
  port,
  host = "127.0.0.1",
  secret,
  env = {},
  logFile,
}: EnvironmentOptions): Record<"web" | "worker", Member> {
  const all = {
    ...process.env,
    ...production,
    ACCORD_CONFIG: "demo/accord.yaml",
    ...estateEnv,
    ...env,
    DATABASE_URL: storeUrl,
    NEXTAUTH_URL: `http://localhost:${port}`,
    NEXTAUTH_SECRET: secret,
  };
  return {
    web: { name: "web", args: web(port, host), env: all, logFile: logFile("web") },
    worker: { name: "worker", args: program("worker"), env: all, logFile: logFile("worker") },
  };
}

/** The address that tells whether the pages of this port are served. */
export const alivePage = (port: number): string => `http://127.0.0.1:${port}/api/health/alive`;

/** Appends lines to a log file; keeps it between runs. */
export function lineLog(file: string): (line: string) => void {
  const stream = createWriteStream(file, { flags: "a", mode: 0o600 });
  return (line) => stream.write(`${line}\n`);
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (!rowCount) await client.query(`create database ${pg.escapeIdentifier(name)} template template0`);
  });
}
