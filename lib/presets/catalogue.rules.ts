/** Tables and views as the catalogue has them. */
export type Relation = {
  schema: string;
  name: string;
  columns: ReadonlyMap<string, string>;
};
export type Catalogue = readonly Relation[];

/** A table that tells a framework from others: named exactly, with columns that must be there, and others that must not. */
export type Needed = { table: string; has: readonly string[]; without?: readonly string[] };

/** Whether a schema of the catalogue holds all that is needed. */
export function holds(catalogue: Catalogue, schema: string, needs: readonly Needed[]): boolean {
  return needs.every(({ table, has, without = [] }) =>
    catalogue.some(
      (relation) =>
        relation.schema === schema &&
        relation.name === table &&
        has.every((column) => relation.columns.has(column)) &&
        !without.some((column) => relation.columns.has(column)),
    ),
  );
}
