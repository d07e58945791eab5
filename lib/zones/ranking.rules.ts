/** A cause among others, as it is ranked. */
export type Ranked = {
  id: string;
  /** 0 cannot be undone any more, or keeps the zone from converging; 1 past the window; 2 the rest. */
  rank: 0 | 1 | 2;
  keysN: number;
  /** The cause that it follows from; null for a root, also where that one is not among them. */
  follows: string | null;
};

/**
 * One order for headline, row and list: roots first, each with what follows from it right behind it. A root stands where the most urgent of
 * its consequences would stand: what starts it is what somebody has to mend.
 */
export function rootsFirst<T extends Ranked>(causes: readonly T[]): T[] {
  const byId = new Map(causes.map((one) => [one.id, one]));
  const rootOf = (one: T): T => {
    const seen = new Set<string>();
    let at = one;
    // Two that follow from each other are no root of anything: where the walk comes round, it stops.
    while (at.follows !== null && byId.has(at.follows) && !seen.has(at.id)) {
      seen.add(at.id);
      at = byId.get(at.follows)!;
    }
    return seen.has(at.id) ? one : at;
  };
  const families = new Map<T, T[]>();
  for (const one of causes) {
    const root = rootOf(one);
    families.set(root, [...(families.get(root) ?? []), one]);
  }
  const urgency = (family: readonly T[]) => Math.min(...family.map(({ rank }) => rank));
  const byUrgency = (a: T, b: T) => a.rank - b.rank || b.keysN - a.keysN;
  return [...families]
    .sort(([a, of], [b, others]) => urgency(of) - urgency(others) || b.keysN - a.keysN)
    .flatMap(([root, family]) => [
      { ...root, follows: null },
      ...family
        .filter((one) => one !== root)
        .sort(byUrgency)
        .map((one) => ({ ...one, follows: root.id })),
    ]);
}
