import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { dotnet, type Stack } from "./dotnet";

/**
 * Makes the corpus that fingerprints are held against: small programs in nine languages fail in known ways, with two inputs each, from two folders
 * and at other lines. `npx tsx bench/stacks/make.ts` needs all nine on the machine; .NET's stacks are written from their documented form.
 */
const here = import.meta.dirname;
const programs: readonly [family: string, file: string, ...command: string[]][] = [
  ["V8", "node.mjs", "node", "node.mjs"],
  ["Python", "python.py", "/usr/bin/python3", "python.py"],
  ["JVM", "Stock.java", "java", "Stock.java"],
  ["Perl", "perl.pl", "perl", "perl.pl"],
  ["Ruby", "ruby.rb", "ruby", "ruby.rb"],
  ["PHP", "php.php", "php", "php.php"],
  ["Go", "stock.go", "go", "run", "stock.go"],
  ["Rust", "stock.rs", "sh", "-c", "rustc --edition 2021 -g -o ./stock stock.rs && ./stock"],
  ["Elixir", "stock.exs", "elixir", "stock.exs"],
];
const builds = [
  { folder: "stock/src", lines: 0 },
  { folder: "releases/20260618/stock/src", lines: 7 },
  { folder: "build-77/src", lines: 130 },
];

const base = mkdtempSync("/srv/");
const stacks: Stack[] = [];
for (const [family, file, ...command] of programs) {
  for (const { folder, lines } of builds) {
    const cwd = join(base, folder);
    mkdirSync(cwd, { recursive: true });
    const source = readFileSync(join(here, file), "utf8").replace(/^.*\bPAD$/m, "\n".repeat(lines));
    writeFileSync(join(cwd, file), source);
    const { stdout } = execaSync(
      command[0]!,
      command.slice(1).map((each) => (each === file ? join(cwd, file) : each)),
      { cwd, stripFinalNewline: false },
    );
    for (const record of stdout.split("\x1e").filter((each) => each.includes("\x1f"))) {
      const [label, errorType, errorMessage, errorStack] = record.split("\x1f").map((each) => each.replaceAll(base, "/srv"));
      stacks.push({
        family,
        made: true,
        label: label!,
        errorType: errorType!,
        errorMessage: errorMessage!,
        errorStack: errorStack!.slice(0, 8_000),
      });
    }
  }
}
rmSync(base, { recursive: true });
stacks.push(...dotnet);
const target = join(here, "../../lib/dead-letters/stacks.corpus.jsonl");
writeFileSync(target, stacks.map((each) => `${JSON.stringify(each)}\n`).join(""));
console.log(
  `${stacks.length} stacks of ${new Set(stacks.map((each) => each.family)).size} families, ${readdirSync(here).length} files here`,
);
