/** Bytes or values that an expression of one row cannot take: class 22, data exceptions, and text that is no UTF-8. */
const isRowsOwn = (error: unknown): boolean => /^22/.test(String((error as { code?: unknown }).code ?? ""));

/** Reads rows by their ids; where one of them cannot be read, all but that one: what fails is read by halves. Counts those left out. */
export async function around<T>(
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<T[]>,
): Promise<{ rows: T[]; left: string[] }> {
  if (ids.length === 0) return { rows: [], left: [] };
  try {
    return { rows: await read(ids), left: [] };
  } catch (error) {
    if (!isRowsOwn(error)) throw error;
    if (ids.length === 1) return { rows: [], left: [...ids] };
    const half = Math.ceil(ids.length / 2);
    const [first, second] = [await around(ids.slice(0, half), read), await around(ids.slice(half), read)];
    return { rows: [...first.rows, ...second.rows], left: [...first.left, ...second.left] };
  }
}
