import type pg from "pg";
import type { RightFact, TableFacts } from "../../source";
import { bySchema } from "./observe.sql";

type Right = { object: string; right: string; columns?: string };

const tables = ["outbox", "inbox", "inbox_duplicate", "held_message", "dead_letter", "redelivery", "saga", "saga_step"];
const reads: Right[] = tables.map((object) => ({ object, right: "select" }));
const writes: Right[] = [
  { object: "redelivery", right: "insert" },
  { object: "dead_letter", right: "update", columns: "state, state_changed_at, state_reason" },
  { object: "saga", right: "update", columns: "hold_until" },
];
// Polls, re-reading, look-ups by key and what is open go along these; primary keys are always there.
const indexes: Record<string, string[]> = {
  outbox: ["outbox_unpublished", "outbox_business_key", "outbox_to_relay", "outbox_written_by"],
  inbox: ["inbox_order", "inbox_business_key", "inbox_written_by"],
  inbox_duplicate: ["inbox_duplicate_written_by"],
  held_message: ["held_message_business_key"],
  dead_letter: ["dead_letter_open", "dead_letter_business_key", "dead_letter_written_by"],
  redelivery: ["redelivery_dead_letter", "redelivery_written_by"],
  saga: ["saga_business_key", "saga_unsettled", "saga_written_by"],
  saga_step: ["saga_step_written_by"],
};

/** What the native tables say to the role of this connection; one that is not there is an error, as for any statement. */
export async function selectTableFacts(client: pg.ClientBase, schema: string, side: "observer" | "actor"): Promise<TableFacts> {
  const { rows: who } = await client.query<{ role: string; within: boolean; identity: boolean }>(
    `select quote_ident(current_user) as role, has_schema_privilege($1, 'usage') as within,
       has_function_privilege('pg_control_system()', 'execute') and has_function_privilege('pg_control_checkpoint()', 'execute') as identity`,
    [schema],
  );
  const { role, within, identity } = who[0]!;
  const missing: RightFact[] = [];
  const quoted = bySchema("S.", schema).slice(0, -1);
  if (!within) missing.push({ right: `use of the schema ${schema}`, grant: `grant usage on schema ${quoted} to ${role}` });
  if (!identity && side === "observer")
    missing.push({
      right: "execute on pg_control_system and pg_control_checkpoint",
      grant: `grant execute on function pg_control_system(), pg_control_checkpoint() to ${role}`,
    });
  for (const one of side === "actor" ? [...reads, ...writes] : reads) {
    if (within && (await mayDo(client, schema, one))) continue;
    const what = one.columns ? `${one.right} (${one.columns})` : one.right;
    missing.push({
      right: `${one.right} on ${one.object}`,
      grant: bySchema(`grant ${what} on S.${one.object} to ${role}`, schema),
    });
  }
  return { missing, beyond: await beyondOf(client, schema, side), ...(await hiddenAndIndexes(client, schema)) };
}

async function mayDo(client: pg.ClientBase, schema: string, { object, right, columns }: Right): Promise<boolean> {
  const relation = bySchema(`S."${object}"`, schema);
  const { rows } = await client.query<{ may: boolean }>(
    columns
      ? "select bool_and(has_column_privilege($1, c, $2)) as may from unnest($3::text[]) c"
      : "select has_table_privilege($1, $2) as may",
    columns ? [relation, right, columns.split(", ")] : [relation, right],
  );
  return rows[0]!.may;
}

/** The observer only reads; the actor neither deletes nor writes what the service alone writes. */
async function beyondOf(client: pg.ClientBase, schema: string, side: "observer" | "actor"): Promise<string[]> {
  const { rows } = await client.query<{ table: string }>(
    `select c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = any($2) and has_table_privilege(c.oid, $3) order by 1`,
    [schema, tables, side === "observer" ? "insert, update, delete, truncate" : "delete, truncate"],
  );
  return rows.map(({ table }) => table);
}

async function hiddenAndIndexes(client: pg.ClientBase, schema: string): Promise<Pick<TableFacts, "hidden" | "indexes">> {
  const { rows: hidden } = await client.query<{ table: string }>(
    `select c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = any($2) and c.relrowsecurity
        and not (select rolbypassrls or rolsuper from pg_roles where rolname = current_user)
        and (c.relforcerowsecurity or not pg_has_role(c.relowner, 'usage')) order by 1`,
    [schema, tables],
  );
  const { rows: valid } = await client.query<{ name: string }>(
    `select x.relname as name from pg_index i join pg_class x on x.oid = i.indexrelid join pg_namespace n on n.oid = x.relnamespace
      where n.nspname = $1 and i.indisvalid`,
    [schema],
  );
  const there = new Set(valid.map(({ name }) => name));
  return {
    hidden: hidden.map(({ table }) => table),
    indexes: Object.entries(indexes).flatMap(([table, names]) =>
      names.filter((name) => !there.has(name)).map((name) => ({ name, table })),
    ),
  };
}
