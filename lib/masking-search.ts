type Node = { next: Map<string, Node>; ends: boolean };

const SEPARATORS = new Set([" ", ".", "\u00a0", "\u202f", "-"]);

/** How long the longest of some texts is that begins at a place of a folded text; 0 where none does. */
export type Search = (folded: string, at: number) => number;

/** Where folded texts begin in a text: a trie, whose cost does not grow with how many there are (Fredkin 1960). `grouped` lets one separator stand between two characters, as people write long numbers. */
export function searchFor(texts: readonly string[], { grouped = false } = {}): Search {
  const root: Node = { next: new Map(), ends: false };
  for (const text of texts) {
    let node = root;
    for (let i = 0; i < text.length; i++) {
      let next = node.next.get(text[i]!);
      if (!next) {
        next = { next: new Map(), ends: false };
        node.next.set(text[i]!, next);
      }
      node = next;
    }
    node.ends = true;
  }
  return (folded, at) => {
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
}

const lowerOf = (unit: string): string => {
  const lower = unit.toLowerCase();
  return lower.length === 1 ? lower : unit;
};

/** A text without case, UTF-16 unit by unit; one that gets longer without it stays, so that places are those of the text. */
export const foldedOf = (text: string): string =>
  /[^\0-\x7f]/.test(text) ? Array.from({ length: text.length }, (_, i) => lowerOf(text[i]!)).join("") : text.toLowerCase();
