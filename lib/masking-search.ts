type Node = { next: Map<string, Node>; ends: boolean };

const SEPARATORS = new Set([" ", ".", "\u00a0", "\u202f", "-"]);

/** Where texts begin in a text, the longest at each place: a trie, whose cost does not grow with how many there are (Fredkin 1960). */
export type Search = { add: (text: string) => void; lengthAt: (folded: readonly string[], at: number) => number };

/** A search in whatever case; `grouped` lets one separator stand between two characters, as people write long numbers. */
export function searchFor({ grouped = false } = {}): Search {
  const root: Node = { next: new Map(), ends: false };
  const add = (text: string) => {
    let node = root;
    for (const char of foldedOf(text)) {
      let next = node.next.get(char);
      if (!next) {
        next = { next: new Map(), ends: false };
        node.next.set(char, next);
      }
      node = next;
    }
    node.ends = true;
  };
  const lengthAt = (folded: readonly string[], at: number): number => {
    let node = root;
    let longest = 0;
    let isSkipped = true;
    for (let i = at; i < folded.length; i++) {
      const next = node.next.get(folded[i]!);
      if (next) {
        node = next;
        isSkipped = !grouped;
        if (node.ends) longest = i + 1 - at;
      } else if (!isSkipped && SEPARATORS.has(folded[i]!)) isSkipped = true;
      else break;
    }
    return longest;
  };
  return { add, lengthAt };
}

/** The UTF-16 units of a text without case; one that gets longer without it stays, so that places are those of the text. */
export const foldedOf = (text: string): string[] =>
  Array.from({ length: text.length }, (_, i) => {
    const lower = text[i]!.toLowerCase();
    return lower.length === 1 ? lower : text[i]!;
  });
