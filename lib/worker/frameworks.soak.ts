import { describe, test } from "vitest";
import { frameworkStory, frameworks } from "./frameworks.testing";

describe.each(frameworks)("a real worker of $preset", (framework) => {
  test(
    "fails 500 jobs, which are seen, grouped, retried as one operation and carried out by it, though it and Accord's worker are killed five times on the way",
    () => frameworkStory(framework, { jobsN: 500, killsN: 5 }),
    600_000,
  );
});
