import { z } from "zod";
import { type CloseCode, type Closing, codesOf, evidenceProblem } from "../dead-letters/codes.rules";
import { parseQuery } from "../dead-letters/query.rules";
import { INSTANT_MAX, isStorable, NOT_STORABLE, type Parser, parserOf, requestKey } from "../parsing";
import { type ProofState, proofStates } from "../proofs/rules";
import type { Instant } from "../time";
import { patchLimits } from "./patch.rules";
import { canaryEnds, noPlan, type Plan, planLimits } from "./plan.rules";
import { limits, operationStates, outcomes, type Selection } from "./rules";

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

/** The patch as text, so that its numbers keep their digits. */
export type EditInput = ActInput & { patch: string };
/** What closes letters without their consumer says why in a code, and shows it. */
export type CloseInput = ActInput & { code: CloseCode; evidence: string | null };
export type TakeBackInput = {
  messages: number[];
  operationId: number | null;
  reason: string;
  ticket: string | null;
  key: string;
};
export type ActInput = {
  selection: Selection;
  reason: string;
  ticket: string | null;
  plan: Plan;
  /** What its preview said, and when: what is another by now is refused. */
  previewed?: Previewed | null;
  key: string;
};
export type Previewed = { at: Instant; messagesN: number };
export type RetryFailedInput = Omit<ActInput, "selection"> & { operationId: number };
export type ChangeInput = {
  operationId: number;
  limits: Partial<Pick<Plan, "perSecond" | "inFlightMax" | "stopPercent">>;
  key: string;
};
export type StepInput = { operationId: number; key: string; reason: string | null };

const perSecond = z.number().min(0.01).max(planLimits.perSecondMax).nullish();
const inFlightMax = z.int().min(1).max(100_000).nullish();
const stopPercent = z.int().min(0).max(99).nullish();
const plan = z
  .object({
    canaryN: z.int().min(1).max(100_000).nullish(),
    watchMs: z.int().min(0).max(planLimits.watchMsMax).optional(),
    canaryThen: z.enum(canaryEnds).optional(),
    stopPercent,
    stopWindow: z.int().min(planLimits.windowMin).max(planLimits.windowMax).optional(),
    perSecond,
    inFlightMax,
    notBefore: z.number().int().positive().max(INSTANT_MAX).nullish(),
    undoMs: z.int().min(0).max(planLimits.undoMsMax).optional(),
  })
  .strict()
  .optional();

const asked = {
  reason: prose(2_000).refine(
    (text) => text.length >= limits.reasonLengthMin,
    `must say why, in at least ${limits.reasonLengthMin} characters`,
  ),
  ticket: prose(200).nullish(),
  plan,
  previewed: z
    .object({ at: z.number().int().positive().max(INSTANT_MAX), messagesN: z.int().positive() })
    .strict()
    .optional(),
  key: requestKey,
};
const act = z
  .object({
    selection: selection.refine(
      (s) => s.queries === undefined || s.asOf !== undefined,
      "by a query says asOf, the time of its preview: what came later was not seen",
    ),
    ...asked,
  })
  .strict();
const patch = z.string().max(patchLimits.charsMax).refine(isStorable, NOT_STORABLE);
const edit = act.extend({ patch });
const closing = (kind: Closing) =>
  act.extend({ code: z.enum(codesOf(kind)), evidence: prose(2_000).nullish() }).superRefine(({ code, evidence }, refuse) => {
    const message = evidenceProblem(code, evidence ?? null);
    if (message) refuse.addIssue({ code: "custom", path: ["evidence"], message });
  });
const { plan: _, ...askedWithoutPlan } = asked;
const takeBack = z
  .object({ messages: z.array(id).max(5_000).optional(), operationId: id.optional(), ...askedWithoutPlan })
  .strict()
  .refine((asked) => (asked.messages?.length ?? 0) > 0 !== (asked.operationId !== undefined), "names messages, or an operation");
const again = z.object({ operationId: id, ...asked }).strict();
const change = z
  .object({ operationId: id, key: requestKey, perSecond, inFlightMax, stopPercent })
  .strict()
  .refine(({ operationId: _, key: __, ...limits }) => Object.keys(limits).length > 0, "names nothing to change");
const step = z.object({ operationId: id, key: requestKey, reason: prose(2_000).nullish() }).strict();
const preview = z
  .object({ kind: z.enum(["retry", "discard", "resolve"]).default("retry"), selection, key: requestKey.optional() })
  .strict();
const previewOfEdit = z.object({ selection, patch, key: requestKey.optional() }).strict();
const edited = z.object({ operationId: id, item: id.optional() });
const one = z.object({ operationId: id });
const forecast = z.object({ forecastId: id });
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

const planOf = (asked: z.output<typeof plan>): Plan => ({ ...noPlan, ...named(asked ?? {}) });
/** What was named at all: an absent field is not the same as null. */
const named = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
const askedOf = ({ reason, ticket, plan, previewed, key }: Omit<z.output<typeof act>, "selection">) => ({
  reason,
  ticket: ticket || null,
  plan: planOf(plan),
  previewed: previewed ?? null,
  key,
});

/** What is closed, with which code and evidence. */
const parseClosing = (kind: Closing): Parser<CloseInput> =>
  parserOf(closing(kind), ({ selection, code, evidence, ...request }) => ({
    selection: selectionOf(selection),
    ...{ code, evidence: evidence || null },
    ...askedOf(request),
  }));
export const parseDiscard = parseClosing("discard");
export const parseResolve = parseClosing("resolve");
/** Closed letters by their numbers, or all that an operation closed. */
export const parseTakeBack: Parser<TakeBackInput> = parserOf(takeBack, ({ messages, operationId, reason, ticket, key }) => ({
  messages: [...new Set(messages ?? [])],
  operationId: operationId ?? null,
  ...{ reason, ticket: ticket || null, key },
}));

/** Retry: what, why, how it is let out, and the key that makes a repeat the same request. */
export const parseAct: Parser<ActInput> = parserOf(act, ({ selection, ...request }) => ({
  selection: selectionOf(selection),
  ...askedOf(request),
}));

/** What is changed in each message before it is sent again, and the rest as of a retry. */
export const parseEdit: Parser<EditInput> = parserOf(edit, ({ selection, patch, ...request }) => ({
  selection: selectionOf(selection),
  patch,
  ...askedOf(request),
}));
export const parsePreviewEdit: Parser<Selection & { patch: string }> = parserOf(previewOfEdit, ({ selection, patch }) => ({
  ...selectionOf(selection),
  patch,
}));
export const parseEdited: Parser<{ operationId: number; item?: number | undefined }> = parserOf(edited);

/** What failed in an operation, asked for anew. */
export const parseRetryFailed: Parser<RetryFailedInput> = parserOf(again, ({ operationId, ...request }) => ({
  operationId,
  ...askedOf(request),
}));

/** What is held to from now on; null takes a limit away, what is not named stays. */
export const parseChange: Parser<ChangeInput> = parserOf(change, ({ operationId, key, ...limits }) => ({
  operationId,
  limits: named(limits),
  key,
}));

/** What is looked at before it is asked for: a retry when nothing else is said. */
export const parsePreview: Parser<Selection & { act: Closing | "retry" }> = parserOf(preview, (request) => ({
  ...selectionOf(request.selection),
  act: request.kind,
}));
export const parseStep: Parser<StepInput> = parserOf(step, ({ operationId, key, reason }) => ({
  operationId,
  key,
  reason: reason || null,
}));
export const parseOperationId: Parser<{ operationId: number }> = parserOf(one);
export const parseForecastId: Parser<{ forecastId: number }> = parserOf(forecast);
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
