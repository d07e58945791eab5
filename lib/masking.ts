import { atRoot, isMasked, type MaskingPath, type Reached, readMaskingPath, stepInto } from "./masking-paths";

export { isMaskingPath } from "./masking-paths";

/** What stands where a value was: its shape in words, such as `14 chars`. */
export type Masked = { $masked: string };

type Container = Record<string, unknown> | unknown[];

// Shorter values stand everywhere by chance; replacing them in text would hide everything and protect nothing.
const SECRET_CHARS_MIN = 4;
// One expression of more alternatives than this takes seconds on a long stack; the whole text is masked instead.
const SECRETS_MAX = 1_000;

const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;
const charsN = (text: string): number => [...text].length;

/** The shape of a value in words, and nothing else of it: `14 chars`, `16 digits`, `domain gmail.com`, `3 fields`. */
export function shapeWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length} items`;
  if (isContainer(value)) return Object.keys(value).length === 1 ? "1 field" : `${Object.keys(value).length} fields`;
  if (typeof value === "boolean") return "yes or no";
  if (value === null || value === undefined) return "nothing";
  const text = String(value);
  const domain = /^[^\s@]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i.exec(text)?.[1];
  if (domain) return `domain ${domain}`;
  const digits = text.replace(/[ -]/g, "");
  if (/^\d+$/.test(digits)) return digits.length === 1 ? "1 digit" : `${digits.length} digits`;
  return charsN(text) === 1 ? "1 char" : `${charsN(text)} chars`;
}

// Assigning `__proto__` would change the copy's prototype instead of giving it a field.
function put(target: Container, key: string | number, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else (target as Record<string | number, unknown>)[key] = value;
}

const entriesOf = (value: Container): [string | number, unknown][] =>
  Array.isArray(value) ? value.map((item, i) => [i, item]) : Object.entries(value);

/** Copies a value, with a decision at each place; without recursion, since payloads may nest deeper than the stack. */
function copied<S>(
  root: unknown,
  state: S,
  into: (state: S, key: string | number) => S,
  decide: (value: unknown, state: S) => { value: unknown } | null,
): unknown {
  const holder: { value?: unknown } = {};
  const open: { value: unknown; state: S; target: Container; key: string | number }[] = [
    { value: root, state, target: holder, key: "value" },
  ];
  for (let place = open.pop(); place; place = open.pop()) {
    const decided = decide(place.value, place.state);
    if (decided) put(place.target, place.key, decided.value);
    else if (isContainer(place.value)) {
      const copy: Container = Array.isArray(place.value) ? new Array(place.value.length) : {};
      put(place.target, place.key, copy);
      // Fields are made in order first, so that the copy lists them as the original does.
      const entries = entriesOf(place.value);
      for (const [key] of entries) put(copy, key, undefined);
      for (const [key, value] of entries) open.push({ value, state: into(place.state, key), target: copy, key });
    } else put(place.target, place.key, place.value);
  }
  return holder.value;
}

function readPaths(paths: readonly string[]): MaskingPath[] {
  // What cannot be read was refused with the contract; should one get here, everything is masked rather than nothing.
  return paths.map((path) => readMaskingPath(path) ?? []);
}

// A parser of ours and one of a browser recurse: some thousand levels end both. Nobody reads beyond these.
const LEVELS_MAX = 200;
const TOO_DEEP = `nested deeper than ${LEVELS_MAX} levels`;

/** A copy without what is nested deeper than can be sent; there stands how much of it there was. */
export function withinDepth(value: unknown): unknown {
  const decide = (at: unknown, level: number) =>
    level >= LEVELS_MAX && isContainer(at) ? { value: { $masked: `${shapeWords(at)}, ${TOO_DEEP}` } satisfies Masked } : null;
  return copied<number>(value, 0, (level) => level + 1, decide);
}

/** A copy in which every value at a path is a mark with its shape; the original stays as it was. */
export function maskJson(value: unknown, paths: readonly string[]): unknown {
  if (paths.length === 0) return value;
  const decide = (at: unknown, reached: Reached) =>
    isMasked(reached) ? { value: { $masked: shapeWords(at) } satisfies Masked } : null;
  return copied(value, atRoot(readPaths(paths)), stepInto, decide);
}

/** The values at those paths as text, to find them again elsewhere; those of four characters and more. */
export function maskedValues(value: unknown, paths: readonly string[]): string[] {
  const found = new Set<string>();
  const open: { value: unknown; reached: Reached | "masked" }[] = [{ value, reached: atRoot(readPaths(paths)) }];
  for (let place = open.pop(); place; place = open.pop()) {
    const reached = place.reached === "masked" || isMasked(place.reached) ? "masked" : place.reached;
    if (isContainer(place.value))
      for (const [key, item] of entriesOf(place.value))
        open.push({ value: item, reached: reached === "masked" ? reached : stepInto(reached, key) });
    else if (reached === "masked" && ["string", "number", "bigint"].includes(typeof place.value)) found.add(String(place.value));
  }
  return [...found].filter((text) => charsN(text) >= SECRET_CHARS_MIN);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

// A value also stands in text as JSON writes it, and as an address does.
function writings(secret: string): string[] {
  return [
    ...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.replace(/\p{Surrogate}/gu, "\ufffd"))]),
  ];
}

/** Replaces every occurrence of the values by their shape, in whatever case and however escaped. */
export function textMasker(secrets: readonly string[]): (text: string) => string {
  if (secrets.length === 0) return (text) => text;
  if (secrets.length > SECRETS_MAX) return (text) => `[${shapeWords(text)}]`;
  const longestFirst = [...new Set(secrets.flatMap(writings))].sort((a, b) => b.length - a.length);
  const any = new RegExp(longestFirst.map(escaped).join("|"), "gi");
  return (text) => text.replace(any, (secret) => `[${shapeWords(secret)}]`);
}

/** Everything that is shown of one message, without what its zones mask; payload null is one that Accord did not keep. `text` is for error message and stack, `deep` for headers and attempt log. */
export function maskerOf(
  payload: unknown,
  paths: readonly string[],
): { payload: unknown; text: (text: string) => string; deep: (value: unknown) => unknown } {
  const { value, unreadable } = readPayload(payload, paths);
  const text = isUnknown(payload, paths)
    ? (text: string) => (text === "" ? text : `[${shapeWords(text)}]`)
    : textMasker(unreadable ? [unreadable] : maskedValues(value, paths));
  const decide = (at: unknown) => (typeof at === "string" || typeof at === "number" ? { value: maskedLeaf(at, text) } : null);
  return {
    // Made when it is asked for: naming a group needs only the text, a thousand times a page.
    get payload() {
      return unreadable ? ({ $masked: shapeWords(unreadable) } satisfies Masked) : maskJson(value, paths);
    },
    text,
    deep: (other) => copied(other, null, () => null, decide),
  };
}

// Without the payload nobody can tell which words of a text came from it: where anything is masked, all of it is.
const isUnknown = (payload: unknown, paths: readonly string[]): boolean =>
  (payload === null || payload === undefined) && paths.length > 0;

const maskedLeaf = (leaf: string | number, text: (text: string) => string) =>
  text(String(leaf)) === String(leaf) ? leaf : text(String(leaf));

// A payload that is kept as text is read as JSON; when it is none, no path can be found in it, and all of it is masked.
function readPayload(payload: unknown, paths: readonly string[]): { value: unknown; unreadable: string | null } {
  if (typeof payload !== "string" || paths.length === 0) return { value: payload, unreadable: null };
  try {
    return { value: JSON.parse(payload), unreadable: null };
  } catch {
    return { value: null, unreadable: payload };
  }
}
