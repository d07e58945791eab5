import { customType, integer, jsonb, text, uuid } from "drizzle-orm/pg-core";
import { instantOf } from "../../lib/db/rows";
import type { Part } from "../../lib/words";

/** timestamptz that enters and leaves as epoch milliseconds. */
export const instant = customType<{ data: number; driverData: string }>({
  dataType: () => "timestamptz",
  fromDriver: (text) => instantOf(text),
  toDriver: (at) => new Date(at).toISOString(),
});

/** What a history says of one moment, numbered per thing that it is the history of. */
export const eventColumns = {
  n: integer().notNull(),
  at: instant().notNull(),
  kind: text().notNull(),
  /** Null: Accord itself. */
  byId: uuid("by_id"),
  byName: text("by_name").notNull(),
  text: jsonb().$type<Part[]>().notNull(),
};
