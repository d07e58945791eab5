import { z } from "zod";
import { Refusal } from "../refusal";
import type { AuditFilter } from "./rules";

export type { AuditFilter } from "./rules";

const text = z.string().trim().min(1).max(200).optional();
const at = z.coerce.number().int().nonnegative().optional();
const cursor = z
  .string()
  .regex(/^\d{1,16}-\d{1,16}$/)
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
export function parseAuditFilter(params: Record<string, unknown>): AuditFilter {
  const parsed = filter.safeParse(params);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new Refusal("invalid", `The filter ${issue.path.join(".")} is not usable: ${issue.message}.`, {
    field: issue.path.join("."),
  });
}
