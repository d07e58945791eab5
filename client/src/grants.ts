/** What the role that a service writes as needs on its tables, as SQL for whoever owns them; the same as `source:install --service-role`. */
export function serviceGrants(role: string): string {
  const who = `"${role.replaceAll('"', '""')}"`;
  return `grant usage on schema "messaging" to ${who};
grant select, insert, update, delete on all tables in schema "messaging" to ${who};`;
}
