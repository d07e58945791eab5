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
  // The entries' partitions are tables as well, with rights of their own.
  const { rows } = await client.query<{ name: string }>(`
    with recursive audit(oid) as (
      select to_regclass('public.audit_entry')::oid where to_regclass('public.audit_entry') is not null
      union all
      select i.inhrelid from pg_inherits i join audit on i.inhparent = audit.oid
    ) select oid::regclass::text as name from audit`);
  for (const { name } of rows)
    await client.query(`revoke all on table ${name} from ${who}; grant select, insert on table ${name} to ${who}`);
}
