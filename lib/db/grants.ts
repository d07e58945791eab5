import pg from "pg";

const id = pg.escapeIdentifier;

/** Makes the role that web and worker run as, if it is missing. Without a password it cannot log in until it is given one. */
export async function createRuntimeRole(client: pg.ClientBase, role: string, password?: string): Promise<void> {
  const { rowCount } = await client.query("select 1 from pg_roles where rolname = $1", [role]);
  if (rowCount) return;
  const login = password ? ` login password ${pg.escapeLiteral(password)}` : " login";
  // Roles belong to the server, not to the database: someone who migrates another database may have made it meanwhile.
  await client.query(
    `do $do$ begin create role ${id(role)}${login}; exception when duplicate_object or unique_violation then null; end $do$`,
  );
}

/** What the runtime role may do: work with rows, never with tables; and audit entries are written once, never altered or removed. */
export async function grantRuntimeRole(client: pg.ClientBase, role: string): Promise<void> {
  const who = id(role);
  const { rows: own } = await client.query<{ database: string }>("select current_database() as database");
  await client.query(`
    revoke create on schema public from public;
    grant usage on schema public to ${who};
    grant connect on database ${id(own[0]!.database)} to ${who};
    grant select, insert, update, delete on all tables in schema public to ${who};
    grant select, usage on all sequences in schema public to ${who};
    grant execute on all functions in schema public to ${who};
    -- To tell whether the store is as new as the version that runs.
    grant usage on schema drizzle to ${who};
    grant select on drizzle.__drizzle_migrations to ${who};`);
  // Entries and links are added only; what the database gives an entry, its number and when it was taken, nobody else may.
  // Partitions are tables as well, with rights of their own.
  const { rows } = await client.query<{ name: string; columns: string }>(`
    with recursive audit(oid) as (
      select oid from unnest(array[to_regclass('public.audit_entry'), to_regclass('public.audit_link')]::oid[]) oid where oid is not null
      union all
      select i.inhrelid from pg_inherits i join audit on i.inhparent = audit.oid
    ) select a.attrelid::regclass::text as name, string_agg(quote_ident(a.attname), ', ') as columns from pg_attribute a
     where a.attrelid in (select oid from audit) and a.attnum > 0 and not a.attisdropped
       and a.attidentity = '' and a.attname <> 'recorded_at' group by 1`);
  for (const { name, columns } of rows)
    await client.query(
      `revoke all on table ${name} from ${who}; grant select on table ${name} to ${who}; grant insert (${columns}) on table ${name} to ${who}`,
    );
}
