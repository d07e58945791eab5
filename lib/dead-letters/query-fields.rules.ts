import { closeCodes } from "./codes.rules";
import { triageFilters } from "./triage/rules";

/** What a field's values are: names, whole numbers, what a preview foretold, a span of time, an instant, or one of a few words. */
type Kind = "name" | "prefix" | "id" | "foretold" | "number" | "span" | "instant" | { words: readonly string[] };

/** How a value is compared; `=` is any of several. */
export type Compare = "=" | "<" | "<=" | ">" | ">=";

/** One field of the query language. `on` says what carries it: the group, so that no message is read, or each message. */
export type Field = { hint: string; kind: Kind; on: "group" | "message" };

/** As what a letter is closed: by its consumer, by an operator in two ways, or gone from its source. */
export const closedAs = ["resolved", "discarded", "by_hand", "gone"] as const;

/** Every field that a list of dead letters can be asked by, in the order that they are offered. */
export const fields = {
  zone: { hint: "contract zone; none is what no contract names", kind: "name", on: "group" },
  consumer: { hint: "who failed", kind: "name", on: "group" },
  event: { hint: "event type", kind: "name", on: "group" },
  error: { hint: "exception", kind: "name", on: "group" },
  version: { hint: "consumer version", kind: "name", on: "message" },
  key: { hint: "business key, or its beginning", kind: "prefix", on: "message" },
  correlation: { hint: "correlation id", kind: "name", on: "message" },
  message: { hint: "message id", kind: "name", on: "message" },
  age: { hint: "since its fact, as in >2h", kind: "span", on: "message" },
  attempts: { hint: "how often it was tried, as in >=3", kind: "number", on: "message" },
  state: {
    hint: "parked, redelivering, or how it was closed",
    kind: { words: ["open", "parked", "redelivering", "resolved", "discarded", "by_hand", "gone"] },
    on: "message",
  },
  outcome: { hint: "how it was closed", kind: { words: closedAs }, on: "message" },
  code: { hint: "why an operator closed it", kind: { words: closeCodes }, on: "message" },
  triage: { hint: "where its group stands with who works on it", kind: { words: triageFilters }, on: "group" },
  assignee: { hint: "who has its group: me, none or a name", kind: "name", on: "group" },
  parked: { hint: "when it was parked, as in <2026-11-27T10:00 (UTC)", kind: "instant", on: "message" },
  last: { hint: "its group got one within, as in <7d", kind: "span", on: "group" },
  source: { hint: "service database", kind: "name", on: "group" },
  preset: { hint: "framework", kind: "name", on: "group" },
  group: { hint: "number of a group", kind: "id", on: "group" },
  preview: { hint: "what a preview foretold, as in 12.stale", kind: "foretold", on: "message" },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof fields;

export const fieldNames = Object.keys(fields) as FieldName[];

export const isField = (name: string): name is FieldName => Object.hasOwn(fields, name);

/** Whether a field's values stand in an order, so that they can be compared. */
export const isOrdered = (name: FieldName): boolean => {
  const { kind } = fields[name] as Field;
  return kind === "number" || kind === "span" || kind === "instant";
};
