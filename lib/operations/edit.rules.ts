import { parseJson, writeJson } from "../json";
import { maskerOf, maskJson, withinDepth } from "../masking";

/** How many messages one edit may be of: each is worked out and validated before it is asked for. */
export const EDITED_MAX = 10_000;

/** Why an edit does not fit a payload: the patch, what is masked, or the event's schema; `at` is a JSON Pointer into the payload. */
export type Misfit = { at: string; why: string; by: "patch" | "masking" | "schema" };
export type Edited = { ok: true; payload: string; changed: boolean } | { ok: false; misfits: Misfit[] };

/** What a payload is held against: the paths that are masked where it stands, and what its schemas say of it. */
export type Judging = { masking: readonly string[]; problems: (payload: unknown) => { at: string; why: string }[] };

/** A payload before and after an edit as people may see it, on lines of its own: what was masked before is masked wherever it stands after. */
export function shownEdit(before: string, after: string, masking: readonly string[]): { before: string; after: string } {
  const mask = maskerOf(before, masking);
  const shown = (value: unknown) => writeJson(withinDepth(value), 2);
  return {
    before: shown(mask.payload),
    after: shown(masking.length === 0 ? parseJson(after) : mask.deep(maskJson(parseJson(after), masking))),
  };
}
