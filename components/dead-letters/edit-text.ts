import { createPatch, type Operation, type Pointer } from "rfc6902";
import { isNumberMark, parseJson, writeJson } from "@/lib/json";
import { brokenLine } from "./json-places";

// Longer lists are not aligned element by element: that takes their lengths multiplied.
const ALIGNED_MAX = 300;

type Mask = { $masked: string };
const isMask = (value: unknown): value is Mask =>
  typeof value === "object" && value !== null && typeof (value as Mask).$masked === "string";
const isSameLeaf = (a: unknown, b: unknown): boolean => writeJson(a) === writeJson(b);

/** What the library may not look into: a number with its digits and a masked value are one value each. */
function whole(before: unknown, after: unknown, at: Pointer): Operation[] | undefined {
  const leaves = [before, after].some((value) => isNumberMark(value) || isMask(value));
  const long = Array.isArray(before) && Array.isArray(after) && Math.max(before.length, after.length) > ALIGNED_MAX;
  if (!leaves && !long) return undefined;
  return isSameLeaf(before, after) ? [] : [{ op: "replace", path: at.toString(), value: after }];
}

export type Edited = { patch: string; problem: null } | { patch: null; problem: string; line: number };

/** The patch that makes what somebody wrote of what was shown; or in which line that is no JSON. */
export function derivedPatch(shown: unknown, text: string): Edited {
  const broken = brokenText(text);
  return broken ?? { patch: writeJson(createPatch(shown, parseJson(text), whole), 2), problem: null };
}

/** A patch as it was written by hand; what it must be more than JSON the server says. */
export const writtenPatch = (text: string): Edited => brokenText(text) ?? { patch: text, problem: null };

function brokenText(text: string): Edited | null {
  const line = brokenLine(text);
  return line === null ? null : { patch: null, problem: `Line ${line} is no JSON yet.`, line };
}
