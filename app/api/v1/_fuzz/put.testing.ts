import { sql } from "drizzle-orm";
import type { Db } from "@/lib/db/pool";
import { firstRow } from "@/lib/db/rows";

type Row = Record<string, unknown>;
/** What the rows of one zone have in common. `keys`: of the second nobody knows who does not see it. */
export type Plan = ReturnType<typeof planOf>;

/** What the rows of one zone have in common, and the way to put them into the store. */
export function planOf(db: Db, of: { zoneId: string; mark: string; place: number; personId: string; now: number }) {
  const ago = (ms: number) => new Date(of.now - ms).toISOString();
  return {
    ...of,
    keys: [`ORD-7${of.place}`, `ORD-${of.mark}`, `ORD-8${of.place}`] as const,
    reason: `The reason is ${of.mark}`,
    by: { requested_by: of.personId, requested_by_name: `Name ${of.mark}`, requested_at: ago(60_000) },
    /** An instant so long ago; negative is to come. */
    ago,
    /** Puts a row into a table: columns by name, everything else by its default. */
    put: async <T>(table: string, row: Row): Promise<T> => {
      const names = sql.raw(
        Object.keys(row)
          .map((name) => `"${name}"`)
          .join(", "),
      );
      const made = await firstRow<T>(
        db,
        sql`insert into ${sql.raw(table)} (${names}) select ${names} from jsonb_populate_record(null::${sql.raw(table)}, ${JSON.stringify(row)}::jsonb) returning *`,
      );
      return made!;
    },
  };
}
