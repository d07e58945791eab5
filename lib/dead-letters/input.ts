import { z } from "zod";
import { exportFormats } from "../audit/rules";
import { isStorable, isVisible, manyOf, NOT_STORABLE, NOT_VISIBLE, type Parser, parserOf, requestKey, spanOf } from "../parsing";
import { Refusal } from "../refusal";
import { type Condition, parseQuery, type Query } from "./query.rules";
import type { FieldName } from "./query-fields.rules";
import {
  type GroupFilter,
  type Grouping,
  groupings,
  type LetterExport,
  type LetterFilter,
  type MessagesPage,
  type RevealRequest,
  type SavedRequest,
} from "./rules";

export type { GroupFilter, LetterFilter, MessagesPage } from "./rules";

const text = (most: number) => z.string().max(most).refine(isStorable, NOT_STORABLE);
const words = z.union([text(300), z.array(text(300)).max(50)]).optional();
const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);

const names = ["zone", "consumer", "event", "error", "version"] as const;
const narrowing = {
  ...Object.fromEntries(
    names.flatMap((name) => [
      [name, words],
      [`-${name}`, words],
    ]),
  ),
  key: text(200).optional(),
  last: text(20).optional(),
  q: text(2_000).optional(),
  // What is wrong in it is said by its own reader, with the column.
  query: z.union([z.string(), z.array(z.string()).max(3)]).optional(),
};
const groupsShape = z.looseObject({
  ...narrowing,
  after: z
    .string()
    .regex(/^\d{1,9}-\d{1,15}$/, "is not a place in this list")
    .optional(),
});

/** The filter of the URL: one query or several, each of which narrows, beside the parameters that there were before (`zone=a&-consumer=b&last=<7d&key=ORD-1&q=text`). */
export const parseGroupFilter: Parser<GroupFilter> = parserOf(groupsShape, (value: Record<string, unknown>) => {
  const [openN, groupId] = String(value.after ?? "").split("-");
  return {
    queries: queriesOf(value),
    after: value.after === undefined ? null : { openN: Number(openN), groupId: Number(groupId) },
  };
});

const exportShape = z
  .object({
    queries: z.array(z.string()).max(3).default([]),
    side: z.enum(["open", "closed"]).default("open"),
    format: z.enum(exportFormats).default("csv"),
    key: requestKey,
  })
  .strict();

/** What of the dead letters is wanted as a file, and how. */
export const parseLetterExport: Parser<LetterExport> = parserOf(exportShape, ({ queries, ...rest }) => ({
  ...rest,
  queries: queries.map((each) => parseQuery(each)),
}));

const SEARCH_MAX = 6_000;
const PARTS = ["q", "list", "by", "columns"];
const saved = z
  .object({
    name: z.string().trim().min(1).max(60).refine(isVisible, NOT_VISIBLE),
    search: text(SEARCH_MAX),
    shared: z.boolean().default(false),
    pinned: z.boolean().default(false),
    key: requestKey,
  })
  .strict();

/** A view to be kept: of its address only what a list knows. */
export const parseSaved: Parser<SavedRequest> = parserOf(saved, (request) => {
  const asked = [...new URLSearchParams(request.search)].filter(([name]) => PARTS.includes(name));
  return { ...request, search: new URLSearchParams(asked).toString() };
});
export const parseSavedRemoval: Parser<{ viewId: number; key: string }> = parserOf(
  z.object({ viewId: id, key: requestKey }).strict(),
);

const groupedShape = z.looseObject({ ...narrowing, by: z.enum(groupings) });

/** What the messages that match are summed by. */
export const parseGrouped: Parser<{ queries: Query[]; by: Grouping }> = parserOf(
  groupedShape,
  (value: Record<string, unknown>) => ({
    queries: queriesOf(value),
    by: value.by as Grouping,
  }),
);

const PLACE = /^-?\d{1,14}(\.\d{1,6})?-\d{1,15}$/;
const place = z.string().regex(PLACE, "is not a place in this list").optional();
const lettersShape = z.looseObject({ ...narrowing, side: z.enum(["open", "closed"]).default("open"), after: place });

/** The same for single letters, open or closed. */
export const parseLetterFilter: Parser<LetterFilter> = parserOf(lettersShape, (value: Record<string, unknown>) => {
  const after = value.after === undefined ? null : placeOf(String(value.after));
  return {
    queries: queriesOf(value),
    side: value.side as LetterFilter["side"],
    after: after && { at: after.parkedAt, id: after.id },
  };
});

function queriesOf(value: Record<string, unknown>): Query[] {
  const asked = [value.query ?? []].flat().map((each) => parseQuery(String(each)));
  return [queryOf(value), ...asked].filter(({ conditions, text }) => conditions.length > 0 || text !== null);
}

function queryOf(value: Record<string, unknown>): Query {
  const of = (field: FieldName, values: string[], not: boolean): Condition[] =>
    values.length === 0 ? [] : [{ field, path: null, not, compare: "=", values }];
  const key = clean(value.key);
  if (value.last !== undefined) spanMs(String(value.last));
  return {
    conditions: [
      ...names.flatMap((name) => [...of(name, manyOf(value[name]), false), ...of(name, manyOf(value[`-${name}`]), true)]),
      ...of("key", key === null ? [] : [key], false),
      ...of("last", value.last === undefined ? [] : [String(value.last)], false),
    ],
    text: clean(value.q),
  };
}

const clean = (value: unknown): string | null => (typeof value === "string" && value.trim() !== "" ? value.trim() : null);

function spanMs(text: string): number {
  const ms = spanOf(text);
  if (ms === null)
    throw new Refusal("invalid", `last: write a span such as 30m, 24h or 7d; "${text.slice(0, 40)}" is none.`, { field: "last" });
  return ms;
}

export const parseGroupId: Parser<{ groupId: number }> = parserOf(z.object({ groupId: id }));

const messagesPage = z.object({
  groupId: id,
  key: text(200).optional(),
  after: place,
});
export const parseMessagesPage: Parser<MessagesPage> = parserOf(messagesPage, ({ groupId, key, after }) => ({
  groupId,
  key: clean(key),
  after: after === undefined ? null : placeOf(after),
}));

// An instant before 1970 has a sign of its own.
function placeOf(after: string): NonNullable<MessagesPage["after"]> {
  const at = after.lastIndexOf("-");
  return { parkedAt: Number(after.slice(0, at)), id: Number(after.slice(at + 1)) };
}

export const parseMessageId: Parser<{ id: number }> = parserOf(z.object({ id }));

const REVEAL_CHARS_MIN = 12;
const revealShape = z
  .object({
    id,
    reason: text(2_000)
      .trim()
      .refine((why) => why.length >= REVEAL_CHARS_MIN, `must say why, in at least ${REVEAL_CHARS_MIN} characters`),
    key: requestKey,
  })
  .strict();
/** Whose masked values, and why they have to be seen. */
export const parseReveal: Parser<RevealRequest> = parserOf(revealShape);
