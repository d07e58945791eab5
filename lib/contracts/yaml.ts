import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Pair, parseDocument } from "yaml";
import { quoted } from "./found-words";
import type { Path } from "./path.rules";
import type { Problem } from "./rules";
import { syntaxWords } from "./syntax-words";

type Severity = Problem["severity"];

/** A file's content as plain values, and where each of them stands. */
export type Located = {
  value: unknown;
  problems: Problem[];
  /** A problem at the value of a path; at its key with `atKey`; at the nearest that exists when the path does not. */
  problem: (path: Path, message: string, options?: { atKey?: boolean; severity?: Severity }) => Problem;
};

export const limits = {
  /** A contract is a page or two; a megabyte is somebody's data. */
  bytesMax: 1_000_000,
  depthMax: 40,
  /** An alias may stand in for a part a few times; thousands are a bomb. */
  nodesMax: 20_000,
  problemsMax: 50,
} as const;

const keyOf = (path: Path): string => JSON.stringify(path);

/** Reads YAML text. Never throws: whatever is wrong is a problem with a position, and the value is then not to be used. */
export function readYaml(text: string, file: string): Located {
  const places = new Map<string, { key: number; value: number }>([[keyOf([]), { key: 0, value: 0 }]]);
  const problems: Problem[] = [];
  const at = (offset: number, path: Path, message: string, severity: Severity = "error"): Problem => {
    return { file, ...placeOf(text, offset), path: pathWords(path), message, severity };
  };
  const problem: Located["problem"] = (path, message, options = {}) => {
    let known: Path = path;
    while (!places.has(keyOf(known))) known = known.slice(0, -1);
    const place = places.get(keyOf(known))!;
    // What is missing is shown at the key of what should hold it.
    return at(options.atKey || known.length < path.length ? place.key : place.value, path, message, options.severity);
  };

  const document = parse(text);
  if (document === null) {
    problems.push(at(0, [], `Expected at most ${limits.depthMax} levels of nesting, found far more.`));
    return { value: undefined, problems, problem };
  }
  for (const error of [...document.errors, ...document.warnings].slice(0, 5))
    problems.push(at(error.pos[0], [], syntaxWords(error.code)));
  if (problems.length > 0) return { value: undefined, problems, problem };
  const value = plainValue(
    document,
    places,
    (offset, path, message) => problems.length < limits.problemsMax && problems.push(at(offset, path, message)),
  );
  return { value, problems, problem };
}

// The parser's own counter loses lines when it recovers from an error.
function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
}

function parse(text: string): Document | null {
  try {
    return parseDocument(text, { prettyErrors: false, logLevel: "error", uniqueKeys: false });
  } catch {
    // The parser calls itself for every level and runs out of stack.
    return null;
  }
}

type Note = (offset: number, path: Path, message: string) => void;

function plainValue(document: Document, places: Map<string, { key: number; value: number }>, note: Note): unknown {
  let nodes = 0;
  const start = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;

  function visit(node: unknown, path: Path, keyOffset: number): unknown {
    places.set(keyOf(path), { key: keyOffset, value: node ? start(node) : keyOffset });
    nodes += 1;
    if (nodes === limits.nodesMax)
      note(start(node), path, `Expected at most ${limits.nodesMax} values, found more; aliases may multiply them.`);
    if (nodes >= limits.nodesMax) return undefined;
    if (path.length > limits.depthMax) {
      note(start(node), path, `Expected at most ${limits.depthMax} levels of nesting, found more; an alias may hold itself.`);
      // One such problem is enough, and what is nested so deep may also be wide.
      nodes = limits.nodesMax;
      return undefined;
    }
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target) return visit(target, path, keyOffset);
      note(
        start(node),
        path,
        "Expected the name of an anchor behind *, found none that was set before; text that starts with * needs quotes.",
      );
      return undefined;
    }
    if ((isScalar(node) || isCollection(node)) && node.tag) {
      note(start(node), path, "Expected plain YAML, found a tag (!).");
      return undefined;
    }
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item, i) => visit(item, [...path, i], start(item)));
    if (isMap(node)) return mapping(node.items, path);
    return null;
  }

  function mapping(pairs: Pair[], path: Path): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const lines = new Set<string>();
    for (const pair of pairs) {
      const offset = start(pair.key);
      if (!isScalar(pair.key) || pair.key.value === null || pair.key.value === "__proto__") {
        note(offset, path, "Expected a name before the colon, found something that cannot be one.");
        continue;
      }
      const key = String(pair.key.value);
      if (lines.has(key)) note(offset, [...path, key], `Expected ${quoted(key)} once, found it twice in the same mapping.`);
      lines.add(key);
      value[key] = visit(pair.value, [...path, key], offset);
    }
    return value;
  }

  const value = visit(document.contents, [], 0);
  return nodes >= limits.nodesMax ? undefined : value;
}

/** `semantics.events.OrderSubmitted.to[0]`; what might be a secret is left out. */
export function pathWords(path: Path): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i === 0 ? "" : "."}${quoted(part).replaceAll('"', "")}`))
    .join("");
}
