import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { loop } from "../client/src";
import { program } from "../lib/launch/programs";
import { root } from "../lib/launch/root";
import { stopExpired } from "./faults";
import { CLOSE_SHOP } from "./kit/traffic";
import { everyService } from "./services";

export type EstateOptions = {
  adminUrl: string;
  /** Business actions a second, over the whole estate. */
  rate?: number;
  seed?: number;
  /** Names of the services to start; all by default. */
  only?: string[];
  prefix?: string;
  log?: (line: string) => void;
};

export type Estate = {
  stop(): Promise<void>;
  /** Ends the traffic: the services finish what is under way. */
  closeShop(): void;
  /** The running processes, by service. */
  pids(): Record<string, number>;
};

const RESTART_MS = 500;
const RESTART_MS_MAX = 10_000;
// Who has lived so long had a start worth counting as one.
const SETTLED_MS = 30_000;
const STOP_MS_MAX = 6_000;

/** Starts every service as a process of its own, starts a crashed one again, and ends faults whose time is over. */
export async function startEstate(options: EstateOptions): Promise<Estate> {
  const { adminUrl, prefix = "", only, log = () => {} } = options;
  const wanted = everyService.map((each) => each.name).filter((name) => !only || only.includes(name));
  const children = wanted.map((name) => supervise(name, options));
  const faults = loop(500, async () => {
    const ended = await stopExpired(adminUrl, { prefix }).catch(() => []);
    for (const name of ended) log(`estate: fault ${name} is over`);
    return 0;
  });
  return {
    async stop() {
      await Promise.all([faults.stop(), ...children.map((child) => child.stop())]);
    },
    closeShop() {
      for (const child of children) child.tell(CLOSE_SHOP);
    },
    pids: () => Object.fromEntries(wanted.flatMap((name, n) => (children[n]!.pid() ? [[name, children[n]!.pid()!]] : []))),
  };
}

function supervise(name: string, { adminUrl, prefix = "", rate = 20, seed = 1, log = () => {} }: EstateOptions) {
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();
  let again: NodeJS.Timeout | undefined;
  let crashes = 0;
  let stopping = false;

  const start = (): void => {
    const startedAt = Date.now();
    const started = spawn(process.execPath, program("demo-service", name), {
      cwd: root,
      env: { ...process.env, ACCORD_ADMIN_URL: adminUrl, DEMO_PREFIX: prefix, DEMO_RATE: String(rate), DEMO_SEED: String(seed) },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = started;
    for (const stream of [started.stdout, started.stderr]) createInterface({ input: stream! }).on("line", log);
    ended = new Promise((resolve) => {
      started.once("error", (error) => log(`${name}: ${error.message}`));
      started.once("close", (code, signal) => {
        child = null;
        resolve();
        if (stopping) return;
        crashes = Date.now() - startedAt > SETTLED_MS ? 0 : crashes + 1;
        const wait = Math.min(RESTART_MS * 2 ** Math.min(crashes, 8), RESTART_MS_MAX);
        log(`${name}: ended (${signal ?? code}), starts again in ${wait} ms`);
        again = setTimeout(start, wait);
      });
    });
  };

  start();
  return {
    pid: () => child?.pid,
    tell: (what: string) => child?.send(what),
    async stop() {
      stopping = true;
      clearTimeout(again);
      const running = child;
      if (!running) return;
      running.kill("SIGTERM");
      const hard = setTimeout(() => running.kill("SIGKILL"), STOP_MS_MAX);
      await ended;
      clearTimeout(hard);
    },
  };
}
