import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { openStore } from "../db/pool";
import { openLog } from "../log";
import { storeAddress } from "../platform/tls";
import { startClock } from "./clock";
import { tasksOf } from "./tasks";
import { Work } from "./work";

// Unique per process: two workers of one name would share leases that are meant to keep them apart.
const workerId = `${hostname().slice(0, 40)}-${process.pid}-${randomBytes(3).toString("hex")}`;

async function main(): Promise<void> {
  const url = storeAddress(process.env);
  if (!url) {
    console.error("DATABASE_URL is missing: the worker does not know its store.");
    process.exitCode = 1;
    return;
  }
  const log = openLog("worker");
  const store = openStore(url, 10, "accord worker");
  const work = new Work({
    db: store.db,
    workerId,
    configPath: process.env.ACCORD_CONFIG ?? "accord.yaml",
    env: process.env,
    log,
    startedAt: Date.now(),
  });
  const clock = startClock(tasksOf(work), (name, error) =>
    log.error({ fault: error, task: name }, "task failed; it is tried again at its next turn"),
  );
  log.info({ workerId }, "worker started");

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await clock.stop();
    await work.close().catch((error) => log.error({ fault: error }, "the worker's leases run out by themselves"));
    await store.close();
    log.info("worker stopped");
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Started by a launcher: when that is gone, nobody would stop this worker.
  process.on("disconnect", stop);
}

await main();
