import { type SQL, sql } from "drizzle-orm";
import { list } from "../db/rows";

/** What an actor may see: null is everything, a list is what stands in one of these zones. */
export type Scope = string[] | null;

/** The zone of a row is in scope. */
export const inZones = (column: SQL, scope: Scope): SQL =>
  scope === null ? sql`true` : sql`${column} = any(${list(scope, "text")})`;

/** One of a row's zones is in scope. */
export const overlaps = (column: SQL, scope: Scope): SQL =>
  scope === null ? sql`true` : sql`${column} && ${list(scope, "text")}`;
