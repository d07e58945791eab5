import { isNumberMark, parseJson } from "./json";
import { atRoot, isMasked, type MaskingPath, type Reached, readMaskingPath, stepInto } from "./masking-paths";
import { foldedOf, type Search, searchFor } from "./masking-search";

export { isMaskingPath } from "./masking-paths";

/** What stands where a value was: its shape in words, such as `14 chars`. */
export type Masked = { $masked: string };

type Container = Record<string, unknown> | unknown[];

// Shorter values stand everywhere by chance; replacing them in text would hide everything and protect nothing.
const SECRET_CHARS_MIN = 4;
// Of more than this the whole text is masked: a message that hides so much has little to say.
const SECRETS_MAX = 1_000;
const SECRET_CHARS_ALL_MAX = 200_000;

const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null && !isNumberMark(value);
// What a value without parts is as text; null for what is neither text nor number.
function leafText(value: unknown): string | null {
  if (typeof value === "string") return value;
  return isNumberMark(value) ? value.$number : typeof value === "number" || typeof value === "bigint" ? String(value) : null;
}
const charsN = (text: string): number => [...text].length;

/** The shape of a value in words, and nothing else of it: `14 chars`, `16 digits`, `domain gmail.com`, `3 fields`. */
export function shapeWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length} items`;
  if (isContainer(value)) return Object.keys(value).length === 1 ? "1 field" : `${Object.keys(value).length} fields`;
  if (typeof value === "boolean") return "yes or no";
  if (value === null || value === undefined) return "nothing";
  const text = leafText(value) ?? String(value);
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
  named: (key: string) => string = (key) => key,
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
      const entries = entriesOf(place.value).map(([key, value]) => ({
        to: typeof key === "string" ? named(key) : key,
        key,
        value,
      }));
      for (const { to } of entries) put(copy, to, undefined);
      for (const { to, key, value } of entries) open.push({ value, state: into(place.state, key), target: copy, key: to });
    } else put(place.target, place.key, place.value);
  }
  return holder.value;
}

const known = new WeakMap<readonly string[], readonly MaskingPath[]>();

/** The same list is read once: a page has a thousand letters under it. */
function readPaths(paths: readonly string[]): readonly MaskingPath[] {
  const before = known.get(paths);
  if (before) return before;
  // What cannot be read was refused with the contract; should one get here, everything is masked rather than nothing.
  const read = paths.map((path) => readMaskingPath(path) ?? []);
  known.set(paths, read);
  return read;
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

/** A copy in which texts are what `of` makes of them; null leaves one as it is. `root`: the text is all there is. */
export function mapTexts(value: unknown, of: (text: string, root: boolean) => unknown): unknown {
  return copied<boolean>(
    value,
    true,
    () => false,
    (at, root) => {
      const made = typeof at === "string" ? of(at, root) : null;
      return made === null ? null : { value: made };
    },
  );
}

// A path that names a field is about each message of a list as about one alone.
function reachedAt(root: unknown, paths: readonly string[]): Reached {
  const read = readPaths(paths);
  const each = Array.isArray(root) ? read.map((path): MaskingPath => [{ match: null, deep: false }, ...path]) : [];
  return atRoot([...read, ...each]);
}

/** A copy in which every value at a path is a mark with its shape; the original stays as it was. A list at the root is as many messages. */
export function maskJson(value: unknown, paths: readonly string[]): unknown {
  if (paths.length === 0) return value;
  const decide = (at: unknown, reached: Reached) =>
    isMasked(reached) ? { value: { $masked: shapeWords(at) } satisfies Masked } : null;
  return copied(value, reachedAt(value, paths), stepInto, decide);
}

/** The values at those paths as text, to find them again elsewhere; those of four characters and more. */
export function maskedValues(value: unknown, paths: readonly string[]): string[] {
  const found = new Set<string>();
  const open: { value: unknown; reached: Reached | "masked" }[] = [{ value, reached: reachedAt(value, paths) }];
  for (let place = open.pop(); place; place = open.pop()) {
    const reached = place.reached === "masked" || isMasked(place.reached) ? "masked" : place.reached;
    if (isContainer(place.value)) {
      for (const [key, item] of entriesOf(place.value)) {
        const next = reached === "masked" ? reached : stepInto(reached, key);
        if (next === "masked" || next.length > 0) open.push({ value: item, reached: next });
      }
    } else if (reached === "masked") {
      const text = leafText(place.value);
      if (text !== null) found.add(text);
    }
  }
  // A character is two units at most.
  return [...found].filter((text) => text.length >= 2 * SECRET_CHARS_MIN || charsN(text) >= SECRET_CHARS_MIN);
}

/** Whether a path leads to anything in a value. */
export function isReached(value: unknown, path: string): boolean {
  const open: { value: unknown; reached: Reached }[] = [{ value, reached: reachedAt(value, [path]) }];
  for (let place = open.pop(); place; place = open.pop()) {
    if (isMasked(place.reached)) return true;
    if (isContainer(place.value))
      for (const [key, item] of entriesOf(place.value)) {
        const reached = stepInto(place.reached, key);
        if (reached.length > 0) open.push({ value: item, reached });
      }
  }
  return false;
}

// A value also stands in text as JSON writes it, and as an address does.
function writings(secret: string): string[] {
  return [
    secret,
    ...asDouble(secret).filter((text) => text.length >= SECRET_CHARS_MIN),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.replace(/\p{Surrogate}/gu, "\ufffd")),
  ];
}

// The digits of a number that is long enough to be written in groups.
function digitsOf(secret: string): string[] {
  const digits = secret.replace(/[ .\u00a0\u202f-]/g, "");
  return /^\d{8,40}$/.test(digits) ? [digits] : [];
}

// A program that reads a number as a double writes it with most of its digits.
function asDouble(secret: string): string[] {
  const value = /^-?\d{1,40}(?:\.\d{1,40})?$/.test(secret) ? Number(secret) : Number.NaN;
  if (Number.isNaN(value)) return [];
  return Number.isInteger(value) ? [String(value), String(BigInt(value)), value.toExponential()] : [String(value)];
}

/** Replaces every occurrence of the values by their shape, in whatever case and however escaped. */
export function textMasker(secrets: readonly string[]): (text: string) => string {
  if (secrets.length === 0) return (text) => text;
  if (secrets.length > SECRETS_MAX || secrets.reduce((sum, secret) => sum + secret.length, 0) > SECRET_CHARS_ALL_MAX)
    return allMasked;
  const written = [...new Set(secrets.flatMap(writings).map(foldedOf))];
  const digits = [...new Set(secrets.flatMap(digitsOf))];
  let searches: { plain: Search; grouped: Search } | null = null;
  return (text) => {
    const folded = foldedOf(text);
    // Most texts hold none of a few values, which is seen without a search being made for them.
    if (digits.length === 0 && written.length <= FEW_WRITINGS && !written.some((writing) => folded.includes(writing)))
      return text;
    searches ??= { plain: searchFor(written), grouped: searchFor(digits, { grouped: true }) };
    return replaced(text, folded, searches);
  };
}

const FEW_WRITINGS = 16;

function replaced(text: string, folded: string, { plain, grouped }: { plain: Search; grouped: Search }): string {
  let masked = "";
  let kept = 0;
  for (let i = 0; i < text.length; ) {
    const length = Math.max(plain(folded, i), grouped(folded, i));
    if (length > 0) {
      masked += `${text.slice(kept, i)}[${shapeWords(text.slice(i, i + length))}]`;
      kept = i + length;
    }
    i += Math.max(1, length);
  }
  return masked + text.slice(kept);
}

/** Everything that is shown of one message, without what its zones mask; payload null is one that Accord did not keep. `text` is for error message and stack, `deep` for headers and attempt log. */
export function maskerOf(
  payload: unknown,
  paths: readonly string[],
): {
  payload: unknown;
  text: (text: string) => string;
  deep: (value: unknown) => unknown;
  headers: (headers: unknown) => unknown;
} {
  const { value, unreadable } = readPayload(payload, paths);
  const text = textOf({ value, unreadable }, isUnknown(payload, paths), paths);
  const decide = (at: unknown) => (leafText(at) === null ? null : { value: maskedLeaf(at, text) });
  const deep = (other: unknown) => copied(other, null, () => null, decide, isUnknown(payload, paths) ? undefined : text);
  return {
    // Made when it is asked for: often only the texts are.
    get payload() {
      if (unreadable) return { $masked: shapeWords(unreadable) } satisfies Masked;
      // What is masked at its path may stand elsewhere too, and in names of fields.
      return paths.length === 0 ? value : deep(maskJson(value, paths));
    },
    text,
    deep,
    headers: (headers) => deep(withoutCredentials(headers)),
  };
}

/** What masks the texts of one message, and nothing else of it: groups are named by it, a thousand times a page. */
export const textMaskerOf = (payload: unknown, paths: readonly string[]): ((text: string) => string) =>
  textOf(readPayload(payload, paths), isUnknown(payload, paths), paths);

const allMasked = (text: string): string => (text === "" ? text : `[${shapeWords(text)}]`);

const textOf = ({ value, unreadable }: Read, unknown: boolean, paths: readonly string[]): ((text: string) => string) =>
  unknown ? allMasked : textMasker(unreadable ? [unreadable] : maskedValues(value, paths));

// Without the payload nobody can tell which words of a text came from it: where anything is masked, all of it is.
const isUnknown = (payload: unknown, paths: readonly string[]): boolean =>
  (payload === null || payload === undefined) && paths.length > 0;

function maskedLeaf(leaf: unknown, text: (text: string) => string): unknown {
  const written = leafText(leaf)!;
  const masked = text(written);
  return masked === written ? leaf : masked;
}

const NAME = /^[\p{L}\p{N}_.:$<>/-]{1,200}$/u;
// In groups or not: a number as long as a card's is no name.
const isCard = (text: string): boolean => !/\p{L}/u.test(text) && /^\d{12,19}$/.test(text.replace(/\P{N}/gu, ""));

/** What names something in code, or is an id, where no payload tells what of it is masked: as it is when it has that shape (no blanks, no `@`, no number as long as a card's), else its shape in words. */
export const nameOrShape = (text: string): string =>
  text === "" || (NAME.test(text) && !isCard(text)) ? text : `[${shapeWords(text)}]`;

const CREDENTIALS =
  /^(?:(?:proxy-|x-)?authori[sz]ation|(?:set-)?cookie2?|(?:x-)?(?:api|access|auth|secret)[-_]?(?:key|token)|x-amz-security-token|password|secret|token)$/i;

/** Headers without what lets somebody in, whatever the contract masks. */
function withoutCredentials(headers: unknown): unknown {
  if (!isContainer(headers) || Array.isArray(headers)) return headers;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      CREDENTIALS.test(name) ? ({ $masked: shapeWords(value) } satisfies Masked) : value,
    ]),
  );
}

type Read = { value: unknown; unreadable: string | null };

// A payload that is kept as text is read as JSON, also where it is JSON in a text of JSON; when it is none, no path can be found in it, and all of it is masked.
function readPayload(payload: unknown, paths: readonly string[]): Read {
  if (typeof payload !== "string") return { value: payload, unreadable: null };
  const value = jsonIn(payload);
  if (paths.length === 0) return { value: value === undefined ? payload : value, unreadable: null };
  if (value === undefined) return { value: null, unreadable: payload };
  if (typeof value !== "string" || value === "") return { value, unreadable: null };
  const within = jsonIn(value);
  return isContainer(within) ? { value: within, unreadable: null } : { value: null, unreadable: value };
}

function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
