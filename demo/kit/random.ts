/** A number in [0, 1) that depends on nothing but the words: the same seed tells the same story, after a restart too. */
export function chance(...words: (string | number)[]): number {
  // FNV-1a over the words, then the finalizer of murmur3, because FNV's low bits follow its last character.
  let h = 2_166_136_261;
  for (const character of words.join("|")) h = Math.imul(h ^ character.codePointAt(0)!, 16_777_619);
  h = Math.imul(h ^ (h >>> 16), 2_246_822_507);
  h = Math.imul(h ^ (h >>> 13), 3_266_489_909);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}

/** A whole number from `least` to `most`, both included. */
export function between(least: number, most: number, ...words: (string | number)[]): number {
  return least + Math.floor(chance(...words) * (most - least + 1));
}

/** One of the choices. */
export function pick<T>(choices: readonly T[], ...words: (string | number)[]): T {
  return choices[Math.floor(chance(...words) * choices.length)]!;
}

/** Hex digits out of words, for ids that must be the same at every repeat. */
export function digits(length: number, ...words: (string | number)[]): string {
  let text = "";
  for (let n = 0; text.length < length; n++)
    text += Math.floor(chance(n, ...words) * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, length);
}
