import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureEmbedded, stopEmbedded } from "../lib/db/embedded";
import { waitForAnswer } from "../lib/launch/answer";
import { buildIfStale, isBuilt } from "../lib/launch/build";
import { bundlePrograms } from "../lib/launch/bundles";
import { onAskedToEnd } from "../lib/launch/ending";
import { openProcessGroup } from "../lib/launch/process-group";
import { root } from "../lib/launch/root";
import { generatePassword } from "../lib/operators/password.rules";
import { freePort } from "../lib/platform/port";
import { secretFile } from "../lib/platform/secret-file";
import { alivePage, lineLog, prepareStore, processes } from "./environment";
import { startEstate } from "./estate";
import { startFirstFault } from "./first-fault";
import { installEstate } from "./install";
import { holdDemo } from "./only-one";
import { printedSteps } from "./steps";

const data = path.join(root, ".data");
const dataDir = path.join(data, "pg");
const demoFile = path.join(data, "demo.json");
const logFile = (name: string) => path.join(data, "logs", `${name}.log`);
const FIRST_FAULT_AFTER_MS = 60_000;

const processGroup = openProcessGroup();
const step = printedSteps(console.log);
// What has been started, the last first: it ends in this order.
const endings: (() => unknown)[] = [];

async function run(): Promise<void> {
  console.log(isBuilt() ? "\nAccord's demo starts.\n" : "\nAccord's demo starts. The first time takes about a minute.\n");
  mkdirSync(path.join(data, "logs"), { recursive: true });
  const login = { email: "admin@demo.example", password: secretFile(path.join(data, "demo.password"), generatePassword) };
  const adminUrl = await startDatabase();
  const [storeUrl, estate] = await Promise.all([
    step("store", "migrated", () => prepareStore(adminUrl, login)),
    step("estate", "the services' databases are installed", () => installEstate(adminUrl)),
    step(
      "pages",
      ({ built }) => (built ? "built" : "built before"),
      async () => {
        await bundlePrograms();
        return buildIfStale(logFile("build"));
      },
    ),
  ]);
  const port = await freePort(Number(process.env.PORT || 3000));
  const url = `http://localhost:${port}`;
  const secret = secretFile(path.join(data, "nextauth.secret"));
  const members = processes({ storeUrl, estateEnv: estate.env, port, host: process.env.HOST, secret, logFile });
  writeFileSync(demoFile, JSON.stringify({ adminUrl, port, url, pid: process.pid }, null, 2), { mode: 0o600 });
  endings.unshift(() => rmSync(demoFile, { force: true }));
  await step("processes", "web, worker and the services run", async () => {
    endings.unshift(() => processGroup.stop());
    for (const member of Object.values(members)) processGroup.start(member);
    const services = await startEstate({ adminUrl, log: lineLog(logFile("estate")) });
    endings.unshift(() => services.stop());
    await waitForAnswer(alivePage(port), processGroup.died);
  });
  console.log(`\n  ${url}\n\n  Sign in as  ${login.email}\n  Password    ${login.password}\n`);
  console.log("  Logs are in .data/logs. Ctrl-C stops everything.\n");
  void firstFault(adminUrl);
  const { name, how } = await processGroup.died;
  throw new Error(`${name} ${how}; ${path.relative(root, logFile(name))} says why.`);
}

async function startDatabase(): Promise<string> {
  const { url } = await step(
    "database",
    ({ port }) => `PostgreSQL 18 on port ${port}`,
    () => ensureEmbedded({ dataDir }),
  );
  const other = await holdDemo(url, demoFile);
  if (other) throw new Error(`The demo already runs here: ${other}`);
  endings.unshift(() => stopEmbedded(dataDir));
  return url;
}

async function firstFault(adminUrl: string): Promise<void> {
  await sleep(FIRST_FAULT_AFTER_MS, undefined, { ref: false });
  if (ending) return;
  try {
    const line = await startFirstFault(adminUrl, path.join(data, "first-fault"));
    if (line) console.log(`  ${line}\n`);
  } catch (error) {
    console.error(`  The first fault did not start: ${(error as Error).message}`);
  }
}

let ending: Promise<void> | null = null;

function end(code: number): Promise<void> {
  ending ??= (async () => {
    for (const stop of endings) await stop();
    process.exit(code);
  })();
  return ending;
}

onAskedToEnd(() => {
  if (!ending) console.log("\n  Stopping …");
  void end(0);
});
run().catch((error: Error) => {
  if (ending) return;
  console.error(`\n  ${error.message}\n`);
  void end(1);
});
