import { describe, test } from "vitest";
import { frameworkStory, frameworks } from "./frameworks.testing";

describe.each(frameworks)("a real worker of $preset", (framework) => {
  test(
    "fails 60 jobs, which are seen, grouped, retried as one operation and carried out by it, though it and Accord's worker are killed on the way",
    () => frameworkStory(framework, { jobsN: 60, killsN: 1 }),
    120_000,
  );
});
