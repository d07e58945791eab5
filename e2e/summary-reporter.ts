import type { Reporter, TestModule } from "vitest/node";

/** Prints `N passed, N failed` as the very last line of a run. A file that could not be read, and an error outside of any test, count as failed. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((each) => each === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const skipped = count("skipped") + count("pending");
    const line = `${count("passed")} passed, ${count("failed") + broken} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    // Other reporters print at the end of the run too; after the exit of the process nobody does.
    process.once("exit", () => process.stdout.write(`${line}\n`));
  }
}
