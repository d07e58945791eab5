import type pg from "pg";

type Query = { text: string; values: unknown[] };
type Row = Record<string, unknown>;

/** Bytes that the database's encoding, or ours, does not know: SQL_ASCII takes any, and WIN1252 has some that mean nothing. */
export const isUnreadable = (error: unknown): boolean => ["22021", "22P05"].includes(String((error as { code?: unknown }).code));

/**
 * A client that reads around rows of unreadable bytes: what fails as a whole is read by halves, in the same snapshot, until such a row stands
 * alone. Of a page's row its mark and key are kept, so that the page ends where it ended; `_unreadable` says that there is no more of it.
 */
export function readingAround(client: pg.ClientBase): { client: pg.ClientBase; unreadableN: () => number } {
  let unreadableN = 0;
  const attempt = async (query: Query): Promise<Row[] | null> => {
    await client.query("savepoint one");
    try {
      const { rows } = await client.query<Row>(query);
      await client.query("release savepoint one");
      return rows;
    } catch (error) {
      await client.query("rollback to savepoint one");
      if (!isUnreadable(error)) throw error;
      return null;
    }
  };
  const part = ({ text, values }: Query, columns: string, offset: number, n: number): Query => ({
    text: `select ${columns} from (${text}) q offset ${offset} limit ${n}`,
    values,
  });
  const placeOf = async (query: Query, offset: number): Promise<Row[]> => {
    unreadableN++;
    if (!query.text.includes('"_k"')) return [];
    // The key itself may hold such bytes; unconverted they come as they are.
    await client.query("set local client_encoding = 'SQL_ASCII'");
    const { rows } = await client.query<Row>(part(query, '"_w", "_k"', offset, 1));
    await client.query("set local client_encoding = 'UTF8'");
    return rows.map((row) => ({ ...row, _unreadable: true }));
  };
  const halves = async (query: Query, offset: number, n: number): Promise<Row[]> => {
    const rows = n === 0 ? [] : await attempt(part(query, "*", offset, n));
    if (rows !== null) return rows;
    if (n === 1) return placeOf(query, offset);
    const half = Math.ceil(n / 2);
    return [...(await halves(query, offset, half)), ...(await halves(query, offset + half, n - half))];
  };
  const query = async (asked: string | Query): Promise<{ rows: Row[] }> => {
    const whole = typeof asked === "string" ? { text: asked, values: [] } : asked;
    const rows = await attempt(whole);
    if (rows !== null) return { rows };
    const counted = await client.query<{ n: number }>({ ...whole, text: `select count(*)::int as n from (${whole.text}) q` });
    return { rows: await halves(whole, 0, counted.rows[0]!.n) };
  };
  return { client: { query } as unknown as pg.ClientBase, unreadableN: () => unreadableN };
}
