import type { Tx } from "./cluster";

/** Last write wins, by version: keeps the row unless this version or a newer one is there. False when it was older. */
export async function keepIfNewer(tx: Tx, table: string, key: string, row: Record<string, unknown>): Promise<boolean> {
  const columns = Object.keys(row);
  const { rowCount } = await tx.query(
    `insert into ${table} as kept (${columns.join(", ")}, updated_at)
     values (${columns.map((_, n) => `$${n + 1}`).join(", ")}, clock_timestamp())
     on conflict (${key}) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}, updated_at = excluded.updated_at
     where kept.version < excluded.version`,
    Object.values(row),
  );
  return rowCount === 1;
}
