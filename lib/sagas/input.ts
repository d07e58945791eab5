import { z } from "zod";
import { isStorable, NOT_STORABLE, type Parser, parserOf } from "../parsing";
import { Refusal } from "../refusal";
import { type SagaFilter, type SagaPlace, type SuccessSpan, sagaStates, successSpans } from "./rules";

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

const many = (value: string | string[] | undefined): string[] =>
  (Array.isArray(value) ? value : (value ?? "").split(",")).map((word) => word.trim()).filter(Boolean);

/** The filter of the URL, as typed values: `zone=a&type=b&step=c&state=stuck&key=ORD-1`. */
export const parseSagaFilter: Parser<SagaFilter> = parserOf(filter, ({ zone, type, step, state, key, after }) => ({
  zones: many(zone),
  types: many(type),
  steps: many(step),
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
