import { type SQL, sql } from "drizzle-orm";
import { list } from "../db/rows";

/** What an actor may see of groups: null is everything, a list is groups that stand in one of these zones. */
export type Scope = string[] | null;
export const seen = (scope: Scope): SQL => (scope === null ? sql`true` : sql`g.zones && ${list(scope, "text")}`);
