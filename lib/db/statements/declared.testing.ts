import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Statement } from "./capture.testing";
import { root, sourceOf } from "./source.testing";

// What TypeScript calls a row must have each column of the statement and no other, each of the column's kind; what is not so is a text in a type that should be empty.
const PRELUDE = `
type Unwrapped<P> = NonNullable<P> extends readonly (infer E)[] ? E : NonNullable<P>;
type KeysOf<T> = T extends unknown ? keyof T & string : never;
type NeededOf<T> = T extends unknown ? { [K in keyof T & string]-?: object extends Pick<T, K> ? never : K }[keyof T & string] : never;
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;
type Kinds = { number: number; text: string; boolean: boolean; json: unknown; numbers: readonly number[]; texts: readonly string[]; booleans: readonly boolean[]; void: unknown };
type Wrong<T, C extends Record<string, keyof Kinds>> =
  | { [K in Exclude<NeededOf<T>, keyof C>]: \`\${K} is no column\` }[Exclude<NeededOf<T>, keyof C>]
  | { [K in Exclude<keyof C & string, KeysOf<T>>]: \`\${K} is not in the row\` }[Exclude<keyof C & string, KeysOf<T>>]
  | { [K in KeysOf<T> & keyof C]: [NonNullable<ValueOf<T, K>>] extends [Kinds[C[K]]] ? never : \`\${K} is \${C[K]}\` }[KeysOf<T> & keyof C];
`;

/** Where the rows of a statement are not what their type says: a sentence for each such column, with file and statement. */
export async function differingRows(statements: readonly Statement[]): Promise<string[]> {
  const typed = statements.filter(({ site, problem }) => site?.row && problem === null);
  const files = [...new Set(typed.map(({ file }) => file))];
  const below = path.join(root, ".data/statements");
  mkdirSync(below, { recursive: true });
  const folder = mkdtempSync(`${below}/`);
  try {
    for (const file of files) {
      const copy = path.join(folder, file);
      mkdirSync(path.dirname(copy), { recursive: true });
      // The types of a row need not be exported: the check stands below them, in a copy of their file.
      const checks = typed.map((one, place) => (one.file === file ? check(one, place) : "")).filter(Boolean);
      writeFileSync(copy, `${sourceOf(file).text}${PRELUDE}${checks.join("\n")}\n`);
    }
    const errors = await compile(folder, files);
    return [...new Set(errors.flatMap((error) => told(error, folder, typed)))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function check({ site, columns }: Statement, place: number): string {
  const shape = columns.map(({ name, kind }) => `${JSON.stringify(name)}: "${kind}"`).join("; ");
  return `export const statement${place} = (): never => null as unknown as Wrong<${site!.row!.replace(/\s+/g, " ")}, { ${shape} }>;`;
}

async function compile(folder: string, files: readonly string[]): Promise<string[]> {
  const config = {
    extends: path.join(root, "tsconfig.json"),
    compilerOptions: {
      incremental: false,
      plugins: [],
      rootDirs: [folder, root],
      typeRoots: [path.join(root, "node_modules/@types")],
    },
    include: [],
    files: files.map((file) => path.join(folder, file)),
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = path.join(root, "node_modules/typescript/lib/tsc.js");
  const run = promisify(execFile)(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
    cwd: folder,
    maxBuffer: 1 << 26,
  });
  const output = await run.then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout || String(error),
  );
  // What explains an error stands below it, indented.
  return output.trim() === "" ? [] : output.trim().split(/\n(?! )/);
}

function told(error: string, folder: string, typed: readonly Statement[]): string[] {
  const [, file, line, what] = /^(.*)\((\d+),\d+\): error TS\d+: (.*)$/s.exec(error) ?? [];
  if (!file || !what) return [error];
  const short = path.relative(folder, path.resolve(folder, file));
  const before = sourceOf(short).text.split("\n").length + PRELUDE.split("\n").length - 1;
  const statement = typed.filter((one) => one.file === short)[Number(line) - before];
  const columns = [...what.matchAll(/"(\S+ is [^"]+)"/g)].map(([, column]) => column);
  return statement && columns.length > 0 ? columns.map((column) => `${short} ${statement.site!.name}: ${column}`) : [error];
}
