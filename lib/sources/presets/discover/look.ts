import type pg from "pg";
import type { Catalogue, Relation } from "../../../presets/catalogue.rules";
import { inTransaction, poolOf } from "../postgres/connection";

/** As many tables as one look takes in; a database with more is told so. */
export const TABLES_MAX = 5_000;
/** As many tables of unknown meaning as are sampled for copies, and rows of each. */
export const SAMPLED_MAX = 120;
const KEYS_MAX = 200;

export type Keyed = { relation: Relation; key: string; keyType: string; rows: number };
/** A database as a stranger sees it: read-only, in small statements that are given up after 5 s. */
export type Look = {
  database: string;
  version: string;
  standby: boolean;
  catalogue: Catalogue;
  /** More tables than were taken in. */
  beyond: boolean;
  /** Tables that this login may not read: their columns are known, their rows are not. */
  denied: string[];
  /** Values that the server's statistics have of columns called status or state, by `schema.table`. */
  statuses: ReadonlyMap<string, string[]>;
  keyed: Keyed[];
  sample: (table: Keyed) => Promise<string[] | null>;
  present: (table: Keyed, keys: readonly string[]) => Promise<number | null>;
  close: () => Promise<void>;
};

const quoted = ({ schema, name }: Relation): string => `"${schema.replaceAll('"', '""')}"."${name.replaceAll('"', '""')}"`;
const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Opens a database and reads its catalogue; rows only as they are asked for. */
export async function openLook(url: string): Promise<Look> {
  const pool = poolOf(url, "accord discover");
  const read = <T>(work: (client: pg.ClientBase) => Promise<T>) => inTransaction(pool, "begin read only", work);
  // A table that is locked, slow or not to be read says nothing, and keeps nobody from the others.
  const orNull = <T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T | null> => read(work).catch(() => null);
  try {
    const found = await read(async (client) => ({
      ...(await selectTables(client)),
      ...(await selectServer(client)),
      statuses: await selectStatuses(client),
    }));
    const { tables, ...server } = found;
    const taken = tables.slice(0, TABLES_MAX);
    return {
      ...server,
      beyond: tables.length > TABLES_MAX,
      catalogue: taken.map(({ relation }) => relation),
      denied: taken.filter(({ readable }) => !readable).map(({ relation }) => `${relation.schema}.${relation.name}`),
      keyed: taken.flatMap(({ relation, key, keyType, rows, readable }) =>
        key && keyType && readable ? [{ relation, key, keyType, rows }] : [],
      ),
      sample: ({ relation, key }) =>
        orNull(async (client) => {
          const { rows } = await client.query<{ key: string }>(
            `select ${ident(key)}::text as key from ${quoted(relation)} limit ${KEYS_MAX}`,
          );
          return rows.map((row) => row.key);
        }),
      present: ({ relation, key, keyType }, keys) =>
        orNull(async (client) => {
          const { rows } = await client.query<{ n: number }>({
            text: `select count(*)::int as n from ${quoted(relation)} where ${ident(key)} = any($1::text[]::${keyType}[])`,
            values: [keys],
          });
          return rows[0]!.n;
        }),
      close: () => pool.end(),
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function selectServer(client: pg.ClientBase): Promise<Pick<Look, "database" | "version" | "standby">> {
  const { rows } = await client.query(
    "select current_database()::text as database, current_setting('server_version') as version, pg_is_in_recovery() as standby",
  );
  return rows[0];
}

type Table = { relation: Relation; readable: boolean; key: string | null; keyType: string | null; rows: number };

/** Every table and view of nobody's system, with its columns and, where its primary key is one column, that; parts of a partitioned table are left out. */
async function selectTables(client: pg.ClientBase): Promise<{ tables: Table[] }> {
  const { rows } = await client.query<{
    schema: string;
    name: string;
    columns: [string, string][];
    readable: boolean;
    key: string | null;
    keyType: string | null;
    rows: number;
  }>(
    `select n.nspname::text as schema, c.relname::text as name, json_agg(json_build_array(a.attname, format_type(a.atttypid, null)) order by a.attnum) as columns,
        has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as readable, max(k.name) as key, max(k.type) as "keyType", greatest(max(c.reltuples), 0)::float8 as rows
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join lateral (select ka.attname::text as name, format_type(ka.atttypid, ka.atttypmod) as type from pg_index i join pg_attribute ka on ka.attrelid = c.oid and ka.attnum = i.indkey[0]
          where i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1) k on true
      where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'v', 'm', 'p') and not c.relispartition
      group by n.oid, n.nspname, c.oid, c.relname order by n.nspname, c.relname limit ${TABLES_MAX + 1}`,
  );
  return {
    tables: rows.map(({ schema, name, columns, ...rest }) => ({
      relation: { schema, name, columns: new Map(columns) },
      ...rest,
    })),
  };
}

/** What the statistics have of columns that name a state: no row is read for it. */
async function selectStatuses(client: pg.ClientBase): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ relation: string; values: string[] }>(
    `select schemaname || '.' || tablename as relation, most_common_vals::text::text[] as values from pg_stats
      where lower(attname) in ('status', 'state') and most_common_vals is not null and schemaname !~ '^pg_' limit 1000`,
  );
  return new Map(rows.map(({ relation, values }) => [relation, values]));
}
