import { z } from "zod";
import { type Kind, kinds } from "../facts/rules";
import { isStorable, NOT_STORABLE, type Parser, parserOf, requestKey } from "../parsing";
import { type DivergenceState, divergenceStates } from "./rules";

const slug = (what: string) => z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, `is not the name of a ${what}`);
const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);

export type DivergenceFilter = {
  zone: string | null;
  rule: string | null;
  kind: Kind | null;
  state: DivergenceState;
  /** What the business key begins with. */
  prefix: string | null;
};
/** `at` is exact, in microseconds: milliseconds would meet the last row of a page again. */
export type Place = { at: number; id: number };

const page = z.object({
  zone: slug("zone").optional(),
  rule: slug("rule").optional(),
  kind: z.enum(kinds).optional(),
  state: z.enum(divergenceStates).optional(),
  prefix: z.string().max(200).refine(isStorable, NOT_STORABLE).optional(),
  after: z
    .string()
    .regex(/^\d{1,16}-\d{1,15}$/, "is not a place in this list")
    .optional(),
});

/** A page of divergences; the open ones when no state is named. */
export const parseDivergences: Parser<{ filter: DivergenceFilter; after: Place | null }> = parserOf(
  page,
  ({ zone, rule, kind, state, prefix, after }) => ({
    filter: { zone: zone ?? null, rule: rule ?? null, kind: kind ?? null, state: state ?? "open", prefix: prefix || null },
    after: after === undefined ? null : placeOf(after),
  }),
);

function placeOf(after: string): Place {
  const [at, last] = after.split("-").map(Number);
  return { at: at!, id: last! };
}

export const parseDivergenceId: Parser<{ divergenceId: number }> = parserOf(z.object({ divergenceId: id }));
export const parseRecheck: Parser<{ divergenceId: number; key: string }> = parserOf(
  z.object({ divergenceId: id, key: requestKey }).strict(),
);
/** The rules of one zone, or of all. */
export const parseRules: Parser<{ zone?: string | undefined }> = parserOf(z.object({ zone: slug("zone").optional() }));
export const parseRun: Parser<{ zoneId: string; rule: string; key: string }> = parserOf(
  z.object({ zoneId: slug("zone"), rule: slug("rule"), key: requestKey }).strict(),
);
