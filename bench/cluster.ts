import { rmSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { ensureEmbedded, stopEmbedded } from "../lib/db/embedded";

/** As a server of its own would be set for this load; durability is on, and no query gets a second core. */
export const settings: Record<string, string> = {
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  shared_buffers: "2GB",
  work_mem: "32MB",
  maintenance_work_mem: "512MB",
  max_wal_size: "8GB",
  checkpoint_timeout: "15min",
  max_parallel_workers_per_gather: "0",
  random_page_cost: "1.1",
  track_io_timing: "on",
};

export type Cluster = {
  url: (database: string) => string;
  /** A database made once and kept for the next run; what is interrupted while being made is made anew. */
  database: (name: string, make: (url: string) => Promise<void>) => Promise<string>;
  /** A copy of a database, to be written to; dropped at the end. */
  copy: (from: string, name: string) => Promise<string>;
  drop: (name: string) => Promise<void>;
  close: () => Promise<void>;
};

/** A PostgreSQL for one benchmark under .data/bench; everything goes at the end, unless it is to be kept for the next run. */
export async function openCluster(name: string, keep: boolean, more: Record<string, string> = {}): Promise<Cluster> {
  const folder = path.join(import.meta.dirname, "../.data/bench", name);
  const dataDir = path.join(folder, "pg");
  const server = await ensureEmbedded({ dataDir, maxConnections: 60, settings: { ...settings, ...more } });
  const url = (database: string) => Object.assign(new URL(server.url), { pathname: `/${database}` }).href;
  const admin = async (text: string) => (await onceAt(url("postgres"), (client) => client.query(text))).rows;
  const drop = async (database: string) => void (await admin(`drop database if exists ${database} with (force)`));
  return {
    url,
    drop,
    database: async (database, make) => {
      if ((await admin(`select 1 from pg_database where datname = '${database}'`)).length > 0) return url(database);
      const draft = `${database}_draft`;
      await drop(draft);
      await admin(`create database ${draft}`);
      await make(url(draft));
      await admin(`alter database ${draft} rename to ${database}`);
      return url(database);
    },
    copy: async (from, database) => {
      await drop(database);
      await admin(`create database ${database} template ${from} strategy file_copy`);
      return url(database);
    },
    close: async () => {
      if (keep) return;
      await stopEmbedded(dataDir);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Does something on a connection of its own. */
export async function onceAt<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "accord bench" });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
