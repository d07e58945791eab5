import type { z } from "zod";
import { listed } from "../words";
import { foundWords, knownKeys, nearest, quoted, schemaAt } from "./found-words";
import type { Path } from "./path.rules";
import type { Problem } from "./rules";
import { type Located, limits } from "./yaml";

/** What a value came from when it must not be repeated: the words stand for it in every problem. */
export type Hidden = (path: Path) => string | null;

/** Checks what was read against a shape: the typed value, or every problem in words with its position. */
export function validate<T extends z.ZodType>(
  shape: T,
  located: Located,
  hidden: Hidden = () => null,
): { ok: true; value: z.infer<T> } | { ok: false; problems: Problem[] } {
  const result = shape.safeParse(located.value, { reportInput: false });
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.flatMap((issue) => issueProblems(shape, located, issue, hidden));
  // A pattern and a bound that both fail say the same thing twice.
  const said = new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem]));
  return { ok: false, problems: [...said.values()].slice(0, limits.problemsMax) };
}

function issueProblems(shape: z.ZodType, located: Located, issue: z.core.$ZodIssue, hidden: Hidden): Problem[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => located.problem([...path, key], unknownKey(key, knownKeys(shape, path)), { atKey: true }));
  const found = valueAt(located.value, path);
  const last = path.at(-1);
  if (issue.code === "invalid_key")
    return [
      located.problem(path, `Expected ${issue.issues[0] ? keyWords(shape, path) : "a name"}, found ${quoted(String(last))}.`, {
        atKey: true,
      }),
    ];
  const own = issue.code === "custom" && issue.message !== "Invalid input" ? issue.message : null;
  const expected = own ?? schemaAt(shape, path)?.description ?? "another value";
  if (found === undefined && typeof last === "string")
    return [located.problem(path, `${last} is missing: expected ${expected}.`)];
  return [located.problem(path, `Expected ${expected}, found ${hidden(path) ?? foundWords(found)}.`)];
}

function unknownKey(key: string, known: string[]): string {
  const near = nearest(key, known);
  return `Expected one of ${listed(known)}, found the unknown name ${quoted(key)}${near ? `; did you mean "${near}"?` : "."}`;
}

function keyWords(shape: z.ZodType, path: Path): string {
  const record = schemaAt(shape, path.slice(0, -1)) as { keyType?: z.ZodType } | null;
  return record?.keyType?.description ?? "a name";
}

function valueAt(value: unknown, path: Path): unknown {
  let at: unknown = value;
  for (const part of path) {
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at;
}
