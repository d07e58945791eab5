import { parseAsStringLiteral } from "nuqs";
import { groupings } from "@/lib/dead-letters/rules";

/** What a filter is shown as: groups, groups summed by something, single messages, or those that were closed. */
export const lists = ["groups", "messages", "closed"] as const;
export type List = (typeof lists)[number];

/** Both stand in the address; each change is a step, so that Back takes it back. */
export const listInUrl = parseAsStringLiteral(lists).withDefault("groups").withOptions({ history: "push" });
export const groupingInUrl = parseAsStringLiteral(["fingerprint", ...groupings] as const)
  .withDefault("fingerprint")
  .withOptions({ history: "push" });

/** Columns of a list of messages, of which a person chooses; the key is always there. */
export const columns = ["error", "consumer", "event", "version", "attempts", "state", "parked", "message"] as const;
export type Column = (typeof columns)[number];
export const columnNames: Record<Column, string> = {
  error: "Error",
  consumer: "Consumer",
  event: "Event",
  version: "Version",
  attempts: "Attempts",
  state: "State",
  parked: "Parked",
  message: "Message id",
};
export const columnsAtFirst: Column[] = ["error", "consumer", "event", "attempts", "state", "parked"];
