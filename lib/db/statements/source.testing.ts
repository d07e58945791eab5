import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAst } from "rolldown/parseAst";

export const root = path.join(import.meta.dirname, "../../..");

/** A node of the syntax tree: its kind, its place in the text, and what hangs below it. */
// biome-ignore lint/suspicious/noExplicitAny: a tree of some hundred kinds, read by name
export type Node = { type: string; start: number; end: number } & Record<string, any>;
export type Source = { file: string; text: string; body: Node[] };

/** Where a statement is given to the store: by which call, in which function, and the type its rows are given (null: none is read). */
export type Site = { file: string; start: number; end: number; call: string; name: string; row: string | null };

const CALLS = new Set(["rows", "firstRow", "touched", "execute"]);
const sources = new Map<string, Source>();

/** A file of the repository as a syntax tree; read once. */
export function sourceOf(file: string): Source {
  const kept = sources.get(file);
  if (kept) return kept;
  const text = readFileSync(path.join(root, file), "utf8");
  const body = (parseAst(text, { lang: "ts" }, file) as unknown as { body: Node[] }).body;
  const source = { file, text, body };
  sources.set(file, source);
  return source;
}

/** The file that an import names; null for a library. */
export function resolveFrom(file: string, to: string): string | null {
  const name = to.startsWith("@/") ? to.slice(2) : to.startsWith(".") ? path.posix.join(path.posix.dirname(file), to) : null;
  return name && [`${name}.ts`, `${name}.tsx`, `${name}/index.ts`].find((one) => existsSync(path.join(root, one)))
    ? `${name}.ts`
    : null;
}

/** What is declared at the top of a file, exported or not, with its name. */
export function declarations({ body }: Source): { name: string; node: Node; exported: boolean }[] {
  return body.flatMap((statement) => {
    const exported = statement.type === "ExportNamedDeclaration";
    const node: Node | null = exported ? statement.declaration : statement;
    if (!node) return [];
    if (node.type === "VariableDeclaration")
      return node.declarations.map((one: Node) => ({ name: one.id.name, node: one.init ?? one, exported }));
    return node.id ? [{ name: node.id.name, node, exported }] : [];
  });
}

/** Every call in a file that gives a statement to the store. */
export function sitesOf(source: Source): Site[] {
  return declarations(source).flatMap(({ name, node }) => {
    const found: Site[] = [];
    walk(node, [], (call, above) => {
      if (call.type !== "CallExpression") return;
      const callee = call.callee.type === "MemberExpression" ? call.callee.property.name : call.callee.name;
      if (!CALLS.has(callee)) return;
      const row = callee === "rows" || callee === "firstRow" ? rowOf(source, call, above) : null;
      found.push({ file: source.file, start: call.start, end: call.end, call: callee, name, row });
    });
    return found;
  });
}

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

// Given by name, or what the function says that it returns when the rows are returned as they are.
function rowOf({ text }: Source, call: Node, above: Node[]): string | null {
  if (call.typeArguments) return text.slice(call.typeArguments.params[0].start, call.typeArguments.params[0].end);
  const parent = above.at(-1)!;
  const owner = above.findLast((node) => functions.has(node.type));
  const promise = owner?.returnType?.typeAnnotation;
  if ((parent.type !== "ReturnStatement" && parent !== owner) || promise?.typeName?.name !== "Promise") return null;
  const value = promise.typeArguments.params[0];
  return `Unwrapped<${text.slice(value.start, value.end)}>`;
}

function walk(node: Node, above: Node[], visit: (node: Node, above: Node[]) => void): void {
  visit(node, above);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (child && typeof child.type === "string") walk(child, [...above, node], visit);
}
