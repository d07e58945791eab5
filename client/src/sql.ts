/** Anything that runs a statement with `$1, $2, …`: a pool, a client or a transaction of pg, or one of the adapters. */
export interface Sql {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** A service's database: statements by themselves, and work in one transaction that commits when it answers. `Tx` is what handlers are given. */
export interface Database<Tx extends Sql = Sql> extends Sql {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/**
 * The rows of a statement, as what it selects. Statements of this package give every parameter a type by a cast from text, number or a list of
 * texts, since drivers differ in what they make of an array, a date, an object or a type that they had to guess.
 */
export async function rowsOf<T>(sql: Sql, text: string, values: unknown[] = []): Promise<T[]> {
  return (await sql.query(text, values)).rows as T[];
}
