import { SourceProblem } from "../../source";

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? "");

/** The database says that a table, a column or a function is not what it was. */
export const isOtherShape = (error: unknown): boolean => /^42(?!501)/.test(codeOf(error));

/** What the database says against a statement of the map, as what its people have to change; never with a value of a row. */
export function inWords(error: unknown, { preset }: { preset: string }): unknown {
  if (error instanceof SourceProblem || !(error instanceof Error)) return error;
  const code = codeOf(error);
  if (code === "42501" && !/row-level security|permission denied for (database|function pg_)/i.test(error.message))
    return new SourceProblem(
      `The role of this connection lacks a right (${error.message}): npm run config:check -- --connect prints the grants that ${preset} needs.`,
    );
  if (isOtherShape(error))
    return new SourceProblem(
      `The tables are not as they were when they were last looked at (${error.message}); they are looked at anew.`,
    );
  // Of fields the row that cannot be read is left out; a condition decides over all of them.
  if (code.startsWith("22"))
    return new SourceProblem(
      `A condition of the map fails on some row (${code}), and so over all of them: guard it, as in case when t.body like '{%' then … end.`,
    );
  return error;
}
