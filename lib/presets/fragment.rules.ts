/** A piece of SQL as it lies in a text: code, or something in quotes that is left alone. */
type Piece = { text: string; code: boolean };

const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/g;

/** SQL cut into code and quoted parts, in order. */
function piecesOf(sql: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of sql.matchAll(QUOTED)) {
    pieces.push({ text: sql.slice(at, match.index), code: true }, { text: match[0], code: false });
    at = match.index + match[0].length;
  }
  pieces.push({ text: sql.slice(at), code: true });
  return pieces;
}

/** SQL with everything in quotes blanked out, so that positions stay. */
const codeOf = (sql: string): string =>
  piecesOf(sql)
    .map(({ text, code }) => (code ? text : "\u0001".repeat(text.length)))
    .join("");

/** Why a text cannot stand within a statement of ours, in words that say what is wrong; null when it can. */
export function sqlProblem(sql: string): string | null {
  const code = codeOf(sql);
  if (sql.trim() === "") return "is empty";
  if (sql.includes("\0")) return "has a character that PostgreSQL does not take";
  if (/['"]/.test(code)) return "has a quote that is not closed";
  if (/\$\d/.test(code)) return "has a numbered parameter, which nobody fills";
  if (code.includes(";")) return "has a ; in it, which would end the statement";
  if (/--|\/\*/.test(code)) return "has a comment in it, which would hide what follows";
  let depth = 0;
  for (const sign of code) {
    if (sign === "(" || sign === "[") depth++;
    if (sign === ")" || sign === "]") depth--;
    if (depth < 0) return "closes a bracket that was not opened";
  }
  return depth > 0 ? "has a bracket that is not closed" : null;
}

/** Where a word stands outside of quotes and brackets; -1 where it does not. */
function topLevel(sql: string, word: RegExp): number {
  const code = codeOf(sql);
  let depth = 0;
  for (let i = 0; i < code.length; i++) {
    if (code[i] === "(") depth++;
    else if (code[i] === ")") depth--;
    else if (depth === 0 && /\W/.test(code[i - 1] ?? " ") && word.test(code.slice(i))) return i;
  }
  return -1;
}

const NAME = `(?:"(?:[^"]|"")+"|[A-Za-z_][\\w$]*)`;
const FIRST = new RegExp(`^\\s*(?:only\\s+)?(${NAME}(?:\\.${NAME})?)(?:\\s+(?:as\\s+)?(${NAME}))?`, "i");
const NO_ALIAS = /^(join|left|right|inner|cross|full|natural|on|using|where|tablesample)$/i;

/** What stands before `where`, the condition after it, and the first table with the name by which its columns are called. */
export type From = { tables: string; where: string | null; relation: string; alias: string };

/** A `from` taken apart; null where it does not begin with the name of a table, or goes on after its condition. */
export function fromOf(sql: string): From | null {
  const first = FIRST.exec(sql);
  if (!first || topLevel(sql, /^(group\s+by|order\s+by|limit|having|union|window|for)\b/i) >= 0) return null;
  const at = topLevel(sql, /^where\b/i);
  const tables = at < 0 ? sql : sql.slice(0, at);
  const where = at < 0 ? null : sql.slice(at + "where".length).trim();
  const alias = first[2] && !NO_ALIAS.test(first[2]) ? first[2] : first[1]!.split(".").at(-1)!;
  return where === "" ? null : { tables: tables.trim(), where, relation: first[1]!, alias };
}

const PLACEHOLDER = /(?<![:\w]):([A-Za-z_]\w*)/g;

/** The names of the parameters of a statement, such as `id` of `:id`, each once. */
export function parametersOf(sql: string): string[] {
  const names = piecesOf(sql).flatMap(({ text, code }) =>
    code ? [...text.matchAll(PLACEHOLDER)].map((match) => match[1]!) : [],
  );
  return [...new Set(names)];
}

/** A statement with its parameters as places, each as its name says; casts (`::`) and what is in quotes stay. */
export function withPlaces(sql: string, placeOf: (name: string) => string): string {
  return piecesOf(sql)
    .map(({ text, code }) => (code ? text.replace(PLACEHOLDER, (_, name: string) => placeOf(name)) : text))
    .join("");
}

const PATH = /^(.+?)\s+\$((?:\.[A-Za-z_][\w-]*|\[\d+\])+)$/;

/** A column followed by a path, as in `t.data $.order.id`, as the text that stands there; anything else as it is. */
export function expressionOf(text: string): string {
  const found = PATH.exec(text.trim());
  if (!found) return `(${text})`;
  const parts = [...found[2]!.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]/g)].map((part) => part[1] ?? part[2]);
  return `((${found[1]})::jsonb #>> '{${parts.join(",")}}')`;
}
