import { atRoot, isMasked, type MaskingPath, type Reached, readMaskingPath, stepInto } from "../masking-paths";

/** A step into a payload: a field by its name, or an item of a list by its index; `*` is any item. */
export type PathStep = { name: string } | { index: number | "*" };

/** Deeper than any payload that a person would ask about. */
const STEPS_MAX = 12;
const STEP = /\.([\p{L}_$][\p{L}\p{N}_$-]*)|\.?"((?:[^"\\]|\\.)*)"|\[(?:(\d{1,6})|(\*))\]/uy;

/** Reads what stands after `payload`: `.customer.id`, `.lines[0].sku`, `.lines[*].sku`, `."odd name"`; null for anything else. */
export function readPayloadPath(text: string): PathStep[] | null {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const found = STEP.exec(text);
    if (!found || steps.length === STEPS_MAX) return null;
    const [, name, quoted, index, any] = found;
    if (any) steps.push({ index: "*" });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ name: name ?? quoted!.replace(/\\(.)/gs, "$1") });
  }
  return steps.length === 0 ? null : steps;
}

/** A path as it is written, such as `payload.lines[*].sku`. */
export function printPayloadPath(path: readonly PathStep[]): string {
  const step = (one: PathStep) =>
    "index" in one
      ? `[${one.index}]`
      : /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(one.name)
        ? `.${one.name}`
        : `."${one.name.replace(/["\\]/g, "\\$&")}"`;
  return `payload${path.map(step).join("")}`;
}

// Any item may be one that a mask names by its index.
function into(reached: Reached, step: PathStep): Reached {
  if ("name" in step) return stepInto(reached, step.name);
  if (step.index !== "*") return stepInto(reached, step.index);
  return reached.flatMap(({ path, taken }) => {
    const { match, deep } = path[taken]!;
    const on = match === null || typeof match === "number" ? [{ path, taken: taken + 1 }] : [];
    return deep ? [...on, { path, taken }] : on;
  });
}

/** Whether what stands at a path is masked: there, at anything that it lies in, or at some item that a wildcard of either means. */
export function isPathMasked(path: readonly PathStep[], masking: readonly string[]): boolean {
  // One that cannot be read masks everything, as it does where payloads are shown; a list at the root is as many messages.
  const read = masking.map((text): MaskingPath => readMaskingPath(text) ?? []);
  const each = read.map((one): MaskingPath => [{ match: null, deep: false }, ...one]);
  let reached = atRoot("index" in path[0]! ? [...read, ...each] : read);
  for (const step of path) {
    if (isMasked(reached)) return true;
    reached = into(reached, step);
  }
  return isMasked(reached);
}
