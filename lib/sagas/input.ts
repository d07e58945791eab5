import { z } from "zod";
import { isStorable, manyOf, NOT_STORABLE, type Parser, parserOf, requestKey } from "../parsing";
import { Refusal } from "../refusal";
import {
  holdLimits,
  type SagaFilter,
  type SagaPlace,
  type SagaSelection,
  type SuccessSpan,
  sagaStates,
  successSpans,
} from "./rules";

const text = (most: number) => z.string().max(most).refine(isStorable, NOT_STORABLE);
const words = z.union([text(300), z.array(text(200)).max(50)]).optional();
const filter = z.looseObject({
  zone: words,
  type: words,
  step: words,
  state: z.enum(sagaStates).optional(),
  key: text(200).optional(),
  after: text(400).optional(),
});

/** The filter of the URL, as typed values: `zone=a&type=b&step=c&state=stuck&key=ORD-1`. */
export const parseSagaFilter: Parser<SagaFilter> = parserOf(filter, ({ zone, type, step, state, key, after }) => ({
  zones: manyOf(zone),
  types: manyOf(type),
  steps: manyOf(step),
  state: state ?? null,
  key: key?.trim() || null,
  after: after === undefined ? null : placeOf(after),
}));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function placeOf(after: string): SagaPlace {
  const [place = "", sourceId = "", sagaId = ""] = after.split("~");
  if (!/^(none|-?\d{1,15}(\.\d{1,6})?)$/.test(place) || !UUID.test(sagaId))
    throw new Refusal("invalid", "after: is not a place in this list.", { field: "after" });
  return { place: place === "none" ? null : Number(place), sourceId, sagaId };
}

/** Where the next page begins, as it stands in an address. */
export const placeText = ({ place, sourceId, sagaId }: SagaPlace): string => `${place ?? "none"}~${sourceId}~${sagaId}`;

/** One saga: ids belong to their source. */
export const parseSagaId: Parser<{ sourceId: string; sagaId: string }> = parserOf(
  z.object({ sourceId: z.string(), sagaId: z.string() }),
  ({ sourceId, sagaId }) => {
    if (!isStorable(sourceId) || !UUID.test(sagaId)) throw noSaga();
    return { sourceId, sagaId: sagaId.toLowerCase() };
  },
);

/** What is said of a saga that is not there, or not for this person. */
export const noSaga = (): Refusal =>
  new Refusal(
    "not_found",
    "There is no such saga, or it is not in your zones. One that completes without trouble is not kept; one that was undone is kept for a week.",
  );

/** A span of the success rates, of one zone if one is named. */
export const parseSuccess: Parser<{ zone: string | null; span: SuccessSpan }> = parserOf(
  z.object({ zone: text(100).optional(), span: z.enum(successSpans).default("24h") }),
  ({ zone, span }) => ({ zone: zone ?? null, span }),
);

const saga = z.object({ sourceId: text(100), sagaId: z.string().regex(UUID, "is no saga's id") }).strict();
const cause = z.object({ zone: text(100), type: text(200), step: text(200).nullish() }).strict();
const selection = z
  .object({ sagas: z.array(saga).max(holdLimits.sagasMax).optional(), cause: cause.optional() })
  .strict()
  .refine((s) => (s.sagas?.length ?? 0) > 0 !== (s.cause !== undefined), "names sagas, or one cause");
const reason = z
  .string()
  .trim()
  .max(2_000)
  .refine(isStorable, NOT_STORABLE)
  .refine(
    (words) => words.length >= holdLimits.reasonLengthMin,
    `must say why, in at least ${holdLimits.reasonLengthMin} characters`,
  );
// A span and not an end: the end is the same however often and however late the same request is sent.
const span = z
  .int()
  .min(1, "a hold lasts a minute at least")
  .max(holdLimits.holdMsMax / 60_000, "a hold ends within 24 hours");

const selectionOf = ({ sagas, cause }: z.output<typeof selection>): SagaSelection => ({
  sagas: [...new Map((sagas ?? []).map((one) => [`${one.sourceId}/${one.sagaId}`.toLowerCase(), one])).values()].map((one) => ({
    sourceId: one.sourceId,
    sagaId: one.sagaId.toLowerCase(),
  })),
  cause: cause ? { ...cause, step: cause.step ?? null } : null,
});

export type HoldInput = { selection: SagaSelection; forMs: number; reason: string; key: string };
export type ReleaseInput = { selection: SagaSelection | null; undoes: number | null; reason: string | null; key: string };

/** To hold compensations for some minutes from now: of which sagas, and why. */
export const parseHold: Parser<HoldInput> = parserOf(
  z.object({ selection, minutes: span, reason, key: requestKey }).strict(),
  ({ minutes, selection: chosen, ...request }) => ({ ...request, selection: selectionOf(chosen), forMs: minutes * 60_000 }),
);

const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);

/** To let compensations go: of some sagas, and why; or to take one hold back, which needs no words. */
export const parseRelease: Parser<ReleaseInput> = parserOf(
  z
    .object({ selection: selection.optional(), holdId: id.optional(), reason: reason.nullish(), key: requestKey })
    .strict()
    .refine((request) => (request.selection === undefined) !== (request.holdId === undefined), "names a selection, or one hold")
    .refine((request) => request.holdId !== undefined || (request.reason ?? null) !== null, {
      path: ["reason"],
      message: `must say why, in at least ${holdLimits.reasonLengthMin} characters`,
    }),
  ({ selection: chosen, holdId, ...request }) => ({
    key: request.key,
    selection: chosen ? selectionOf(chosen) : null,
    undoes: holdId ?? null,
    reason: request.reason ?? null,
  }),
);

/** What is looked at before it is held. */
export const parseHoldPreview: Parser<SagaSelection> = parserOf(
  z.object({ selection, key: requestKey.optional() }).strict(),
  ({ selection: chosen }) => selectionOf(chosen),
);

export const parseHoldId: Parser<{ holdId: number }> = parserOf(z.object({ holdId: id }));
