/** Somebody as far as contracts and channels can name them. */
export type Somebody = { name: string; email: string };

const same = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

/**
 * Whether a page was somebody's own: it went to their address, or the contract names them as its owner or as who is on call. Teams have no list
 * of members here, so that everybody else who may acknowledge is told who was paged, and not that it was they.
 */
export const wasPaged = (who: Somebody, named: readonly string[], readers: readonly string[]): boolean =>
  [...named, ...readers].some((one) => same(one, who.email) || same(one, who.name));
