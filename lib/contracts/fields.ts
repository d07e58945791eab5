import { z } from "zod";
import { isMaskingPath } from "../masking";
import { readCondition, readRunbookCondition } from "./conditions";
import { dayEnd, durationMs, durationPattern, isPattern, isTimeZone, percentPattern, percentRatio } from "./values";

// A description is what an error says was expected and what an editor shows: a noun with an example. It comes last,
// since every other method of zod makes a copy that has none.

/** Text that a person reads. */
export const prose = (words: string) => z.string().regex(/\S/).max(2_000).describe(words);

/** A name without white space: a service, a consumer, a channel. Without @ too, so that no address with a password can stand in it. */
export const label = (words: string) =>
  z
    .string()
    .regex(/^[^\s@]+$/)
    .max(200)
    .describe(words);

/** A name that also stands in addresses: a zone, a source. */
export const slug = (words: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)
    .max(64)
    .describe(words);

/** A file beside the one that names it, or below: never out of its folder. */
export const jsonFile = (words: string) =>
  z
    .string()
    .regex(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[\w./-]{1,200}\.json$/)
    .describe(words);

/** A name out of a given few. */
export const choice = <const T extends readonly [string, ...string[]]>(of: T) =>
  z.enum(of).describe(of.length === 1 ? of[0] : `${of.slice(0, -1).join(", ")} or ${of.at(-1)}`);

/** `30s`, `5m`, `2h`, `1d`, above zero; with bounds where the product needs them. */
export const duration = (words = "a duration such as 30s, 5m, 2h or 1d", leastMs = 1, mostMs = Number.POSITIVE_INFINITY) =>
  z
    .string()
    .regex(durationPattern)
    .refine((text) => {
      const ms = durationMs(text);
      return ms !== null && ms >= leastMs && ms <= mostMs;
    })
    .describe(words);

/** What two values may differ by: numbers by an amount, times by a duration, text by blanks around it, by capitals, or by both. */
const ignored = z.enum(["trim", "case"]);
export const tolerance = z
  .union([z.number().min(0), duration(), ignored, z.array(ignored).min(1).max(2)])
  .describe("a number from 0, a duration such as 1ms for times, or trim, case or both in a list for text");

/** `60%`, above zero and up to 100 %. */
export const percent = (words = "a percentage such as 60%") =>
  z
    .string()
    .regex(percentPattern)
    .refine((text) => percentRatio(text) !== null)
    .describe(words);

export const count = (words = "a whole number from 0") => z.int().min(0).max(1_000_000_000).describe(words);
export const atLeastOne = (words = "a whole number from 1") => z.int().min(1).max(1_000_000).describe(words);

/** An SQL name, perhaps qualified; in double quotes where it has a dot or other signs. */
export const relation = z
  .string()
  .regex(/^([A-Za-z_][\w$]{0,62}|"[^"]{1,63}")(\.([A-Za-z_][\w$]{0,62}|"[^"]{1,63}"))?$/)
  .describe('a table or view such as payment, billing.payment or billing."payment.v2"');
export const column = z
  .string()
  .regex(/^[A-Za-z_][\w$]{0,62}$/)
  .describe("a column's name such as order_id");

export const pattern = z.string().min(1).max(1_000).refine(isPattern).describe('a regular expression such as "ORD-\\\\d+"');

export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => dayEnd(text) !== null)
  .describe("a day such as 2027-01-31");

export const timeZone = z.string().refine(isTimeZone).describe("a time zone such as UTC or Europe/Berlin");

export const maskingPath = z
  .string()
  .max(500)
  .refine(isMaskingPath)
  .describe('a path such as "$.customer.email", "$.lines[*].note" or "$..pan"');

type Reading = (text: string) => { ok: true } | { ok: false; expected: string };

const readable = (read: Reading, words: string) =>
  z
    .string()
    .max(500)
    .check((payload) => {
      const result = read(payload.value);
      if (!result.ok) payload.issues.push({ code: "custom", message: result.expected, input: payload.value });
    })
    .describe(words);

export const alertWhen = readable(readCondition, "a comparison such as oldest_unresolved > window");
export const runbookWhen = readable(readRunbookCondition, "a cause such as divergence.missing at inventory");
