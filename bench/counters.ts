import { onceAt } from "./cluster";

export type Touched = { rows: number; heapBlocks: number; indexBlocks: number };

const select = `select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::float8 as rows,
    coalesce(sum(heap_blks_read + heap_blks_hit), 0)::float8 as "heapBlocks", coalesce(sum(coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0)), 0)::float8 as "indexBlocks"
  from pg_stat_user_tables t join pg_statio_user_tables using (relid) where t.schemaname = any($1)`;

/** What the server's own statistics say was touched in these schemas while `work` ran. `work` must close its connections: they report then. */
export async function counted(url: string, schemas: readonly string[], work: () => Promise<unknown>): Promise<Touched> {
  const read = () => onceAt(url, async (client) => (await client.query<Touched>(select, [schemas])).rows[0]!);
  await settled();
  const before = await read();
  await work();
  await settled();
  const after = await read();
  return {
    rows: after.rows - before.rows,
    heapBlocks: after.heapBlocks - before.heapBlocks,
    indexBlocks: after.indexBlocks - before.indexBlocks,
  };
}

// A backend reports when it ends; its end is noticed a moment after ours.
const settled = () => new Promise((resolve) => setTimeout(resolve, 300));
