// What people take when a password is asked of them; what is built of these alone is tried first by whoever guesses.
const COMMON =
  "password passwort passwd passphrase secret letmein welcome willkommen hello login admin administrator root user guest master dragon monkey football baseball princess sunshine shadow superman batman iloveyou trustno michael jordan charlie freedom whatever starwars pokemon computer internet changeme default test temp demo qwertz azerty spring summer autumn winter january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday company accord operator oncall love".split(
    " ",
  );
const ROWS = [
  "qwertyuiop",
  "qwertzuiop",
  "azertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "yxcvbnm",
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "1qaz2wsx3edc4rfv",
];
const BOTH_WAYS = ROWS.flatMap((row) => [row, [...row].reverse().join("")]);
const LOOKS: Record<string, string> = { "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", $: "s", "5": "s", "7": "t" };

/** So many characters must be left of a password when common words, rows of keys, repeats and its owner's name count for one each. */
export const UNCOMMON_CHARS_MIN = 8;

/** What is said of a password that is tried first by whoever guesses. */
export const WEAK =
  "is made of common words, rows of keys, repeats or your own name; take a few words that have nothing to do with each other";

/** Whether a password is among those that are tried first: a common word, a row of keys, one thing again and again, its owner's name, or these together. */
export function isWeak(password: string, about: readonly string[] = []): boolean {
  const typed = password.normalize("NFKC").toLowerCase();
  const words = [...COMMON, ...about.flatMap(wordsOf)].sort((a, b) => b.length - a.length);
  return [typed, plainOf(typed)].some((text) => leftOf(text, words) < UNCOMMON_CHARS_MIN);
}

const plainOf = (text: string): string => [...text].map((char) => LOOKS[char] ?? char).join("");
const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 3);

function leftOf(text: string, words: readonly string[]): number {
  let left = 0;
  for (let at = 0; at < text.length; left++) at += Math.max(1, repeatAt(text, at), rowAt(text, at), wordAt(text, at, words));
  return left;
}

const wordAt = (text: string, at: number, words: readonly string[]): number =>
  words.find((word) => text.startsWith(word, at))?.length ?? /^(?:19|20)\d\d/.exec(text.slice(at, at + 4))?.[0].length ?? 0;

// Three keys of a row and more, in either direction.
function rowAt(text: string, at: number): number {
  let most = 0;
  for (const row of BOTH_WAYS) {
    let chars = 1;
    while (at + chars < text.length && row.includes(text.slice(at, at + chars + 1))) chars++;
    if (chars >= 3) most = Math.max(most, chars);
  }
  return most;
}

// What stood just before, once more: `aaaa`, `abcabc`, `12 12 12`.
function repeatAt(text: string, at: number): number {
  for (let unit = Math.min(at, 24); unit > 0; unit--) {
    const before = text.slice(at - unit, at);
    let chars = 0;
    while (text.startsWith(before, at + chars)) chars += unit;
    if (chars > 0 && (unit > 1 || chars > 1)) return chars;
  }
  return 0;
}
