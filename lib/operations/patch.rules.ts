import { isNumberMark, type NumberMark, parseJson } from "../json";
import { isStorable, NOT_STORABLE } from "../texts";

/** What a patch may be: above this it is no edit that anybody can look through. */
export const patchLimits = { charsMax: 50_000, operationsMax: 100, levelsMax: 200, bytesMax: 1_000_000 } as const;

export type PatchOp =
  | { op: "add" | "replace" | "test"; path: string; value: unknown }
  | { op: "remove"; path: string }
  | { op: "move" | "copy"; path: string; from: string };
export type Patch = readonly PatchOp[];

/** Why a text is no patch; `index` counts its operations from 0, null where it is none at all. */
export type PatchProblem = { index: number | null; path: string; why: string };

const kinds = ["add", "remove", "replace", "move", "copy", "test"] as const;
// They name what every object has and no payload should: a library that follows one leaves the document.
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
/** Whether a value has fields of its own. */
export const isPlain = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !Array.isArray(value) && !isNumberMark(value);

/** The steps of a JSON Pointer (RFC 6901); null for what is none. */
export function stepsOf(pointer: string): string[] | null {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** Steps as a JSON Pointer. */
export const pointerOf = (steps: readonly string[]): string =>
  steps.map((step) => `/${step.replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");

/** Reads a JSON Patch (RFC 6902) out of its text, with the digits of its numbers. */
export function parsePatch(text: string): { ok: true; patch: Patch } | { ok: false; problem: PatchProblem } {
  const none = (why: string) => ({ ok: false as const, problem: { index: null, path: "", why } });
  if (text.length > patchLimits.charsMax)
    return none(`is longer than ${patchLimits.charsMax.toLocaleString("en-US")} characters`);
  let read: unknown;
  try {
    read = parseJson(text);
  } catch {
    return none("is not JSON");
  }
  if (!Array.isArray(read)) return none("is not a list of operations");
  if (read.length > patchLimits.operationsMax) return none(`has more than ${patchLimits.operationsMax} operations`);
  const patch: PatchOp[] = [];
  for (const [index, each] of read.entries()) {
    const op = operationOf(each);
    if (typeof op === "string")
      return {
        ok: false,
        problem: { index, path: isPlain(each) && isStorable(String(each.path)) ? String(each.path ?? "") : "", why: op },
      };
    patch.push(op);
  }
  return { ok: true, patch };
}

/** One operation, or why it is none. */
function operationOf(each: unknown): PatchOp | string {
  if (!isPlain(each)) return "is not an operation";
  const op = kinds.find((kind) => kind === each.op);
  if (!op) return `has no op of ${kinds.join(", ")}`;
  const path = pointerProblem(each.path, "path") ?? (op === "remove" && each.path === "" ? "removes the whole payload" : null);
  if (path) return path;
  const pointer = each.path as string;
  if (op === "remove") return { op, path: pointer };
  if (op === "move" || op === "copy") {
    const from = pointerProblem(each.from, "from");
    if (from) return from;
    if (op === "move" && pointer.startsWith(`${each.from}/`)) return "moves a value into itself";
    return { op, path: pointer, from: each.from as string };
  }
  if (!Object.hasOwn(each, "value")) return `has no value, which ${op} needs`;
  return valueProblem(each.value) ?? { op, path: pointer, value: each.value };
}

function pointerProblem(pointer: unknown, called: string): string | null {
  const steps = typeof pointer === "string" ? stepsOf(pointer) : null;
  if (steps === null) return `has no ${called} that is a JSON Pointer such as /customer/country`;
  if (steps.length > patchLimits.levelsMax) return `has a ${called} of more than ${patchLimits.levelsMax} levels`;
  if (!isStorable(steps.join("/"))) return `has a ${called} that ${NOT_STORABLE}`;
  const bad = steps.find((step) => FORBIDDEN.has(step));
  return bad === undefined ? null : `names ${bad}, which no edit may`;
}

function valueProblem(root: unknown): string | null {
  const open = [{ value: root, level: 0 }];
  for (let place = open.pop(); place; place = open.pop()) {
    if (typeof place.value === "string" && !isStorable(place.value)) return `has a value that ${NOT_STORABLE}`;
    if (isNumberMark(place.value) && !isHeld(place.value.$number))
      return "has a value with a number that is larger or smaller than any database holds";
    if (!isObject(place.value) || isNumberMark(place.value)) continue;
    if (place.level >= patchLimits.levelsMax) return `has a value of more than ${patchLimits.levelsMax} levels`;
    for (const [name, value] of Object.entries(place.value)) {
      if (!Array.isArray(place.value) && FORBIDDEN.has(name)) return `has a value that names ${name}, which no edit may`;
      if (!isStorable(name)) return `has a value that ${NOT_STORABLE}`;
      if (!Array.isArray(place.value) && name === "$masked")
        return "would write the sign of a masked value in place of the value: leave masked values as they are";
      open.push({ value, level: place.level + 1 });
    }
  }
  return null;
}

// PostgreSQL's numeric has 131,072 digits before the point and 16,383 behind it; a patch is no longer than to have some of them in its text.
function isHeld(number: string): boolean {
  const exponent = Number(/e(.*)$/i.exec(number)?.[1] ?? 0);
  return Math.abs(exponent) <= 1_000 && number.length <= 10_000;
}

/** What stands at a place of a document; undefined where nothing does. Follows own fields only. */
export function valueAt(document: unknown, steps: readonly string[]): unknown {
  let at = document;
  for (const step of steps) {
    if (Array.isArray(at)) at = /^(0|[1-9]\d*)$/.test(step) ? at[Number(step)] : undefined;
    else at = isPlain(at) && Object.hasOwn(at, step) ? at[step] : undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

/** Whether two JSON values are the same, as RFC 6902 means it: the order of fields says nothing, and 1.10 is 1.1. */
export function isSame(a: unknown, b: unknown): boolean {
  const digits = digitsOf(a);
  if (digits !== null) return digits === digitsOf(b);
  if (!isObject(a) || !isObject(b)) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(
      (name) => Object.hasOwn(b, name) && isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
    )
  );
}

/** A number as its digits and where its point stands, so that equal numbers are equal texts; null for what is none. */
function digitsOf(value: unknown): string | null {
  const text = isNumberMark(value) ? (value as NumberMark).$number : typeof value === "number" ? String(value) : null;
  const parts = text === null ? null : /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!parts) return null;
  const [, sign, whole, fraction = "", exponent = "0"] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  return kept === ""
    ? "0"
    : `${sign}${kept}e${BigInt(exponent!) - BigInt(fraction.length) + BigInt(digits.length - kept.length)}`;
}
