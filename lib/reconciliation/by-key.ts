import { fromSource } from "../sources/failures.rules";
import { comparisonOf, type Difference, type Pair } from "./compare";
import { readKeys } from "./pages";
import { limits } from "./rules";
import { type RunnableRule, sidesOf } from "./run";

/**
 * Both sides of a rule for some keys, read now, the projection first: what differs, null where they agree. Keys that neither side has are left
 * out: nothing came back for them, which is no agreement. Nothing is recorded. Throws `NotComparable` and `SourceFailure` like a run.
 */
export async function compareByKey(rule: RunnableRule, keys: readonly string[]): Promise<Map<string, Difference | null>> {
  const sides = await sidesOf(rule);
  const shapes = { authority: sides.authority.shape, projection: sides.projection.shape };
  const { differenceOf } = comparisonOf(rule.contract, shapes, rule.masking);
  const found = new Map<string, Difference | null>();
  for (let from = 0; from < keys.length; from += limits.keysPerStatement) {
    const some = keys.slice(from, from + limits.keysPerStatement);
    // Business keys of messages, which no side need have: one that its type cannot hold is one that it has not.
    const unheld = new Map(some.map((key): [string, Pair] => [key, { key, authority: [], projection: [] }]));
    const { pairs } = await fromSource(readKeys(sides, some, unheld));
    for (const pair of pairs) if (pair.authority.length + pair.projection.length > 0) found.set(pair.key, differenceOf(pair));
  }
  return found;
}
