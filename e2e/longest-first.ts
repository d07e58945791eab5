import path from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// What takes longest begins first: begun last, it would run on alone. Vitest knows durations only where it ran before.
const longest = [
  "e2e/screens.test.ts",
  "e2e/roles.test.ts",
  "e2e/canary.test.ts",
  "e2e/live.test.ts",
  "e2e/poison.test.ts",
  "app/api/v1/routes.test.ts",
  "app/api/v1/_fuzz/fuzz.test.ts",
  "lib/observation/faults.test.ts",
  "lib/observation/faults-messages.test.ts",
  "lib/worker/killed.test.ts",
  "lib/reconciliation/live.test.ts",
  "demo/estate.test.ts",
  "lib/db/embedded.test.ts",
  "demo/faults.test.ts",
  "lib/operators/sign-in/service.test.ts",
  "demo/redelivery.test.ts",
  "lib/observation/faults-truth.test.ts",
];

/** Vitest's own order, but of each project the files that take longest come first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map((each) => each.project.name))];
    return projects.flatMap((name) => sorted.filter((each) => each.project.name === name).sort((a, b) => rank(a) - rank(b)));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const at = longest.indexOf(path.relative(project.config.root, moduleId).split(path.sep).join("/"));
  return at < 0 ? longest.length : at;
}
