import { createHash } from "node:crypto";
import { type Frame, framesIn } from "./stack";

export { framesOf } from "./stack";

/** Bump when the algorithm changes: old groups stay as they are, new dead letters form new ones. */
export const FINGERPRINT_VERSION = 1;

// Parsing is bounded by length, not by a clock: what is longer differs, if at all, after the part that tells failures apart.
const MESSAGE_MAX = 2_000;
const TEMPLATE_MAX = 1_000;

const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}";
const DATE = `(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(?:${MONTH} \\d{1,2},?|\\d{1,2} ${MONTH}) \\d{4}`;
const CLOCK = "(?:,? \\d\\d:\\d\\d(?::\\d\\d)?)?(?: ?(?:GMT|UTC|AM|PM))?(?:[+-]\\d\\d:?\\d\\d)?(?: \\([A-Z][A-Za-z ]{1,60}\\))?";

// In this order: what holds others comes first. None of them backtracks further than its own bounds.
const literals: readonly [RegExp, string | ((found: string) => string)][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<uuid>"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/g, "<time>"],
  [new RegExp(`\\b${DATE}${CLOCK}`, "g"), "<time>"],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/gi, "<url>"],
  [/(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, "<email>"],
  [/(?<![\w])[A-Za-z]:\\[^\s"'<>|]+/g, "<path>"],
  [/(?<=^|[\s("'=:,[{`])(?:\/[\w.@+~-]+){2,}\/?/g, "<path>"],
  [/(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/gi, "<address>"],
  [/\b[A-Z]{2,6}-\d+\b/g, "<key>"],
  [/(?<![\w.])[+-]?\d{1,30}(?:\.\d{1,30})?e[+-]?\d{1,4}\b/gi, "<n>"],
  // One name for hex and numbers: of short hashes, one in fifty has no letter.
  [/(?<![\w]|\d[.,])(?:0x)?[0-9a-f]{8,}\b/gi, (found) => (/\d/.test(found) && /[a-f]/i.test(found) ? "<n>" : found)],
  // Tokens, hashes and ids of letters and digits; words alone tell failures apart.
  [/[A-Za-z0-9+/_-]{20,}={0,2}/g, (found) => (/\d/.test(found) && /[A-Za-z]/.test(found) ? "<token>" : found)],
  // Digits inside of a name belong to it (utf8, sha256), unless there are many.
  [/(?<![A-Za-z0-9])(?:(?<=^|[\s=(:,["'])[+-])?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?|\d{4,}/g, "<n>"],
];

/** The message with its literals replaced: uuids, times, addresses, e-mails, paths, keys, tokens, hex, numbers. */
export function templateOf(message: string): string {
  let text = message.slice(0, MESSAGE_MAX);
  // A literal that the cut went through would be another one for every message.
  if (message.length > MESSAGE_MAX) text = text.replace(/\S{1,200}$/, "");
  for (const [pattern, name] of literals) text = text.replace(pattern, name as string);
  return wellFormed(text.replace(/\s+/g, " ").trim().slice(0, TEMPLATE_MAX));
}

// Half of a surrogate pair, left by a cut, is no text.
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

/** The first frame of the service's own code, without line numbers and build paths; null when the stack has none. */
export function topOwnFrame(stack: string): string | null {
  const own = framesIn(stack).find((frame) => frame.own);
  return own ? wellFormed(nameOf(own).slice(0, 200)) : null;
}

// Compilers number what they make: lambdas, state machines, proxies.
const nameOf = ({ name, file }: Frame): string =>
  [name, file]
    .filter(Boolean)
    .join(" ")
    .replace(/<([^<>]{1,100})>[a-z]__\d+(\.MoveNext)?/g, "$1")
    .replace(/(lambda\$[\w]{1,100}\$|__BackingField|func)\d+/g, "$1")
    .replace(/\$\$[\w$]{1,100}/g, "")
    .replace(/\b(0x)?[0-9a-f]{8,}\b/g, (found) => (/\d/.test(found) ? "<hex>" : found));

/** Which group a dead letter belongs to: error type + normalised message + top own frame + consumer + event type, within its source. */
export function fingerprintOf(failure: {
  sourceId: string;
  consumer: string;
  eventType: string;
  errorType: string;
  errorMessage: string;
  errorStack: string;
}): {
  fingerprint: string;
  template: string;
  frame: string | null;
} {
  const template = templateOf(failure.errorMessage);
  const frame = topOwnFrame(failure.errorStack);
  const parts = [
    FINGERPRINT_VERSION,
    failure.sourceId,
    failure.consumer,
    failure.eventType,
    failure.errorType,
    template,
    frame ?? "",
  ];
  return { fingerprint: createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32), template, frame };
}
