import type { ChildProcess } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { alivePage, type Login, lineLog, processes as productProcesses } from "../demo/environment";
import { type Estate, startEstate } from "../demo/estate";
import { namesOf } from "../demo/install";
import { asAdmin, databaseUrl } from "../demo/kit/cluster";
import { definitions, onFrameworks } from "../demo/services";
import { stopEmbedded } from "../lib/db/embedded";
import { scratchFolder } from "../lib/db/scratch.testing";
import { until } from "../lib/db/testing";
import { waitForAnswer } from "../lib/launch/answer";
import { buildIfStale } from "../lib/launch/build";
import { openProcessGroup, type ProcessGroup } from "../lib/launch/process-group";
import { root } from "../lib/launch/root";
import { freePort } from "../lib/platform/port";
import { copyGolden, furnished, login } from "./golden";

/** Folders of products; each name begins with the number of the process that made it. */
export const productsFolder = path.join(scratchFolder(), "products");

/** Names the folder of the cluster that products begin with; without one, each makes its own. */
export const goldenEnv = "ACCORD_TEST_GOLDEN";

/** Builds the pages unless somebody did; when somebody is at it, waits. */
export const pages = () => buildIfStale(path.join(root, ".data/test/build.log"));

export type ProcessName = "web" | "worker";

export type ProductOptions = {
  /** More settings for web and worker. */
  env?: Record<string, string>;
  /** Which processes run from the beginning; both by default. */
  processes?: ProcessName[];
  /** Business actions a second; 0 runs no services, and their databases stay as they are installed. */
  rate?: number;
  /** The traffic's seed. */
  seed?: number;
};

export type Product = {
  url: string;
  /** Its cluster and its logs. */
  folder: string;
  login: Login;
  /** The superuser's address on the product's own cluster: its store is the database accord, the services' are beside it. */
  adminUrl: string;
  /** The store as web and worker see it. */
  storeUrl: string;
  /** The number of a process that runs. */
  pid: (name: ProcessName) => number;
  /** Ends a process in the hardest way; `start` brings it back. */
  kill: (name: ProcessName) => Promise<void>;
  start: (name: ProcessName) => Promise<void>;
  /** Starts services with so many business actions a second, where none run. */
  trade: (rate: number) => Promise<void>;
  /** Lets the services finish what is under way, and ends them: nothing happens in the estate any more. */
  standStill: () => Promise<void>;
  stop: () => Promise<void>;
};

let products = 0;

/** A whole product with an estate of its own, on a database server of its own, so that a story may break anything. Stop it. */
export async function startProduct({
  env = {},
  processes = ["web", "worker"],
  rate = 20,
  seed = 1,
}: ProductOptions = {}): Promise<Product> {
  const folder = path.join(productsFolder, `${process.pid}-${++products}`);
  mkdirSync(folder, { recursive: true });
  const logFile = (name: string) => path.join(folder, `${name}.log`);
  const dataDir = path.join(folder, "pg");
  const endings: (() => Promise<unknown>)[] = [
    async () => rmSync(folder, { recursive: true, force: true }),
    () => stopEmbedded(dataDir),
  ];
  const stop = async () => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    await pages();
    const golden = process.env[goldenEnv];
    if (golden) await copyGolden(golden, folder);
    const [{ adminUrl, storeUrl, estateEnv }, port] = await Promise.all([furnished(folder), freePort()]);
    const members = productProcesses({ storeUrl, estateEnv, port, secret: "a-secret-for-stories-of-32-letters", env, logFile });
    const running = new Map<ProcessName, { processGroup: ProcessGroup; child: ChildProcess }>();
    endings.push(() => Promise.all([...running.values()].map(({ processGroup }) => processGroup.stop(3_000))));
    const start = async (name: ProcessName) => {
      const processGroup = openProcessGroup();
      running.set(name, { processGroup, child: processGroup.start(members[name]) });
      if (name === "web") await waitForAnswer(alivePage(port), processGroup.died);
    };
    const kill = async (name: ProcessName) => {
      running.get(name)?.child.kill("SIGKILL");
      await running.get(name)?.processGroup.stop();
    };
    let services: Estate | undefined;
    const trade = async (rate: number) => {
      services = await startEstate({ adminUrl, rate, seed, log: lineLog(logFile("estate")) });
    };
    endings.push(async () => services?.stop());
    const standStill = async () => {
      services?.closeShop();
      await until(() => nothingUnderWay(adminUrl), { withinMs: 120_000, everyMs: 200 });
      await services?.stop();
    };
    if (rate > 0) await trade(rate);
    const pid = (name: ProcessName) => running.get(name)!.child.pid!;
    await Promise.all(processes.map(start));
    return { url: `http://localhost:${port}`, folder, login, adminUrl, storeUrl, pid, kill, start, trade, standStill, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether every event of the estate is published, and what was published, or is a job, is done or put aside. */
async function nothingUnderWay(adminUrl: string): Promise<boolean> {
  const none = (database: string, from: string) =>
    asAdmin(
      databaseUrl(adminUrl, database),
      async (client) => (await client.query(`select from ${from} limit 1`)).rowCount === 0,
    );
  for (const { database } of definitions)
    if (!(await none(database, "messaging.outbox where published_at is null"))) return false;
  for (const { database, framework } of onFrameworks) if (!(await none(database, framework.underWay))) return false;
  return none(namesOf().broker, "delivery");
}
