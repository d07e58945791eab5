import { dirname, join } from "node:path";
import { counted } from "../words";
import type { Environment } from "./environment";
import { loadConfiguration } from "./files";
import type { Problem } from "./rules";

/** Checks the files as the worker would read them: a line per problem, a summary, and 1 when there is an error. */
export async function checkFiles(path: string, environment: Environment): Promise<{ lines: string[]; exitCode: 0 | 1 }> {
  const loaded = await loadConfiguration(path, environment);
  const problems = loaded.ok ? [...loaded.warnings, ...loaded.notInForce] : loaded.problems;
  const errorsN = problems.filter((problem) => problem.severity === "error").length;
  const found = `${counted(errorsN, "error")}, ${counted(problems.length - errorsN, "warning")}`;
  const scope = loaded.ok
    ? `${counted(loaded.configuration.sources.length, "source")}, ${counted(loaded.configuration.contracts.length, "contract")}: `
    : "";
  return {
    lines: [...problems.map((problem) => problemLine(problem, dirname(path))), `${scope}${found}.`],
    exitCode: loaded.ok ? 0 : 1,
  };
}

const problemLine = (problem: Problem, folder: string): string =>
  `${join(folder, problem.file)}:${problem.line}:${problem.column} ${problem.severity === "warning" ? "warning: " : ""}${problem.message}`;
