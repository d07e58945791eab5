import { z } from "zod";
import { isStorable, manyOf, NOT_STORABLE, type Parser, parserOf, spanOf } from "../parsing";
import { Refusal } from "../refusal";
import type { GroupFilter, MessagesPage } from "./rules";

export type { GroupFilter, MessagesPage } from "./rules";

const text = (most: number) => z.string().max(most).refine(isStorable, NOT_STORABLE);
const words = z.union([text(300), z.array(text(300)).max(50)]).optional();
const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);

const fields = ["zone", "consumer", "event", "error", "version"] as const;
const shape = z.looseObject({
  ...Object.fromEntries(
    fields.flatMap((name) => [
      [name, words],
      [`-${name}`, words],
    ]),
  ),
  key: text(200).optional(),
  last: text(20).optional(),
  q: text(2_000).optional(),
  after: z
    .string()
    .regex(/^\d{1,9}-\d{1,15}$/, "is not a place in this list")
    .optional(),
});

/** The filter of the URL, as typed values: `zone=a&-consumer=b&last=<7d&key=ORD-1&q=text`. */
export const parseGroupFilter: Parser<GroupFilter> = parserOf(shape, (value: Record<string, unknown>) => {
  const of = (prefix: string) =>
    Object.fromEntries(fields.map((name) => [name, manyOf(value[`${prefix}${name}`])])) as GroupFilter["not"];
  const [openN, groupId] = String(value.after ?? "").split("-");
  return {
    ...of(""),
    not: of("-"),
    key: clean(value.key),
    lastMs: value.last === undefined ? null : spanMs(String(value.last)),
    text: clean(value.q),
    after: value.after === undefined ? null : { openN: Number(openN), groupId: Number(groupId) },
  };
});

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
  after: z
    .string()
    .regex(/^-?\d{1,14}(\.\d{1,6})?-\d{1,15}$/, "is not a place in this list")
    .optional(),
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
