import { writeJson } from "../json";
import { maskerOf, shapeWords, withinDepth } from "../masking";
import { atRoot, isMasked, type Reached, readMaskingPath, stepInto } from "../masking-paths";
import { carryOut } from "./carry-out";
import type { Problem } from "./edit.rules";
import { isPlain, type Patch, type PatchOp, parsePatch, pointerOf, stepsOf } from "./patch.rules";

/** A payload as people may see it. */
export const seen = (payload: string, masking: readonly string[]): unknown => maskerOf(payload, masking).payload;

/** The same after an operation: what that moves stands there as it was seen, what it writes as it was typed, and nothing of it is compared with what is masked. */
export function editSeen(document: unknown, op: PatchOp): unknown {
  const done = op.op === "test" ? null : carryOut(document, op);
  return done?.ok ? done.document : document;
}

/** A payload before and after an edit as people may see it, on lines of its own. */
export function shownEdit(payload: string, patch: Patch, masking: readonly string[]): { before: string; after: string } {
  const shown = (value: unknown) => writeJson(withinDepth(value), 2);
  return { before: shown(seen(payload, masking)), after: shown(patch.reduce(editSeen, seen(payload, masking))) };
}

const isMask = (value: unknown): boolean => isPlain(value) && typeof value.$masked === "string";

/** Where and why a payload does not fit, by names that can be seen in it alone. */
export function namedAsSeen(shown: unknown, { at, why, name }: Problem): { at: string; why: string } {
  let place: unknown = shown;
  const way: string[] = [];
  for (const step of stepsOf(at)!) {
    const isThere = Array.isArray(place) ? Number(step) < place.length : isPlain(place) && Object.hasOwn(place, step);
    if (!isThere || isMask(place)) break;
    place = (place as Record<string, unknown>)[step];
    way.push(step);
  }
  const isHidden = way.length < stepsOf(at)!.length || isMask(place);
  const isNameHidden = name !== undefined && !(isPlain(place) && Object.hasOwn(place, name));
  return { at: pointerOf(way), why: isHidden || isNameHidden ? "does not fit its schema in what is masked here" : why };
}

/** A patch as people may see it: contracts may mask by now what was written when they did not. Its text is as it was where they do not. */
export function shownPatch(text: string, masking: readonly string[]): string {
  const read = parsePatch(text);
  if (!read.ok || masking.length === 0) return text;
  const shown = read.patch.map((op) =>
    "value" in op && isWrittenMasked(op.path, op.value, masking) ? { ...op, value: { $masked: shapeWords(op.value) } } : op,
  );
  return shown.every((op, i) => op === read.patch[i]) ? text : writeJson(shown, 2);
}

// What lies at a number or `-` may be an item of a list or a field: either counts. Of what holds others any part may be masked.
function isWrittenMasked(pointer: string, value: unknown, masking: readonly string[]): boolean {
  let reached: Reached = atRoot(masking.map((path) => readMaskingPath(path) ?? []));
  for (const step of stepsOf(pointer)!) {
    if (isMasked(reached)) return true;
    const index = step === "-" ? 0 : /^\d{1,9}$/.test(step) ? Number(step) : null;
    reached = [...stepInto(reached, step), ...(index === null ? [] : stepInto(reached, index))];
  }
  return isMasked(reached) || (reached.length > 0 && typeof value === "object" && value !== null);
}
