import type { ReconciliationContract } from "../contracts/rules";
import type { Comparable, Relation, RelationRow, RelationShape } from "../sources/comparable";
import { compareKeys, type Pair } from "./compare";
import type { KeySide, Pairing } from "./keys";
import { NotComparable, type RunCursor } from "./rules";

export type Side = { relation: Relation; shape: RelationShape; compared: Comparable };
export type Sides = { authority: Side; projection: Side; pairing: Pairing };
/** Keys of both sides that were read whole, and where to go on; `after` null ends the pass. */
export type PairsPage = { pairs: Pair[]; next: Pick<RunCursor, "pass" | "after"> | null };

export const relationOf = (side: ReconciliationContract["authority"]): Relation => ({
  relation: side.relation,
  key: side.key,
  columns: side.columns,
  changedAt: side.changedAt,
  version: side.version,
});

/** The next keys of both sides, a page at most of each: merged when both are written and sorted alike, else looked up at the other side. */
export function readPairs(sides: Sides, place: RunCursor, most: number): Promise<PairsPage> {
  const order = sides.authority.shape.order;
  return sides.pairing.alike && order !== "own" && order === sides.projection.shape.order
    ? mergePage(sides, order, place, most)
    : walkPage(sides, place, most);
}

/** Two sorted streams, read up to the key that both have reached; what one side read beyond it is read again, so that nothing but the place is kept. */
async function mergePage(sides: Sides, order: "number" | "bytes", { after }: RunCursor, most: number): Promise<PairsPage> {
  const [a, p] = await Promise.all([pageOf(sides.authority, after, most), pageOf(sides.projection, after, most)]);
  const ends = [a, p].filter((page) => page.more).map((page) => page.rows.at(-1)!.key);
  const upTo = ends.sort((x, y) => compareKeys(order, x, y))[0] ?? null;
  const within = ({ rows }: typeof a) => (upTo === null ? rows : rows.filter((row) => compareKeys(order, row.key, upTo) <= 0));
  return { pairs: pairsOf(within(a), within(p)), next: upTo === null ? null : { pass: 1, after: upTo } };
}

/** The first pass goes through the authority, and looks each key up in the projection; the second finds what only the projection has. */
async function walkPage(sides: Sides, { pass, after }: RunCursor, most: number): Promise<PairsPage> {
  const [walked, other]: [KeySide, KeySide] = pass === 1 ? ["authority", "projection"] : ["projection", "authority"];
  const page = await pageOf(sides[walked], after, most);
  const rows = paired(sides, walked, page.rows);
  const keys = [...new Set(rows.map((row) => row.key))];
  const found = keys.length === 0 ? [] : (await askFor(sides, other, keys)).rows;
  const pairs = pass === 1 ? pairsOf(rows, found) : pairsOf(found, rows).filter((pair) => pair.authority.length === 0);
  if (page.more) return { pairs, next: { pass, after: page.rows.at(-1)!.key } };
  return { pairs, next: pass === 1 ? { pass: 2, after: null } : null };
}

const pageOf = ({ compared, relation, shape }: Side, after: string | null, most: number) =>
  compared.page(relation, shape, after, most);

/** Rows under the key that both sides know them by. */
const paired = ({ pairing }: Sides, side: KeySide, rows: readonly RelationRow[]): RelationRow[] =>
  pairing.alike ? [...rows] : rows.map((row) => ({ ...row, key: pairing.canonical(row.key, side) }));

/** One side's rows of some keys, and which of the keys its type cannot hold in any form. */
async function askFor(sides: Sides, side: KeySide, keys: readonly string[]) {
  const { compared, relation, shape } = sides[side];
  const formsOf = new Map(keys.map((key) => [key, sides.pairing.forms(key, side)]));
  const answer = await compared.byKey(relation, shape, [...new Set([...formsOf.values()].flat())]);
  const refused = new Set(answer.notAsked);
  return {
    ...answer,
    rows: paired(sides, side, answer.rows).filter((row) => formsOf.has(row.key)),
    notAsked: new Set(keys.filter((key) => formsOf.get(key)!.every((form) => refused.has(form)))),
  };
}

function pairsOf(authority: readonly RelationRow[], projection: readonly RelationRow[]): Pair[] {
  const pairs = new Map<string, Pair>();
  const of = (key: string): Pair => {
    const known = pairs.get(key);
    if (known) return known;
    const pair: Pair = { key, authority: [], projection: [] };
    pairs.set(key, pair);
    return pair;
  };
  for (const row of authority) of(row.key).authority.push(row);
  for (const row of projection) of(row.key).projection.push(row);
  return [...pairs.values()];
}

/**
 * Both sides of some keys, the projection first: what the authority says after that, the projection has had time to hear of. `held` tells
 * which side is known to have a key: one that it cannot be asked for again is an error, as is a key that no side can hold. Nothing that
 * was not asked is taken for an answer.
 */
export async function readKeys(
  sides: Sides,
  keys: readonly string[],
  held: ReadonlyMap<string, Pair> = new Map(),
): Promise<{ pairs: Pair[]; authorityNow: number; changedUpTo: string | null }> {
  const p = await askFor(sides, "projection", keys);
  const a = await askFor(sides, "authority", keys);
  for (const key of keys) {
    const had = held.get(key);
    const lost = [
      a.notAsked.has(key) && (had ? had.authority.length > 0 : p.notAsked.has(key)) && sides.authority,
      p.notAsked.has(key) && (had?.projection.length ?? 0) > 0 && sides.projection,
    ].find((side) => side !== false);
    if (lost) throw new NotComparable(unheldWords(key, lost));
  }
  const pairs = new Map(pairsOf(a.rows, p.rows).map((pair) => [pair.key, pair]));
  return {
    pairs: keys.map((key) => pairs.get(key) ?? { key, authority: [], projection: [] }),
    authorityNow: a.now,
    changedUpTo: p.changedUpTo,
  };
}

const unheldWords = (key: string, { relation, shape }: Side): string =>
  `The key ${key.slice(0, 80)} cannot be asked for in ${relation.relation}: ${relation.key} is of type ${shape.keyType}, which does not hold it. Nothing is said about it until its type is the one that it was found with.`;
