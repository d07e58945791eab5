/** What an address says: route and query, texts all of them; a name that is given twice is a list. */
export type Params = Record<string, string | string[]>;

/** A query as parsers take it. */
export function valuesOf(query: URLSearchParams): Params {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name);
      return [name, values.length > 1 ? values : values[0]!];
    }),
  );
}
