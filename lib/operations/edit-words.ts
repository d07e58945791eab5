import { counted } from "../words";
import type { Misfit } from "./edit.rules";
import type { PatchProblem } from "./patch.rules";

/** `/lines/0/qty must be integer.` */
export const misfitWords = ({ at, why }: Misfit): string => `${at === "" ? "the payload" : at} ${why}.`;

/** `Operation 2, /lines/0, has no value, which add needs.` */
export const patchWords = ({ index, path, why }: PatchProblem): string =>
  index === null ? `The patch ${why}.` : `Operation ${index + 1}${path === "" ? "" : `, ${path},`} ${why}.`;

/** Why nothing of what is free in a selection would be edited. */
export function nothingEditedWords(
  { sameN, misfitN }: { sameN: number; misfitN: number },
  first: { id: string; misfits: readonly Misfit[] } | undefined,
): string {
  if (first) {
    const of = misfitN === 1 ? `Message ${first.id}` : `${counted(misfitN, "message")} do not fit; message ${first.id}`;
    return `${of}: ${misfitWords(first.misfits[0]!)}`;
  }
  if (sameN > 0) return "The patch changes nothing in what you selected.";
  return "Accord keeps none of these payloads, so nobody could see what an edit would make of them.";
}
