import { existsSync, readFileSync } from "node:fs";
import type pg from "pg";

const TICK_MS = 10;

/** Milliseconds of processor: of this process, and of the server's processes for each database. */
export type Processors = { worker: number; of: (database: string) => number };

/** What `work` takes of the processors, which says more than a clock where others are at work too. Of Linux. */
export async function processorsOf(client: pg.Client, work: () => Promise<unknown>): Promise<Processors> {
  const [before, own] = [await byBackend(client), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(own);
  const taken = new Map<string, number>();
  for (const [pid, { database, ms }] of await byBackend(client))
    taken.set(database, (taken.get(database) ?? 0) + ms - (before.get(pid)?.ms ?? 0));
  return { worker: (user + system) / 1_000, of: (database) => taken.get(database) ?? 0 };
}

async function byBackend(client: pg.Client): Promise<Map<number, { database: string; ms: number }>> {
  const { rows } = await client.query<{ pid: number; database: string }>(
    "select pid, datname as database from pg_stat_activity where backend_type = 'client backend'",
  );
  return new Map(
    rows.flatMap(({ pid, database }) => {
      const ms = msOf(pid);
      return ms === null ? [] : [[pid, { database, ms }]];
    }),
  );
}

/** Null: it ended meanwhile. */
function msOf(pid: number): number | null {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  const stat = readFileSync(file, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
