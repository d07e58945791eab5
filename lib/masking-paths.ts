/** One step of a path: a name, an index, or `*`; `deep` finds it at any depth below. */
type Step = { match: string | number | null; deep: boolean };
export type MaskingPath = readonly Step[];
type Key = string | number;

/** How far each path has come at a value: path and number of steps taken. */
export type Reached = readonly { path: MaskingPath; taken: number }[];

const step =
  /(\.\.?)(?:([\p{L}_$][\p{L}\p{N}_$-]*)|(\*))|(\.\.)?\[(?:(\d{1,9})|(\*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/uy;

/** Reads `$.customer.email`, `$.lines[*].note`, `$.lines[0]`, `$['odd name']`, `$..pan`; null for anything else. */
export function readMaskingPath(text: string): MaskingPath | null {
  if (!text.startsWith("$")) return null;
  const steps: Step[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < text.length) {
    const part = step.exec(text);
    if (!part) return null;
    const [, dots, name, anyName, deepBracket, index, anyIndex, single, double] = part;
    const deep = dots === ".." || deepBracket === "..";
    const written = name ?? (single ?? double)?.replace(/\\(.)/g, "$1");
    const match = anyName || anyIndex ? null : index !== undefined ? Number(index) : written!;
    steps.push({ match, deep });
  }
  return steps;
}

/** Whether a text is a path that masking understands. */
export const isMaskingPath = (text: string): boolean => readMaskingPath(text) !== null;

/** Where every path stands at the root. */
export const atRoot = (paths: readonly MaskingPath[]): Reached => paths.map((path) => ({ path, taken: 0 }));

/** Where the paths stand one key further down. */
export function stepInto(reached: Reached, key: Key): Reached {
  const next: { path: MaskingPath; taken: number }[] = [];
  for (const { path, taken } of reached) {
    const { match, deep } = path[taken]!;
    if (match === null || match === key) next.push({ path, taken: taken + 1 });
    // `$..a..a` would otherwise hold the same place once per level.
    if (deep && !next.some((other) => other.path === path && other.taken === taken)) next.push({ path, taken });
  }
  return next.length > 1 ? distinct(next) : next;
}

function distinct(reached: { path: MaskingPath; taken: number }[]): Reached {
  return reached.filter((one, i) => reached.findIndex((other) => other.path === one.path && other.taken === one.taken) === i);
}

/** Whether a path ends here. */
export const isMasked = (reached: Reached): boolean => reached.some(({ path, taken }) => taken === path.length);
