import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { loadConfiguration } from "../contracts/files";
import { readYaml } from "../contracts/yaml";
import { factsOf } from "./check";
import { isStopped, type SourceCheck, type SourceFacts } from "./check.rules";
import { sourceCheckRows } from "./check-words";

const USAGE = `npm run source:check -- <source>…
  Connects to a source of accord.yaml (ACCORD_CONFIG) as observer and as actor, and says how everything that Accord needs there stands.
  Without a name every source is checked. Ends 1 when something stops Accord at one of them, 2 when nothing could be asked.`;

/** `npm run source:check`: what to print, and how to end. */
export async function checkCommand(
  args: readonly string[],
  env: Record<string, string | undefined>,
): Promise<{ lines: string[]; exitCode: 0 | 1 | 2 }> {
  if (args.some((one) => one.startsWith("-"))) return { lines: [USAGE], exitCode: 2 };
  const file = env.ACCORD_CONFIG ?? "accord.yaml";
  const loaded = await loadConfiguration(file, env);
  if (!loaded.ok) return { lines: loaded.problems.map((p) => `${p.file}:${p.line}:${p.column} ${p.message}`), exitCode: 2 };
  const { sources } = loaded.configuration;
  const contracts = loaded.configuration.contracts.map(({ contract }) => contract);
  const unknown = args.find((name) => !sources.some(({ sourceId }) => sourceId === name));
  if (unknown !== undefined)
    return {
      lines: [`accord.yaml has no source "${unknown}"; it has ${sources.map((one) => one.sourceId).join(", ")}.`],
      exitCode: 2,
    };
  const lines: string[] = [];
  let stopped = false;
  for (const source of sources.filter(({ sourceId }) => args.length === 0 || args.includes(sourceId))) {
    const facts = await factsOf(source, contracts);
    const checks = sourceCheckRows(facts);
    stopped ||= isStopped(checks);
    lines.push(
      `${source.sourceId} (${source.service})`,
      ...checks.flatMap(linesOf),
      ...(await mistakesOf(file, source.sourceId, facts)),
    );
  }
  return { lines, exitCode: stopped ? 1 : 0 };
}

/** Where in accord.yaml each field stands that the tables do not fit; a field of a preset's own map stands at its source. */
async function mistakesOf(file: string, sourceId: string, { map }: SourceFacts): Promise<string[]> {
  if (map === undefined || map instanceof Error || map.mistakes.length === 0) return [];
  const located = readYaml(await readFile(file, "utf8"), basename(file));
  return map.mistakes.map(({ kind, field, why }) => {
    const { line, column } = located.problem(["sources", sourceId, kind, field], why);
    return `${file}:${line}:${column} ${kind}.${field}: ${why}.`;
  });
}

function linesOf({ check, state, sentence, todo }: SourceCheck): string[] {
  const line = `  ${state.padEnd(7)} ${check.replace("_", " ").padEnd(16)} ${sentence}`;
  return todo === null ? [line] : [line, `${" ".repeat(27)}→ ${todo}`];
}
