import { z } from "zod";
import {
  INSTANT_MAX,
  isStorable,
  isVisible,
  NOT_STORABLE,
  NOT_VISIBLE,
  type Parser,
  parsed,
  parserOf,
  requestKey,
} from "../parsing";
import { Refusal } from "../refusal";
import { BULK_MAX, type BulkAsked, bulkActs } from "./bulk.rules";
import { caseLimits, caseStates, causeKinds, resolutions } from "./rules";

const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);
const prose = (most: number) => z.string().trim().max(most).refine(isStorable, NOT_STORABLE);
const said = prose(caseLimits.commentMost).min(1, "says nothing");
const why = prose(caseLimits.commentMost).refine(
  (text) => text.length >= caseLimits.reasonLeast,
  `must say why, in at least ${caseLimits.reasonLeast} characters`,
);
const at = z.number().int().positive().max(INSTANT_MAX);
const person = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "is not an operator's id");
const zone = z.string().min(1).max(200).refine(isStorable, NOT_STORABLE);
const request = { caseId: id, key: requestKey };

export const parseCaseId = parserOf(z.object({ caseId: id }));
export const parseCases = parserOf(
  z.object({
    who: z.enum(["all", "mine", "unassigned"]).default("all"),
    zone: zone.optional(),
    state: z.enum(["unresolved", ...caseStates]).default("unresolved"),
    kind: z.enum(causeKinds).optional(),
    after: z
      .string()
      .regex(/^\d{1,15}-\d{1,15}$/, "is not a place in this list")
      .optional(),
  }),
);

export const parseOpen = parserOf(
  z
    .object({
      zoneId: zone,
      title: prose(caseLimits.titleMost)
        .refine(isVisible, NOT_VISIBLE)
        .min(3, "must say who or what is wrong, in at least 3 characters"),
      businessKey: prose(200).nullish(),
      note: prose(caseLimits.commentMost).nullish(),
      key: requestKey,
    })
    .strict(),
  (one) => ({ ...one, businessKey: one.businessKey || null, note: one.note || null }),
);
/** `from`: whose it is as the caller saw it; taking a case that somebody took meanwhile is a conflict. */
export const parseAssign = parserOf(
  z.object({ ...request, to: person.nullable(), from: person.nullish() }).strict(),
  ({ from, ...one }) => ({ ...one, from: from ?? null }),
);
export const parseCaseStep = parserOf(z.object(request).strict());
export const parseComment = parserOf(z.object({ ...request, text: said }).strict());
/** `until` null wakes it now. */
export const parseSnooze = parserOf(z.object({ ...request, until: at.nullable() }).strict());
export const parseTick = parserOf(z.object({ ...request, step: z.int().min(1).max(1_000), done: z.boolean() }).strict());
export const parseResolve = parserOf(
  z.object({ ...request, resolution: z.enum(resolutions), reason: why, until: at.nullish() }).strict(),
  ({ until, ...one }) => ({ ...one, until: until ?? null }),
);
export const parseReopen = parserOf(z.object({ ...request, reason: why }).strict());

const several = {
  cases: z
    .array(id)
    .min(1)
    .max(BULK_MAX)
    .transform((ids) => [...new Set(ids)]),
  act: z.enum(bulkActs),
  to: person.optional(),
  until: at.optional(),
  resolution: z.enum(resolutions).exclude(["accepted"]).optional(),
};
/** One act for several cases; a difference is accepted one case at a time, since a second person looks at each. */
export const parseBulk = parserOf(
  z.object({ ...several, reason: prose(caseLimits.commentMost).nullish(), key: requestKey }).strict(),
  ({ cases, reason, key, ...rest }) => {
    const asked = askedOf(rest);
    if (asked.act === "resolve") parsed(z.object({ reason: why }), { reason: reason ?? "" });
    return { cases, asked, reason: reason ?? "", key };
  },
);
export const parseBulkPreview = parserOf(z.object({ ...several, key: requestKey.optional() }).strict(), ({ cases, ...rest }) => ({
  cases,
  asked: askedOf(rest),
}));

type Named = Pick<z.output<z.ZodObject<typeof several>>, "act" | "to" | "until" | "resolution">;

function askedOf({ act, to, until, resolution }: Named): BulkAsked {
  const needed = <T>(value: T | undefined, field: string): T => {
    if (value === undefined) throw new Refusal("invalid", `${field}: is missing.`, { field });
    return value;
  };
  if (act === "assign") return { act, to: needed(to, "to") };
  if (act === "snooze") return { act, until: needed(until, "until") };
  if (act === "resolve") return { act, resolution: needed(resolution, "resolution") };
  return { act };
}

type Of<P> = P extends Parser<infer I> ? I : never;
export type CasesInput = Of<typeof parseCases>;
export type OpenInput = Of<typeof parseOpen>;
export type AssignInput = Of<typeof parseAssign>;
export type CaseStepInput = Of<typeof parseCaseStep>;
export type CommentInput = Of<typeof parseComment>;
export type SnoozeInput = Of<typeof parseSnooze>;
export type TickInput = Of<typeof parseTick>;
export type ResolveInput = Of<typeof parseResolve>;
export type ReopenInput = Of<typeof parseReopen>;
export type BulkInput = Of<typeof parseBulk>;
export type BulkPreviewInput = Of<typeof parseBulkPreview>;
