import { StoreFault } from "./fault";
import type { Db } from "./pool";

// Data exception, integrity violation, program limit: the row's contents are at fault, not the store.
const CONTENT = /^(22|23|54)/;

/** Whether the store refused what is in a row; a lost connection or a missing table is no such thing. */
export function isContentRefused(error: unknown): boolean {
  return error instanceof StoreFault && CONTENT.test(error.code ?? "");
}

/**
 * Works on a batch in one savepoint; when the store refuses its contents, on each item in one of its own, so that one bad row never
 * blocks the rest. Answers what each piece of work gave, and the items that were refused.
 */
export async function wholeOrEach<T, R>(
  tx: Db,
  items: readonly T[],
  work: (tx: Db, items: readonly T[]) => Promise<R>,
): Promise<{ done: R[]; refused: T[] }> {
  if (items.length === 0) return { done: [], refused: [] };
  try {
    return { done: [await tx.transaction((inner) => work(inner, items))], refused: [] };
  } catch (error) {
    if (!isContentRefused(error)) throw error;
  }
  const done: R[] = [];
  const refused: T[] = [];
  for (const item of items) {
    try {
      done.push(await tx.transaction((inner) => work(inner, [item])));
    } catch (error) {
      if (!isContentRefused(error)) throw error;
      refused.push(item);
    }
  }
  return { done, refused };
}
