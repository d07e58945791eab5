import { existsSync } from "node:fs";
import path from "node:path";
import { onAskedToEnd } from "../launch/ending";
import { openFamily, root } from "../launch/family";
import { production, program, web } from "../launch/programs";
import { startProblems } from "../launch/rules";

// The worker finishes what it has begun on a source; a supervisor usually waits for 10 s before it kills.
const STOP_MS_MAX = 9_000;

/** `npm start`: web and worker of one machine. Ends when either ends, so that a supervisor starts both anew. */
async function main(): Promise<void> {
  const problems = startProblems(process.env, (file) => existsSync(path.resolve(root, file)));
  if (problems.length > 0) {
    for (const problem of problems) console.error(problem);
    process.exit(1);
  }
  const family = openFamily();
  const stopped = new Promise<void>((resolve) => onAskedToEnd(resolve));
  const env = { ...process.env, ...production };
  family.start({ name: "web", args: web(Number(process.env.PORT || 3000), process.env.HOST), env });
  family.start({ name: "worker", args: program("lib/worker/main.ts"), env });
  const death = await Promise.race([family.died, stopped]);
  if (death) console.error(`${death.name} ${death.how}; stopping.`);
  await family.stop(STOP_MS_MAX);
  process.exit(death ? 1 : 0);
}

await main();
