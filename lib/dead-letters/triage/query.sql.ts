import { type SQL, sql } from "drizzle-orm";
import { list } from "../../db/rows";

/** Groups `g` that stand in one of these ways; a group without a row of its own is new. */
export function inTriage(values: readonly string[]): SQL {
  const asked = values.map((value) => value.toLowerCase());
  const listed = sql`g.group_id in (select t.group_id from group_triage t where t.state = any(${list(asked, "text")})
    or (${asked.includes("ready")} and t.state = 'waiting' and t.ready_at is not null) or (${asked.includes("regressed")} and t.state <> 'resolved' and t.regressed_at is not null))`;
  return asked.includes("new")
    ? sql`(${listed} or g.group_id not in (select t.group_id from group_triage t where t.state <> 'new'))`
    : listed;
}

/** Groups `g` that one of these has, by id or name; `none` is what nobody has. */
export function assignedTo(values: readonly string[]): SQL {
  const theirs = sql`g.group_id in (select t.group_id from group_triage t where t.assignee::text = any(${list(values, "text")}) or t.assignee_name = any(${list(values, "text")}))`;
  return values.includes("none")
    ? sql`(${theirs} or g.group_id not in (select t.group_id from group_triage t where t.assignee is not null))`
    : theirs;
}
