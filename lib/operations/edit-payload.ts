import { textOfBytes } from "../dead-letters/binary.rules";
import { parseJson, writeJson } from "../json";
import { maskJson } from "../masking";
import { carryOut } from "./carry-out";
import type { Edited, Judging, Misfit } from "./edit.rules";
import { editSeen, namedAsSeen, seen } from "./edit-shown";
import { isPlain, isSame, type Patch, type PatchOp, patchLimits, stepsOf, valueAt } from "./patch.rules";

const MISFITS_MAX = 20;
// What masking puts into a text in place of what it hides.
const PLACEHOLDER = /\[(?:\d+ (?:chars?|digits?)|domain [a-z0-9.-]+)\]/i;
const TOO_DEEP = `is nested deeper than ${patchLimits.levelsMax} levels, which no edit can follow`;
const MASKED_WHY = "is masked here: no edit reads, writes or moves what a contract masks";

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;
const isMask = (value: unknown): boolean =>
  isContainer(value) && Object.hasOwn(value, "$masked") && Object.keys(value).length === 1;

/**
 * Edits one payload, given and answered as text so that no number changes that the patch does not name. The same text and patch are the same
 * answer wherever it is worked out: before it is asked for, and again when it is carried out on the row itself.
 */
export function editPayload(payload: string, patch: Patch, { masking, problems }: Judging): Edited {
  const no = (by: Misfit["by"], at: string, why: string): Edited => ({ ok: false, misfits: [{ at, why, by }] });
  const before = parseJson(payload);
  if (isTooDeep(before)) return no("patch", "", TOO_DEEP);
  // What contracts mask is found in the text that the bytes say, and an edit would be of the bytes.
  if (typeof before === "string" && textOfBytes(before) !== null) return no("patch", "", "is bytes, which no edit can follow");
  let document: unknown = parseJson(payload);
  // What an operator sees of it: an answer depends on nothing else, so that no edit tells whether a guess of a masked value is right.
  let shown = masking.length === 0 ? null : { document: seen(payload, masking) };
  if (shown && typeof before === "string" && shown.document !== before) return no("masking", "", MASKED_WHY);
  // A copy in which every masked value is a sign: the signs move with the values, and tell where a value came to stand.
  let signs = masking.length === 0 ? null : { document: maskJson(parseJson(payload), masking) };
  for (const op of patch) {
    const blind = signs && shown && blindness(op, signs.document, document, shown.document);
    if (blind) return no("masking", blind, MASKED_WHY);
    const done = carryOut(document, op);
    if (!done.ok) return no("patch", done.path, done.why);
    document = done.document;
    const beyond = op.op === "test" || op.op === "remove" ? null : beyondLimits(document);
    if (beyond !== null) return no("patch", op.path, beyond);
    shown = shown && { document: editSeen(shown.document, op) };
    if (signs) {
      const moved = carryOut(signs.document, op);
      signs = { document: moved.ok ? moved.document : signs.document };
    }
  }
  const strayed = signs && strayedAt(signs.document, maskJson(document, masking));
  if (strayed !== null)
    return no("masking", shown ? namedAsSeen(shown.document, { at: strayed, why: "" }).at : strayed, MASKED_WHY);
  if (document === null) return no("patch", "", "would be null, which a source cannot tell from an unchanged payload");
  const text = writeJson(document);
  if (isSame(before, document) && (!shown || isSame(seen(payload, masking), shown.document)))
    return { ok: true, payload, changed: false };
  const found = problems(JSON.parse(text)).slice(0, MISFITS_MAX);
  return found.length > 0
    ? {
        ok: false,
        misfits: found.map((each) => ({
          ...(shown ? namedAsSeen(shown.document, each) : { at: each.at, why: each.why }),
          by: "schema",
        })),
      }
    : { ok: true, payload: text, changed: true };
}

/** Where an operation would read, tell or copy what is masked, or write its sign in a text; null where it does not. */
function blindness(op: PatchOp, signs: unknown, document: unknown, shown: unknown): string | null {
  const under = (pointer: string) => {
    const steps = stepsOf(pointer)!;
    return steps.some((_, i) => isMask(valueAt(signs, steps.slice(0, i))) || hidesNames(document, shown, steps.slice(0, i)));
  };
  if (under(op.path)) return op.path;
  if ("from" in op && (under(op.from) || (op.op === "copy" && holdsMask(valueAt(signs, stepsOf(op.from)!))))) return op.from;
  if (op.op === "test") {
    // Whether a guess is right would be an answer, also where a masked value stands in another text.
    const steps = stepsOf(op.path)!;
    const told = holdsMask(valueAt(signs, steps)) || !isSame(valueAt(shown, steps), valueAt(document, steps));
    return told ? op.path : null;
  }
  return "value" in op && PLACEHOLDER.test(writeJson(op.value)) ? op.path : null;
}

// Whether a field of a name is there would be an answer as well, where names of fields say what is masked.
function hidesNames(document: unknown, shown: unknown, steps: readonly string[]): boolean {
  const [own, seenThere] = [valueAt(document, steps), valueAt(shown, steps)];
  return isPlain(own) && (!isPlain(seenThere) || Object.keys(own).some((name) => !Object.hasOwn(seenThere, name)));
}

function holdsMask(root: unknown): boolean {
  const open = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (isMask(value)) return true;
    if (isContainer(value)) open.push(...Object.values(value).filter((each) => each !== undefined));
  }
  return false;
}

/** Where a sign stands and masking puts none, or the other way round: a masked value came to be seen, or a seen one was put in its place. */
function strayedAt(signs: unknown, wanted: unknown): string | null {
  const open = [{ signs, wanted, at: "" }];
  for (let place = open.pop(); place; place = open.pop()) {
    if (isMask(place.signs) !== isMask(place.wanted)) return place.at;
    if (isMask(place.signs) || !isContainer(place.signs)) continue;
    for (const [name, value] of Object.entries(place.signs))
      open.push({
        signs: value,
        wanted: isContainer(place.wanted) ? (place.wanted as Record<string, unknown>)[name] : undefined,
        at: `${place.at}/${name.replace(/~/g, "~0").replace(/\//g, "~1")}`,
      });
  }
  return null;
}

function isTooDeep(root: unknown): boolean {
  const open = [{ value: root, level: 0 }];
  for (let place = open.pop(); place; place = open.pop()) {
    if (!isContainer(place.value)) continue;
    const level = place.level + 1;
    if (level > patchLimits.levelsMax) return true;
    for (const value of Object.values(place.value)) if (isContainer(value)) open.push({ value, level });
  }
  return false;
}

// Copies of copies double with each operation: counted, and never written out to be measured.
function beyondLimits(root: unknown): string | null {
  let left: number = patchLimits.bytesMax;
  const open = [root];
  while (open.length > 0 && left >= 0) {
    const value = open.pop();
    left -= typeof value === "string" ? value.length + 2 : 4;
    if (isContainer(value))
      for (const [name, each] of Object.entries(value)) {
        left -= Array.isArray(value) ? 1 : name.length + 3;
        open.push(each);
      }
  }
  if (left < 0) return `makes more than ${patchLimits.bytesMax / 1_000_000} MB of the payload`;
  return isTooDeep(root) ? `makes a payload that ${TOO_DEEP}` : null;
}
