import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, SerializedError, TestModule } from "vitest/node";

const SLOWEST_N = 15;
const FAILURES_N = 20;

/**
 * Prints the slowest files, what failed in a line each, and, as the very last line of a run, `N passed, N failed`. A file that could not be
 * read, and an error outside of any test, count as failed.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const skipped = count("skipped") + count("pending");
    const line = `${count("passed")} passed, ${count("failed") + broken} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    // Other reporters print at the end of the run too; after the exit of the process nobody does.
    process.once("exit", () =>
      process.stdout.write(`${[...slowest(modules), ...failures(modules, errors)].join("\n")}\n\n${line}\n`),
    );
  }
}

function slowest(modules: readonly TestModule[]): string[] {
  const timed = modules.map((module) => {
    const { duration, collectDuration, setupDuration, prepareDuration, environmentSetupDuration } = module.diagnostic();
    const ms = duration + collectDuration + setupDuration + prepareDuration + environmentSetupDuration;
    return { ms, file: nameOf(module) };
  });
  const first = timed.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST_N);
  return [
    `The slowest ${first.length} files:`,
    ...first.map(({ ms, file }) => `${(ms / 1_000).toFixed(1).padStart(7)} s  ${file}`),
  ];
}

// Whoever sees only the end of a run's output learns from it what to look for.
function failures(modules: readonly TestModule[], errors: readonly SerializedError[]): string[] {
  const lines = [
    ...modules.flatMap((module) => [
      ...module.errors().map((error) => `${nameOf(module)}: ${firstLine(error)}`),
      ...[...module.children.allTests("failed")].map(
        (test) => `${nameOf(module)} > ${test.fullName}: ${firstLine(test.result().errors?.[0])}`,
      ),
    ]),
    ...errors.map((error) => `outside of any test: ${firstLine(error)}`),
  ];
  return lines.length > 0 ? ["", "Failed:", ...lines.slice(0, FAILURES_N).map((line) => `  ${line}`)] : [];
}

const nameOf = (module: TestModule) => path.relative(process.cwd(), module.moduleId);
const firstLine = (error: { message: string } | undefined) => stripVTControlCharacters(error?.message ?? "").split("\n")[0]!;
