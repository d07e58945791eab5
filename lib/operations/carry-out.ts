import { applyPatch, type Operation } from "rfc6902";
import { isPlain, isSame, type PatchOp, stepsOf, valueAt } from "./patch.rules";

/** Carries one operation out on a document, which changes, or says why it cannot; a whole document is replaced in what is answered. */
export function carryOut(
  document: unknown,
  op: PatchOp,
): { ok: true; document: unknown } | { ok: false; path: string; why: string } {
  const steps = stepsOf(op.path)!;
  const no = (why: string, path = op.path) => ({ ok: false as const, path, why });
  if (op.op === "test")
    return isSame(valueAt(document, steps), op.value) ? { ok: true, document } : no("is another value than the patch tests for");
  if ("from" in op && valueAt(document, stepsOf(op.from)!) === undefined) return no("does not exist", op.from);
  if ((op.op === "remove" || op.op === "replace") && valueAt(document, steps) === undefined) return no("does not exist");
  if (op.op === "add" || "from" in op) {
    const parent = steps.length === 0 ? {} : valueAt(document, steps.slice(0, -1));
    if (!Array.isArray(parent) && !isPlain(parent)) return no("has nothing that it could be put into");
  }
  // The library changes what is within a document; the whole of it is ours to change.
  const holder = { document };
  const [failed] = applyPatch(holder, [within(op)]);
  return failed ? no("does not fit the list that it is put into") : { ok: true, document: holder.document };
}

function within(op: PatchOp): Operation {
  const at = (pointer: string) => `/document${pointer}`;
  return ("from" in op ? { ...op, path: at(op.path), from: at(op.from) } : { ...op, path: at(op.path) }) as Operation;
}
