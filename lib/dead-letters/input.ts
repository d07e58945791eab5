import { z } from "zod";
import { Refusal } from "../refusal";
import { days, hours, minutes, seconds } from "../time";
import type { GroupFilter, MessagesPage } from "./rules";

export type { GroupFilter, MessagesPage } from "./rules";

const words = z.union([z.string().max(300), z.array(z.string().max(300)).max(50)]).optional();
const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/)]).transform(Number);

const fields = ["zone", "consumer", "event", "error", "version"] as const;
const shape = z.looseObject({
  ...Object.fromEntries(
    fields.flatMap((name) => [
      [name, words],
      [`-${name}`, words],
    ]),
  ),
  key: z.string().max(200).optional(),
  last: z.string().max(20).optional(),
  q: z.string().max(200).optional(),
  after: z
    .string()
    .regex(/^\d+-\d+$/, "is not a place in this list")
    .optional(),
});

const many = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : String(value).split(","))
    .map((word) => String(word).trim())
    .filter(Boolean);

/** The filter of the URL, as typed values: `zone=a&-consumer=b&last=<7d&key=ORD-1&q=text`. */
export function parseGroupFilter(input: unknown): GroupFilter {
  const value = parsed(shape, input) as Record<string, unknown>;
  const of = (prefix: string) =>
    Object.fromEntries(fields.map((name) => [name, many(value[`${prefix}${name}`])])) as GroupFilter["not"];
  const [openN, groupId] = String(value.after ?? "").split("-");
  return {
    ...of(""),
    not: of("-"),
    key: clean(value.key),
    lastMs: value.last === undefined ? null : spanMs(String(value.last)),
    text: clean(value.q),
    after: value.after === undefined ? null : { openN: Number(openN), groupId: Number(groupId) },
  };
}

// A NUL has no place in a text of the store, and nothing stored can match it.
const clean = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value.trim().replaceAll("\u0000", "") : null;

function spanMs(text: string): number {
  const match = /^<?(\d{1,5})(s|m|h|d)$/.exec(text.trim());
  if (!match)
    throw new Refusal("invalid", `last: write a span such as 30m, 24h or 7d; "${text.slice(0, 40)}" is none.`, { field: "last" });
  const unit = { s: seconds(1), m: minutes(1), h: hours(1), d: days(1) }[match[2] as "s" | "m" | "h" | "d"];
  return Number(match[1]) * unit;
}

export function parseGroupId(input: unknown): { groupId: number } {
  return parsed(z.object({ groupId: id }), input);
}

export function parseMessagesPage(input: unknown): MessagesPage {
  const value = parsed(
    z.object({
      groupId: id,
      key: z.string().max(200).optional(),
      after: z
        .string()
        .regex(/^\d+(\.\d+)?-\d+$/, "is not a place in this list")
        .optional(),
    }),
    input,
  );
  const [parkedAt, last] = (value.after ?? "").split("-");
  return {
    groupId: value.groupId,
    key: clean(value.key),
    after: value.after === undefined ? null : { parkedAt: Number(parkedAt), id: Number(last) },
  };
}

export function parseMessageId(input: unknown): { id: number } {
  return parsed(z.object({ id }), input);
}

function parsed<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new Refusal("invalid", `${issue.path.join(".") || "The input"}: ${issue.message}.`, { field: issue.path.join(".") });
}
