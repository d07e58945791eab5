import { z } from "zod";
import { parseQuery } from "../dead-letters/query.rules";
import { INSTANT_MAX, isStorable, NOT_STORABLE, type Parser, parserOf, requestKey } from "../parsing";
import { type ProofState, proofStates } from "../proofs/rules";
import { limits, type OperationKind, operationKinds, operationStates, outcomes, type Selection } from "./rules";

export type { Selection } from "./rules";

const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);
const prose = (most: number) => z.string().trim().max(most).refine(isStorable, NOT_STORABLE);

const selection = z
  .object({
    messages: z.array(id).max(5_000).optional(),
    groups: z.array(id).max(200).optional(),
    // What is wrong in one is said by its own reader, with the column.
    queries: z.array(z.string()).min(1).max(3).optional(),
    asOf: z.number().int().positive().max(INSTANT_MAX).optional(),
  })
  .strict()
  .refine(
    (s) => (s.messages?.length ?? 0) + (s.groups?.length ?? 0) > 0 || s.queries !== undefined,
    "names neither messages nor groups nor a query",
  );

export type ActInput = { selection: Selection; reason: string; ticket: string | null; key: string };
export type StepInput = { operationId: number; key: string; reason: string | null };

const act = z
  .object({
    selection: selection.refine(
      (s) => s.queries === undefined || s.asOf !== undefined,
      "by a query says asOf, the time of its preview: what came later was not seen",
    ),
    reason: prose(2_000).refine(
      (text) => text.length >= limits.reasonLengthMin,
      `must say why, in at least ${limits.reasonLengthMin} characters`,
    ),
    ticket: prose(200).nullish(),
    key: requestKey,
  })
  .strict();
const step = z.object({ operationId: id, key: requestKey, reason: prose(2_000).nullish() }).strict();
const preview = z.object({ kind: z.enum(operationKinds).default("retry"), selection, key: requestKey.optional() }).strict();
const one = z.object({ operationId: id });
const page = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/, "is not a place in this list")
    .optional(),
  state: z.enum(operationStates).optional(),
});
const items = z.object({
  operationId: id,
  outcome: z.enum([...outcomes, "waiting", "uncertain"]).optional(),
  after: id.optional(),
});

const selectionOf = (s: z.output<typeof selection>): Selection => ({
  messages: [...new Set(s.messages ?? [])],
  groups: [...new Set(s.groups ?? [])],
  asOf: s.asOf ?? null,
  ...(s.queries && { queries: s.queries.map(parseQuery) }),
});

/** Retry or discard: what, why, and the key that makes a repeat the same request. */
export const parseAct: Parser<ActInput> = parserOf(act, (request) => ({
  selection: selectionOf(request.selection),
  reason: request.reason,
  ticket: request.ticket || null,
  key: request.key,
}));

/** What is looked at before it is asked for: a retry when nothing else is said. */
export const parsePreview: Parser<Selection & { kind: OperationKind }> = parserOf(preview, (request) => ({
  ...selectionOf(request.selection),
  kind: request.kind,
}));
export const parseStep: Parser<StepInput> = parserOf(step, ({ operationId, key, reason }) => ({
  operationId,
  key,
  reason: reason || null,
}));
export const parseOperationId: Parser<{ operationId: number }> = parserOf(one);
export const parseOperationsPage: Parser<{ after?: string | undefined; state?: string | undefined }> = parserOf(page);
export const parseItems: Parser<{ operationId: number; outcome?: string | undefined; after?: number | undefined }> =
  parserOf(items);

const proof = z.object({
  operationId: id,
  state: z.enum(proofStates).optional(),
  after: z.string().max(2_000).optional(),
});
type ProofInput = {
  operationId: number;
  state?: ProofState | undefined;
  after?: { businessKey: string; zoneId: string } | undefined;
};
/** Which keys of an operation to show, and after which: a place is what an answer gave as `after`. */
export const parseProof: Parser<ProofInput> = parserOf(proof, ({ after, ...wanted }) => {
  const place = after === undefined ? null : placeOf(after);
  return { ...wanted, ...(place && { after: place }) };
});

/** A place in the list of keys; what is none begins at the first. */
function placeOf(text: string): { businessKey: string; zoneId: string } | null {
  try {
    const place = z.tuple([z.string(), z.string()]).safeParse(JSON.parse(text));
    return place.success && place.data.every(isStorable) ? { businessKey: place.data[0], zoneId: place.data[1] } : null;
  } catch {
    return null;
  }
}
