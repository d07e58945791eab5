import { existsSync } from "node:fs";
import path from "node:path";
import { openStore } from "../db/pool";
import { onAskedToEnd } from "../launch/ending";
import { openProcessGroup } from "../launch/process-group";
import { production, program, web } from "../launch/programs";
import { root } from "../launch/root";
import { startProblems } from "../launch/rules";
import { firstAdministrator } from "../operators/first";
import { storeAddress } from "../platform/tls";

// The worker finishes what it has begun on a source; a supervisor usually waits for 10 s before it kills.
const STOP_MS_MAX = 9_000;

/** `npm start`: web and worker of one machine. Ends when either ends, so that a supervisor starts both anew. */
async function main(): Promise<void> {
  const problems = startProblems(process.env, (file) => existsSync(path.resolve(root, file)));
  if (problems.length > 0) {
    for (const problem of problems) console.error(problem);
    process.exit(1);
  }
  await sayFirstAdministrator();
  const processGroup = openProcessGroup();
  const stopped = new Promise<void>((resolve) => onAskedToEnd(resolve));
  const env = { ...process.env, ...production };
  processGroup.start({ name: "web", args: web(Number(process.env.PORT || 3000), process.env.HOST), env });
  processGroup.start({ name: "worker", args: program("worker"), env });
  const death = await Promise.race([processGroup.died, stopped]);
  if (death) console.error(`${death.name} ${death.how}; stopping.`);
  await processGroup.stop(STOP_MS_MAX);
  process.exit(death ? 1 : 0);
}

/** A store that cannot be asked yet is said and waited for by web and worker: it keeps nobody from starting. */
async function sayFirstAdministrator(): Promise<void> {
  const store = openStore(storeAddress(process.env)!, 1, "accord start");
  try {
    for (const line of await firstAdministrator(store.db, process.env)) console.log(line);
  } catch (error) {
    console.error(`The store does not answer for its people (${(error as Error).message}): is it migrated (npm run migrate)?`);
  } finally {
    await store.close();
  }
}

await main();
