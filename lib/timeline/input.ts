import { z } from "zod";
import { INSTANT_MAX, isStorable, NOT_STORABLE, type Parser, parserOf } from "../parsing";
import type { Place } from "./rules";

const text = z.string().trim().min(1, "is empty").max(200).refine(isStorable, NOT_STORABLE);
// As it is: a service may have keys that begin or end with a space.
const key = z.string().min(1, "is empty").max(500).refine(isStorable, NOT_STORABLE);
/** Where a list goes on. */
export const placeShape = z
  .string()
  .regex(/^-?\d{1,16}(\.\d{1,6})?-[\x21-\x7e]{1,120}$/, "is not a place in this list")
  .transform((place): Place => {
    const [, at, id] = /^(-?[\d.]+)-(.*)$/.exec(place)!;
    return { at: Number(at), id: id! };
  })
  .refine(({ at }) => Math.abs(at) <= INSTANT_MAX, "is not a place in this list");

/** A pasted id or a typed name. */
export const parseFind: Parser<{ text: string }> = parserOf(z.object({ text }));

/** A business key, as it is, and where its list goes on. */
export const parseKey: Parser<{ key: string; before: Place | null }> = parserOf(
  z.object({ key, before: placeShape.optional() }),
  ({ key, before }) => ({ key, before: before ?? null }),
);
