import type { Seen } from "./read.sql";

/** What a look at an open set found: rows that are new or changed, and rows that are not in it any more. */
export type Difference = { changed: string[]; left: string[] };

/**
 * The open rows of one kind as they were told: a look compares all of them with what is known, so that neither a late commit nor a delete is
 * missed. What is known holds only while whoever reads keeps what it was told; otherwise a new set begins, and everything is told again.
 */
export class OpenSet {
  readonly known = new Map<string, string>();
  /** Rows that left the set and are not over: asked by id until they end. */
  readonly following = new Set<string>();

  /** `whole` false: there were more than a look reads, so that what is missing may only be beyond it. */
  look(found: readonly Seen[], whole: boolean): Difference {
    const changed: string[] = [];
    const present = new Set<string>();
    for (const { id, mark } of found) {
      present.add(id);
      if (this.known.get(id) !== mark) changed.push(id);
      this.known.set(id, mark);
      this.following.delete(id);
    }
    const left: string[] = [];
    if (whole)
      for (const id of this.known.keys())
        if (!present.has(id)) {
          left.push(id);
          this.known.delete(id);
          this.following.add(id);
        }
    return { changed, left };
  }

  /** Rows to be asked about, the longest not asked first; those that are handed out go to the end. */
  inTurn(most: number): string[] {
    const ids = [...this.following].slice(0, most);
    for (const id of ids) {
      this.following.delete(id);
      this.following.add(id);
    }
    return ids;
  }
}
