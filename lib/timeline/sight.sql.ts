import { type SQL, sql } from "drizzle-orm";
import { list } from "../db/rows";

/** What an actor may see: null is everything, a list is what stands in one of these zones. */
export type Sight = string[] | null;

/** The zone of a row is in sight. */
export const inZones = (column: SQL, sight: Sight): SQL =>
  sight === null ? sql`true` : sql`${column} = any(${list(sight, "text")})`;

/** One of a row's zones is in sight. */
export const overlaps = (column: SQL, sight: Sight): SQL =>
  sight === null ? sql`true` : sql`${column} && ${list(sight, "text")}`;
