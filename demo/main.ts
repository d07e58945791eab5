import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureEmbedded, stopEmbedded } from "../lib/db/embedded";
import { waitForAnswer } from "../lib/launch/answer";
import { buildIfStale } from "../lib/launch/build";
import { openFamily, root } from "../lib/launch/family";
import { freePort } from "../lib/launch/port";
import { generatePassword } from "../lib/operators/password";
import { secretFile } from "../lib/secret-file";
import { startFirstFault } from "./first-fault";
import { installEstate } from "./install";
import { holdDemo } from "./only-one";
import { cast, prepareStore } from "./stage";
import { printedSteps } from "./steps";

const data = path.join(root, ".data");
const dataDir = path.join(data, "pg");
const demoFile = path.join(data, "demo.json");
const logFile = (name: string) => path.join(data, "logs", `${name}.log`);
const FIRST_FAULT_AFTER_MS = 60_000;

const family = openFamily();
const step = printedSteps(console.log);
// Adopting a demo that already runs must not end with stopping its database.
let ours = false;

async function run(): Promise<void> {
  mkdirSync(path.join(data, "logs"), { recursive: true });
  const login = { email: "admin@demo.example", password: secretFile(path.join(data, "demo.password"), generatePassword) };
  const built = step(
    "pages",
    () => buildIfStale(logFile("build")),
    ({ built }) => (built ? "built" : "built before"),
  );
  // Awaited below; until then its failure must not end the process unseen.
  built.catch(() => {});
  const cluster = await step(
    "database",
    () => ensureEmbedded({ dataDir }),
    ({ port }) => `PostgreSQL 18 on port ${port}`,
  );
  const other = await holdDemo(cluster.url, demoFile);
  if (other) throw new Error(`The demo already runs here: ${other}`);
  ours = true;
  const [storeUrl, estate] = await Promise.all([
    step(
      "store",
      () => prepareStore(cluster.url, login),
      () => "migrated",
    ),
    step(
      "estate",
      () => installEstate(cluster.url),
      () => "the services' databases are installed",
    ),
  ]);
  await built;

  const port = await freePort(Number(process.env.PORT || 3000));
  const url = `http://localhost:${port}`;
  writeFileSync(demoFile, JSON.stringify({ adminUrl: cluster.url, port, url, pid: process.pid }, null, 2), { mode: 0o600 });
  const secret = secretFile(path.join(data, "nextauth.secret"));
  const members = cast({ adminUrl: cluster.url, storeUrl, estateEnv: estate.env, port, host: process.env.HOST, secret, logFile });
  await step(
    "processes",
    async () => {
      for (const member of Object.values(members)) family.start(member);
      await waitForAnswer(`http://127.0.0.1:${port}/api/health`, family.died);
    },
    () => "web, worker and estate run",
  );
  console.log(
    `\n  ${url}\n\n  Sign in as  ${login.email}\n  Password    ${login.password}\n\n  Logs are in .data/logs. Ctrl-C stops everything.\n`,
  );
  void sleep(FIRST_FAULT_AFTER_MS, undefined, { ref: false })
    .then(() => startFirstFault(cluster.url, path.join(data, "first-fault")))
    .then((line) => line && console.log(`  ${line}\n`))
    .catch((error) => console.error(`  The first fault did not start: ${error.message}`));
  const { name, how } = await family.died;
  throw new Error(`${name} ${how}; ${path.relative(root, logFile(name))} says why.`);
}

let ending: Promise<void> | null = null;

function end(code: number): Promise<void> {
  ending ??= (async () => {
    await family.stop();
    if (ours) {
      await stopEmbedded(dataDir);
      rmSync(demoFile, { force: true });
    }
    process.exit(code);
  })();
  return ending;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!ending) console.log("\n  Stopping …");
    void end(0);
  });
}
run().catch((error: Error) => {
  if (ending) return;
  console.error(`\n  ${error.message}`);
  void end(1);
});
