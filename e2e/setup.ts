import type { ChildProcess } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { startEstate } from "../demo/estate";
import { installEstate } from "../demo/install";
import { alivePage, cast, type Login, lineLog, prepareStore } from "../demo/stage";
import { ensureEmbedded, stopEmbedded } from "../lib/db/embedded";
import { waitForAnswer } from "../lib/launch/answer";
import { type Family, openFamily, root } from "../lib/launch/family";
import { freePort } from "../lib/launch/port";

/** Folders of products; each name begins with the number of the process that made it. */
export const productsFolder = path.join(root, ".data/test/products");

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
    const { url: adminUrl } = await ensureEmbedded({ dataDir, settings: { fsync: "off", synchronous_commit: "off" } });
    const login = { email: "admin@story.example", password: "a-password-for-stories" };
    const [storeUrl, estate, port] = await Promise.all([prepareStore(adminUrl, login), installEstate(adminUrl), freePort()]);
    const members = cast({ storeUrl, estateEnv: estate.env, port, secret: "a-secret-for-stories-of-32-letters", env, logFile });
    const running = new Map<ProcessName, { family: Family; child: ChildProcess }>();
    endings.push(() => Promise.all([...running.values()].map(({ family }) => family.stop(3_000))));
    const start = async (name: ProcessName) => {
      const family = openFamily();
      running.set(name, { family, child: family.start(members[name]) });
      if (name === "web") await waitForAnswer(alivePage(port), family.died);
    };
    const kill = async (name: ProcessName) => {
      running.get(name)?.child.kill("SIGKILL");
      await running.get(name)?.family.stop();
    };
    if (rate > 0) {
      const services = await startEstate({ adminUrl, rate, seed, log: lineLog(logFile("estate")) });
      endings.push(() => services.stop());
    }
    const pid = (name: ProcessName) => running.get(name)!.child.pid!;
    await Promise.all(processes.map(start));
    return { url: `http://localhost:${port}`, login, adminUrl, storeUrl, pid, kill, start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
