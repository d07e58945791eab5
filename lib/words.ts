import { type Instant, isForEver } from "./time";

/**
 * A piece of a sentence. Sentences cross the wire as parts, so that a screen sets weight, tone and links without parsing words.
 * A part with `at` is that instant: a screen writes it in the viewer's zone, `text` has it in UTC.
 */
export type Part = { text: string; strong?: boolean; tone?: "breach" | "risk"; code?: boolean; href?: string; at?: Instant };

export const plain = (text: string): Part => ({ text });
export const strong = (text: string): Part => ({ text, strong: true });
export const code = (text: string): Part => ({ text, code: true });

// What ends a sentence after an address is not part of it.
const ADDRESS = /(https?:\/\/[^\s<>"“”]+[^\s<>"“”.,;:!?)\]}'])/;

/** What a person wrote, with its addresses of the web as links; nothing else becomes one. */
export const linked = (text: string): Part[] =>
  text.split(ADDRESS).flatMap((piece, i) => (piece === "" ? [] : i % 2 === 1 ? [{ text: piece, href: piece }] : [plain(piece)]));

/** The sentence as plain text: for titles, live regions, logs and tests. */
export function textOf(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join("");
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** When something ends that has no end: "held until somebody lets go". */
export const WITHOUT_END = "somebody lets go";

/** An instant inside a sentence: `03:04 UTC`, on another day than `now` `16 Jun 22:14 UTC`. */
export function moment(at: Instant, now: Instant): Part {
  if (isForEver(at)) return { text: WITHOUT_END };
  const utc = new Date(at).toISOString();
  const day = utc.slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  const date = `${Number(utc.slice(8, 10))} ${months[Number(utc.slice(5, 7)) - 1]} `;
  return { text: `${day ? "" : date}${utc.slice(11, 16)} UTC`, at };
}

/** What one calls several of them: `order` is `orders`, `journal entry` is `journal entries`. */
export function plural(one: string): string {
  if (/[^aeiou]y$/i.test(one)) return `${one.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/i.test(one) ? `${one}es` : `${one}s`;
}

/** `1 order`, `4 orders`, `1,204 orders`: the count with its noun. */
export function counted(n: number, one: string, many = plural(one)): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** A word or a sentence with its first letter large. */
export const capitalized = (text: string): string => text.replace(/^./, (letter) => letter.toUpperCase());
