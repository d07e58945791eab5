import type pg from "pg";

/** How a column's values look to TypeScript once `rows` has read them. */
export type Kind = "number" | "text" | "boolean" | "json" | "numbers" | "texts" | "booleans" | "void";
export type Column = { name: string; oid: number; kind: Kind; sample: unknown };
type Described = { columns: Column[]; problem: string | null };

const kinds: Record<number, [Kind, unknown]> = {
  16: ["boolean", true],
  20: ["number", "1"],
  21: ["number", 1],
  23: ["number", 1],
  700: ["number", 1],
  701: ["number", 1],
  1700: ["number", "1"],
  1184: ["number", "2026-01-01 00:00:00+00"],
  114: ["json", {}],
  3802: ["json", {}],
  1000: ["booleans", [true]],
  1005: ["numbers", [1]],
  1007: ["numbers", [1]],
  1022: ["numbers", [1]],
  1009: ["texts", ["1"]],
  1016: ["texts", ["1"]],
  2951: ["texts", ["1"]],
  2278: ["void", ""],
};
const known = new WeakMap<pg.Client, Map<string, Promise<Described>>>();

/** Has the store prepare a statement, and gives its columns or the store's refusal; nothing is run. */
export function describe(client: pg.Client, text: string): Promise<Described> {
  const kept = known.get(client) ?? new Map<string, Promise<Described>>();
  known.set(client, kept);
  const before = kept.get(text);
  if (before) return before;
  const asked = ask(client, text);
  kept.set(text, asked);
  return asked;
}

function ask(client: pg.Client, text: string): Promise<Described> {
  return new Promise((resolve) => {
    let columns: Column[] = [];
    client.query({
      submit: (connection: pg.Connection) => {
        connection.parse({ name: "", text, types: [] }, false);
        connection.describe({ type: "S", name: "" }, false);
        connection.sync();
      },
      handleRowDescription: ({ fields }: { fields: { name: string; dataTypeID: number }[] }) => {
        columns = fields.map(({ name, dataTypeID: oid }) => {
          const [kind, sample] = kinds[oid] ?? ["text", "1"];
          return { name, oid, kind, sample };
        });
      },
      handleError: (error: Error) => resolve({ columns: [], problem: error.message }),
      handleReadyForQuery: () => resolve({ columns, problem: null }),
    } as unknown as pg.Submittable);
  });
}
