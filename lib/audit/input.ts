import { z } from "zod";
import { INSTANT_MAX, isStorable, NOT_STORABLE, type Parser, parserOf } from "../parsing";
import type { AuditFilter } from "./rules";

export type { AuditFilter } from "./rules";

const text = z.string().trim().min(1).max(200).refine(isStorable, NOT_STORABLE).optional();
const at = z.coerce.number().int().nonnegative().max(INSTANT_MAX).optional();
const cursor = z
  .string()
  .regex(/^\d{1,15}-\d{1,15}$/, "is not a place in this list")
  .transform((value) => ({ at: Number(value.split("-")[0]), id: Number(value.split("-")[1]) }))
  .optional();

const filter = z.object({
  operatorId: z.uuid().optional(),
  action: text,
  result: z.enum(["done", "denied", "result"]).optional(),
  zone: text,
  targetKind: text,
  targetId: text,
  since: at,
  until: at,
  before: cursor,
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Text of an address into a filter, or a Refusal that names the field. */
export const parseAuditFilter: Parser<AuditFilter> = parserOf(filter);
