import path from "node:path";
import { sql } from "drizzle-orm";
import { declarations, type Node, resolveFrom, root, type Source, sourceOf } from "./source.testing";

const DEPTH_MAX = 24;
const keywords: Record<string, unknown> = { TSStringKeyword: "1", TSNumberKeyword: 1, TSBigIntKeyword: 1n, TSNullKeyword: null };
type Sampler = (node: Node) => Promise<unknown>;

/** Values for a function's parameters after the first, made from their types; another variant takes other members of unions. */
export async function samplesFor(source: Source, fn: Node, variant: number): Promise<unknown[]> {
  const made: unknown[] = [];
  for (const parameter of fn.params.slice(1)) {
    const type = (parameter.left ?? parameter).typeAnnotation?.typeAnnotation;
    made.push(type ? await sample(source, fn, type, variant, 0) : undefined);
  }
  return made;
}

async function sample(source: Source, fn: Node | null, type: Node, variant: number, depth: number): Promise<unknown> {
  if (depth > DEPTH_MAX) return null;
  const of: Sampler = (node) => sample(source, fn, node, variant, depth + 1);
  if (type.type in keywords) return keywords[type.type];
  switch (type.type) {
    case "TSBooleanKeyword":
      return variant % 2 === 0;
    case "TSUndefinedKeyword":
      return undefined;
    case "TSParenthesizedType":
      return of(type.typeAnnotation);
    case "TSLiteralType":
      return type.literal.value;
    case "TSArrayType":
      return [await of(type.elementType)];
    case "TSTupleType":
      return Promise.all(type.elementTypes.map((node: Node) => of(node.elementType ?? node)));
    case "TSUnionType":
      return of(type.types[variant % type.types.length]);
    case "TSIntersectionType":
      return Object.assign({}, ...(await Promise.all(type.types.map(of))));
    case "TSTypeLiteral":
      return members(type.members, of, variant);
    case "TSFunctionType":
      return () => ({});
    case "TSTypeOperator":
      return type.operator === "keyof"
        ? pick(Object.keys((await of(type.typeAnnotation)) as object), variant)
        : of(type.typeAnnotation);
    case "TSTypeQuery":
      return valueNamed(source, type.exprName.name);
    case "TSIndexedAccessType":
      return indexed(await of(type.objectType), type.indexType, variant);
    case "TSTypeReference":
      return reference(source, fn, type, variant, depth, of);
    default:
      return {};
  }
}

const pick = (values: readonly unknown[], variant: number) => values[variant % values.length];

async function members(all: Node[], of: Sampler, variant: number): Promise<object> {
  const made: Record<string, unknown> = {};
  for (const { key, optional, typeAnnotation } of all)
    if (key && typeAnnotation && !(optional && variant % 2 === 1))
      made[key.name ?? key.value] = await of(typeAnnotation.typeAnnotation);
  return made;
}

function indexed(object: unknown, index: Node, variant: number): unknown {
  if (index.type === "TSLiteralType") return (object as Record<string, unknown> | null)?.[index.literal.value];
  return pick(Object.values((object ?? {}) as object), variant);
}

async function reference(
  source: Source,
  fn: Node | null,
  type: Node,
  variant: number,
  depth: number,
  of: Sampler,
): Promise<unknown> {
  const name: string = type.typeName.name ?? "";
  const given: Node[] = type.typeArguments?.params ?? [];
  if (name === "SQL") return sql`null`;
  if (name === "Date") return new Date(0);
  if (name === "Set" || name === "ReadonlySet") return new Set([await of(given[0]!)]);
  if (name === "Map" || name === "ReadonlyMap") return new Map([[await of(given[0]!), await of(given[1]!)]]);
  if (name === "Record") return everyKey(String(await of(given[0]!)), await of(given[1]!));
  if (/^(Readonly)?Array$/.test(name)) return [await of(given[0]!)];
  if (/^(Pick|Omit|Partial|Readonly|Required|NonNullable|Exclude|Extract)$/.test(name)) return of(given[0]!);
  const parameter = fn?.typeParameters?.params.find((one: Node) => one.name.name === name);
  if (parameter) return parameter.constraint ? of(parameter.constraint) : {};
  const found = declared(source, name);
  if (!found) return {};
  const { node } = found;
  if (node.type === "TSInterfaceDeclaration")
    return members(node.body.body, (one) => sample(found.source, null, one, variant, depth + 1), variant);
  return sample(found.source, node, node.typeAnnotation, variant, depth + 1);
}

// The declaration of a type, followed through imports and what is exported again.
function declared(source: Source, name: string): { source: Source; node: Node } | null {
  const here = declarations(source).find(
    (one) => one.name === name && /^TS(TypeAlias|Interface)Declaration$/.test(one.node.type),
  );
  if (here) return { source, node: here.node };
  const from = importOf(source, name);
  if (from) return declared(sourceOf(from.file), from.name);
  for (const all of source.body.filter((one) => one.type === "ExportAllDeclaration")) {
    const file = resolveFrom(source.file, all.source.value);
    const found = file && declared(sourceOf(file), name);
    if (found) return found;
  }
  return null;
}

function importOf(source: Source, name: string): { file: string; name: string } | null {
  for (const statement of source.body.filter((one) => one.source))
    for (const specifier of statement.specifiers ?? []) {
      const outer = statement.type === "ImportDeclaration" ? specifier.local : specifier.exported;
      const inner = statement.type === "ImportDeclaration" ? specifier.imported : specifier.local;
      const file = outer?.name === name && inner ? resolveFrom(source.file, statement.source.value) : null;
      if (file) return { file, name: inner.name };
    }
  return null;
}

// Lists one key, and has the same value under any other.
const everyKey = (key: string, value: unknown) =>
  new Proxy({ [key]: value }, { get: (_, asked) => (typeof asked === "string" ? value : undefined) });

async function valueNamed(source: Source, name: string): Promise<unknown> {
  const from = importOf(source, name) ?? { file: source.file, name };
  const module = await import(/* @vite-ignore */ path.join(root, from.file));
  if (from.name in module) return module[from.name];
  // Not exported: what its own text says, for a list of words or an object's keys.
  const node = declarations(sourceOf(from.file)).find((one) => one.name === from.name)?.node;
  const literal = node?.expression ?? node;
  if (literal?.type === "ArrayExpression") return literal.elements.map((one: Node) => one.value);
  if (literal?.type === "ObjectExpression")
    return Object.fromEntries(literal.properties.map((one: Node) => [one.key.name ?? one.key.value, 1]));
  return {};
}
