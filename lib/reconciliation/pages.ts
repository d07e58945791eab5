import type { ReconciliationContract } from "../contracts/rules";
import type { Compared, Relation, RelationRow, RelationShape } from "../sources/source";
import { compareKeys, type Pair } from "./compare";
import type { RunPlace } from "./rules";

export type Side = { relation: Relation; shape: RelationShape; compared: Compared };
export type Sides = { authority: Side; projection: Side };
/** Keys of both sides that were read whole, and where to go on; `after` null ends the pass. */
export type PairsPage = { pairs: Pair[]; next: Pick<RunPlace, "pass" | "after"> | null };

export const relationOf = (side: ReconciliationContract["authority"]): Relation => ({
  relation: side.relation,
  key: side.key,
  columns: side.columns,
  changedAt: side.changedAt,
  version: side.version,
});

/** The next keys of both sides, a page at most of each: merged when both are sorted alike, else looked up at the other side. */
export function readPairs(sides: Sides, place: RunPlace, most: number): Promise<PairsPage> {
  const order = sides.authority.shape.order;
  return order !== "own" && order === sides.projection.shape.order
    ? mergePage(sides, order, place, most)
    : walkPage(sides, place, most);
}

/** Two sorted streams, read up to the key that both have reached; what one side read beyond it is read again, so that nothing but the place is kept. */
async function mergePage(
  { authority, projection }: Sides,
  order: "number" | "bytes",
  { after }: RunPlace,
  most: number,
): Promise<PairsPage> {
  const [a, p] = await Promise.all([pageOf(authority, after, most), pageOf(projection, after, most)]);
  const ends = [a, p].filter((page) => page.more).map((page) => page.rows.at(-1)!.key);
  const upTo = ends.sort((x, y) => compareKeys(order, x, y))[0] ?? null;
  const within = ({ rows }: typeof a) => (upTo === null ? rows : rows.filter((row) => compareKeys(order, row.key, upTo) <= 0));
  return { pairs: pairsOf(within(a), within(p)), next: upTo === null ? null : { pass: 1, after: upTo } };
}

/** The first pass goes through the authority, and looks each key up in the projection; the second finds what only the projection has. */
async function walkPage({ authority, projection }: Sides, { pass, after }: RunPlace, most: number): Promise<PairsPage> {
  const [walked, other] = pass === 1 ? [authority, projection] : [projection, authority];
  const { rows, more } = await pageOf(walked, after, most);
  const keys = [...new Set(rows.map((row) => row.key))];
  const found = keys.length === 0 ? [] : (await other.compared.byKey(other.relation, other.shape, keys)).rows;
  const pairs = pass === 1 ? pairsOf(rows, found) : pairsOf(found, rows).filter((pair) => pair.authority.length === 0);
  if (more) return { pairs, next: { pass, after: rows.at(-1)!.key } };
  return { pairs, next: pass === 1 ? { pass: 2, after: null } : null };
}

const pageOf = ({ compared, relation, shape }: Side, after: string | null, most: number) =>
  compared.page(relation, shape, after, most);

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

/** Both sides of some keys, the projection first: what the authority says after that, the projection has had time to hear of. */
export async function readKeys(
  { authority, projection }: Sides,
  keys: readonly string[],
): Promise<{ pairs: Pair[]; authorityNow: number; changedUpTo: string | null }> {
  const p = await projection.compared.byKey(projection.relation, projection.shape, keys);
  const a = await authority.compared.byKey(authority.relation, authority.shape, keys);
  const pairs = new Map(pairsOf(a.rows, p.rows).map((pair) => [pair.key, pair]));
  return {
    pairs: keys.map((key) => pairs.get(key) ?? { key, authority: [], projection: [] }),
    authorityNow: a.now,
    changedUpTo: p.changedUpTo,
  };
}
