import { loadConfiguration } from "../contracts/files";
import { checkSource } from "./check";
import { isStopped, type SourceCheck } from "./check.rules";

const USAGE = `npm run source:check -- <source>…
  Connects to a source of accord.yaml (ACCORD_CONFIG) as observer and as actor, and says how everything that Accord needs there stands.
  Without a name every source is checked. Ends 1 when something stops Accord at one of them, 2 when nothing could be asked.`;

/** `npm run source:check`: what to print, and how to end. */
export async function checkCommand(
  args: readonly string[],
  env: Record<string, string | undefined>,
): Promise<{ lines: string[]; exitCode: 0 | 1 | 2 }> {
  if (args.some((one) => one.startsWith("-"))) return { lines: [USAGE], exitCode: 2 };
  const loaded = await loadConfiguration(env.ACCORD_CONFIG ?? "accord.yaml", env);
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
    const checks = await checkSource(source, contracts);
    stopped ||= isStopped(checks);
    lines.push(`${source.sourceId} (${source.service})`, ...checks.flatMap(linesOf));
  }
  return { lines, exitCode: stopped ? 1 : 0 };
}

function linesOf({ check, state, sentence, todo }: SourceCheck): string[] {
  const line = `  ${state.padEnd(7)} ${check.replace("_", " ").padEnd(16)} ${sentence}`;
  return todo === null ? [line] : [line, `${" ".repeat(27)}→ ${todo}`];
}
