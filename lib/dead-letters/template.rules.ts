import { withoutQuotedValues } from "./quoted-values.rules";
import { wellFormed } from "./stack.rules";

// Parsing is bounded by length, not by a clock: what is longer differs, if at all, after the part that tells failures apart.
const MESSAGE_MAX = 2_000;
const TEMPLATE_MAX = 1_000;

const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}";
const DATE = `(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(?:${MONTH} \\d{1,2},?|\\d{1,2} ${MONTH}) \\d{4}`;
const CLOCK = "(?:,? \\d\\d:\\d\\d(?::\\d\\d)?)?(?: ?(?:GMT|UTC|AM|PM))?(?:[+-]\\d\\d:?\\d\\d)?(?: \\([A-Z][A-Za-z ]{1,60}\\))?";

// Grouping and decimal marks of the world's ways to write a number; a plain blank is left to the folding of lists.
const MARK = "[.,'\u2019\u00a0\u202f\u2009\u066b\u066c]";

// What looks like a literal and names the failure: error codes, exit codes, HTTP's statuses, names of encodings and algorithms.
const NAMES = new RegExp(
  [
    "\\bORA-\\d{5}|\\bSQLSTATE\\W{0,3}[0-9A-Z]{5}|\\bSQLCODE\\W{1,3}-?\\d{1,5}|\\bE11000\\b",
    "\\b(?:status(?: ?code)?|HTTP(?:/\\d(?:\\.\\d)?)?|response code)[ :=(]{1,3}[1-5]\\d\\d\\b",
    "\\b(?:errno|signal|exit(?:ed with)? (?:code|status)|error ?code)[ :=]{1,3}-?\\d{1,5}\\b",
    "\\b(?:UTF|SHA|MD|ISO|RFC|CP|AES|RSA|ECDSA|HMAC|HTTP|TLS|SSL|IPv|PKCS|Base|WIN(?:DOWS)?|LATIN|Log4j)[-_ #]?\\d{1,5}(?:[-_]\\d{1,4})?(?:LE|BE|GCM|CBC|mb[34]|URL|s)?\\b",
    "\\b(?:INT|FLOAT|BOOL|DECIMAL|UINT)\\d{1,3}\\b",
  ].join("|"),
  "gi",
);

// Digits of names are written as private characters while literals are looked for.
const PRIVATE = 0xe000;
const hidden = (name: string): string => [...name].map((each) => String.fromCharCode(PRIVATE + each.charCodeAt(0))).join("");
const shown = (text: string): string =>
  text.replace(/[\ue000-\ue0ff]/g, (each) => String.fromCharCode(each.charCodeAt(0) - PRIVATE));

const VALUE = "<n>";

/** What is replaced, by what, and a text that is in everything it fits: most messages have none of it, and are not looked through for it. */
type Literal = readonly [RegExp, string | ((found: string) => string), needs?: string];

// In this order: what holds others comes first. None of them backtracks further than its own bounds.
const literals: readonly Literal[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<uuid>", "-"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/g, "<time>", "-"],
  [new RegExp(`\\b${DATE}${CLOCK}`, "g"), "<time>"],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/gi, "<url>", "://"],
  [/(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, "<email>", "@"],
  [/(?<![\w])[A-Za-z]:\\[^\s"'<>|]+/g, "<path>", ":\\"],
  // A share of Windows, as it is and as JSON writes it.
  [/(?<![\w\\])\\{2,4}[\w.$-]{1,100}(?:\\{1,2}[^\s"'<>|\\]{1,200}){1,30}\\{0,2}/g, "<path>", "\\\\"],
  [/(?<=^|[\s("'=:,[{`])(?:\/[\w.@+~-]+){2,}\/?/g, "<path>", "/"],
  [/(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/gi, "<address>", ":"],
  // ISO 8601's durations, and those that Go and people write: 1h23m4.5s, 250ms.
  [
    /(?<![\w])-?P(?=T?\d)(?:\d{1,9}(?:[.,]\d{1,9})?[YMWD]){0,4}(?:T(?:\d{1,9}(?:[.,]\d{1,9})?[HMS]){1,3})?(?!\w)/g,
    "<duration>",
    "P",
  ],
  [/(?<![\w.])-?(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s|[u\u00b5\u03bc]s|ns)){1,6}(?!\w)/g, "<duration>"],
  // From here on digits of names are out of reach.
  [NAMES, hidden],
  [/\b[A-Z]{1,12}-\d+\b/g, "<key>", "-"],
  [/(?<![\w.])[+-]?\d{1,30}(?:\.\d{1,30})?e[+-]?\d{1,4}\b/gi, VALUE],
  // One name for hex and numbers: of short hashes, one in fifty has no letter.
  [/(?<![\w]|\d[.,])(?:0x)?[0-9a-f]{8,}\b/gi, (found) => (/\d/.test(found) && /[a-f]/i.test(found) ? VALUE : found)],
  // Tokens, hashes and ids of letters and digits; words alone tell failures apart.
  [/[A-Za-z0-9+/_-]{20,}={0,2}/g, (found) => (/\d/.test(found) && /[A-Za-z]/.test(found) ? "<token>" : found)],
  [/(?<![A-Za-z0-9])(?=[A-Za-z]{0,18}\d)[A-Za-z0-9]{4,19}(?![A-Za-z0-9])/g, (found) => (isCode(found) ? VALUE : found)],
  // Digits inside of a name belong to it (utf8, sha256), unless there are many.
  [
    new RegExp(
      `(?<![A-Za-z0-9])(?:(?<=^|[\\s=(:,["'])[+\u2212-])?\\d+(?:${MARK}\\d+)*(?:e[+-]?\\d+)?[A-Z]?(?![A-Za-z])|(?<![A-Za-z0-9])\\d+(?:${MARK}\\d+)*|\\d{4,}`,
      "g",
    ),
    VALUE,
  ],
];

/**
 * Whether a word of letters and digits is a code that somebody was given (X7K2PQ, a1b2c3d) rather than a name (Reserve2, oauth2): names change
 * between letters and digits once, codes again and again; what is written in capitals with two digits or more is a code as well.
 */
function isCode(word: string): boolean {
  if (!/\d/.test(word) || !/[A-Za-z]/.test(word)) return false;
  const changes = (word.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g) ?? []).length;
  if (changes >= 3) return true;
  if (/^[0-9a-f]{7,}$/i.test(word)) return changes >= 2;
  if (/[a-z]/.test(word)) return false;
  return changes >= 2 ? word.length >= 5 : /\d{2,}/.test(word) && word.length >= 5;
}

const LINKS = "(?:\\s{0,3}(?:[,;|/]|,? (?:and|or|und|et|y)|&)\\s{0,3}|\\s{1,3})";
const ITEM = "([\"'`\u201c]?)(<\\w{1,10}>)[\"'`\u201d]?";

const LEFT_OUT =
  /(<\w{1,10}>["'`]?)(?:,? ?(?:\.{3}|\u2026)|,? (?:and|or|plus) <n> (?:more|others?)| ?\(\+ ?<n>(?: more)?\)){1,2}/g;

// Lists of the same kind of literal count as one of them, however long they are and whatever was left out of them.
const lists: readonly Literal[] = [
  [LEFT_OUT, "$1"],
  [new RegExp(`${ITEM}(?:${LINKS}\\1\\2["'\`\u201d]?)+`, "g"), "$1$2$1"],
  [LEFT_OUT, "$1"],
  [/(<\w{1,10}>[^,;<>\n]{1,60})(?:[,;]\s{0,3}\1)+/g, "$1"],
  [/(\{[^{}]{1,200}\}|\([^()]{1,200}\)|\[[^[\]]{1,200}\])(?:\s{0,3},?\s{0,3}\1)+/g, "$1"],
  [/^([^\n]{0,200}<\w{1,10}>[^\n]{0,200})$(?:\n\1$)+/gm, "$1", "\n"],
];

// In a list in brackets, a short word with a digit in it or all in capitals is a value: ["A1", "B2"].
const ELEMENT = "\\s{0,3}(?:\"[^\"\\n]{0,80}\"|'[^'\\n]{0,80}'|[\\w.<>-]{1,80})\\s{0,3}";
const BRACKETS = new RegExp(`(?<![\\w\\])])([[{(])(${ELEMENT}(?:[,;]${ELEMENT}){0,200})([\\]})])`, "g");
const isValue = (element: string): boolean => /\d|<\w+>/.test(element) || /^[A-Z][A-Z_-]+$/.test(element);

function withoutElements(text: string): string {
  const plain = text.replace(/(":\s{0,3})"([^"\n]{0,80})"/g, (found, name: string, value: string) =>
    isValue(value) ? `${name}"${VALUE}"` : found,
  );
  return plain.replace(BRACKETS, (found, open: string, inside: string, close: string) => {
    const elements = inside.split(/[,;]/).map((element) => element.trim().replace(/^["']|["']$/g, ""));
    const quoted = /["']/.test(inside);
    if (!elements.every(isValue) || (!quoted && elements.length < 2 && open === "(")) return found;
    return `${open}${VALUE}${close}`;
  });
}

const replaced = (text: string, all: readonly Literal[]): string =>
  all.reduce(
    (left, [pattern, name, needs]) =>
      needs === undefined || left.includes(needs) ? left.replace(pattern, name as string) : left,
    text,
  );

const ascii = (text: string): string => (/[^\0-\x7f]/.test(text) ? text.replace(/(?![0-9])\p{Nd}/gu, "1") : text);

/** The texts that a group may say where somebody looks for this one: a sentence pasted from a log holds literals, a group what stands for them. */
export function wordingsOf(text: string): string[] {
  const template = templateOf(text);
  // What is all literals, a number or an id, would be in every group.
  return template.replace(/<\w+>/g, "").replace(/[^\p{L}]/gu, "").length < 8 ? [text] : [...new Set([text, template])];
}

/** The message with its literals replaced (uuids, times, addresses, e-mails, paths, keys, codes, tokens, numbers), and lists of them by one. */
export function templateOf(message: string): string {
  let text = message.slice(0, MESSAGE_MAX);
  // A literal that the cut went through would be another one for every message.
  if (message.length > MESSAGE_MAX) text = text.replace(/\S{1,200}$/, "");
  text = ascii(withoutQuotedValues(text.replace(/[\ue000-\ue0ff]/g, "")));
  text = withoutElements(replaced(text, literals));
  text = replaced(text, lists);
  return wellFormed(shown(text).replace(/\s+/g, " ").trim().slice(0, TEMPLATE_MAX));
}
