import { z } from "zod";
import { Refusal } from "./refusal";
import { INSTANT_MAX, isStorable, isVisible, NOT_STORABLE, NOT_VISIBLE, spanOf } from "./texts";

export { INSTANT_MAX, isStorable, isVisible, NOT_STORABLE, NOT_VISIBLE, spanOf };

/** The key that a sender gives to a request, so that it may be sent again. */
export const requestKey = z.string().regex(/^[\x21-\x7e]{1,200}$/, "must be 1 to 200 visible ASCII characters");

/** Input as the schema says, or a Refusal that names the field. `called` names it when the input has no fields. */
export function parsed<T>(schema: z.ZodType<T>, input: unknown, called = ""): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const field = issue.path.map(String).join(".") || called;
  throw new Refusal("invalid", `${field || "The input"}: ${issueWords(issue)}.`, { field });
}

/** A parser that shows what it takes, so that the API's document is made of the same shapes. */
export type Parser<I> = ((input: unknown) => I) & { readonly shape: z.ZodType };

/** A parser of what the shape says; `then` makes of it what the verb takes, or refuses in words of its own. */
export function parserOf<S extends z.ZodType>(shape: S): Parser<z.output<S>>;
export function parserOf<S extends z.ZodType, I>(shape: S, then: (value: z.output<S>) => I): Parser<I>;
export function parserOf(shape: z.ZodType, then: (value: unknown) => unknown = (value) => value): Parser<unknown> {
  return Object.assign((input: unknown) => then(parsed(shape, input)), { shape });
}

const typeWords: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What is wrong, for a person. A schema's own words stand; only those that the library made up are replaced. */
export function issueWords(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too|Unrecognized)/.test(issue.message)) return issue.message.replace(/\.$/, "");
  switch (issue.code) {
    case "invalid_type":
      return /received undefined/.test(issue.message) ? "is missing" : `must be ${typeWords[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_big":
      return issue.origin === "string" || issue.origin === "array"
        ? `has more than ${issue.maximum} ${issue.origin === "string" ? "characters" : "entries"}`
        : `must be at most ${issue.maximum}`;
    case "too_small":
      return issue.origin === "string" || issue.origin === "array"
        ? `needs at least ${issue.minimum} ${issue.origin === "string" ? "characters" : "entries"}`
        : `must be at least ${issue.minimum}`;
    case "unrecognized_keys":
      return `has no field ${issue.keys
        .map((key) => JSON.stringify(key.slice(0, 40)))
        .join(", ")
        .slice(0, 200)}`;
    default:
      return "is not usable";
  }
}

/** The values of a name that an address may give several times; names hold commas and blanks, so nothing splits one. */
export const manyOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((word) => String(word).trim()).filter(Boolean);
