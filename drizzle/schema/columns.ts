import { customType } from "drizzle-orm/pg-core";
import { instantOf } from "../../lib/db/rows";

/** timestamptz that enters and leaves as epoch milliseconds. */
export const instant = customType<{ data: number; driverData: string }>({
  dataType: () => "timestamptz",
  fromDriver: (text) => instantOf(text),
  toDriver: (at) => new Date(at).toISOString(),
});
