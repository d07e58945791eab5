import { z } from "zod";
import { INSTANT_MAX, isStorable, NOT_STORABLE, type Parser, parserOf, requestKey, spanOf } from "../parsing";
import { type AuditExport, type AuditFilter, type AuditNarrowing, exportFormats } from "./rules";

export type { AuditExport, AuditFilter } from "./rules";

const text = z.string().trim().min(1).max(200).refine(isStorable, NOT_STORABLE).optional();
const at = z.coerce.number().int().nonnegative().max(INSTANT_MAX).optional();
const cursor = z
  .string()
  .regex(/^\d{1,15}-\d{1,15}$/, "is not a place in this list")
  .transform((value) => ({ at: Number(value.split("-")[0]), id: Number(value.split("-")[1]) }))
  .optional();

const narrowing = {
  operatorId: z.uuid().optional(),
  who: text,
  action: text,
  result: z.enum(["done", "denied", "result"]).optional(),
  zone: text,
  targetKind: text,
  targetId: text,
  since: at,
  until: at,
  last: z
    .string()
    .max(20)
    .optional()
    .transform((text, issues) => {
      const ms = text === undefined ? undefined : spanOf(text);
      if (ms !== null) return ms;
      issues.addIssue({ code: "custom", message: "write a span such as 30m, 24h or 7d" });
      return z.NEVER;
    }),
};

// Checked here, so that an empty list is never the answer to a range that ends before it begins.
const inOrder = ({ since, until }: AuditNarrowing): boolean => since === undefined || until === undefined || since < until;
const NOT_IN_ORDER = { message: "ends before it begins", path: ["until"] };

/** Text of an address into a filter, or a Refusal that names the field. */
export const parseAuditFilter: Parser<AuditFilter> = parserOf(
  z
    .object({ ...narrowing, before: cursor, limit: z.coerce.number().int().min(1).max(200).default(50) })
    .refine(inOrder, NOT_IN_ORDER),
);

/** What to export of the audit, and how. */
export const parseAuditExport: Parser<AuditExport> = parserOf(
  z
    .object({
      ...narrowing,
      format: z.enum(exportFormats).default("csv"),
      key: requestKey,
    })
    .refine(inOrder, NOT_IN_ORDER),
);
