/** A piece of a sentence. Sentences cross the wire as parts, so that a screen sets weight, tone and links without parsing words. */
export type Part = { text: string; strong?: boolean; tone?: "breach" | "risk"; code?: boolean; href?: string };

export const plain = (text: string): Part => ({ text });
export const strong = (text: string): Part => ({ text, strong: true });
export const code = (text: string): Part => ({ text, code: true });

/** The sentence as plain text: for titles, live regions, logs and tests. */
export function textOf(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join("");
}

/** `1 order`, `4 orders`, `1,204 orders`: the count with its noun. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
