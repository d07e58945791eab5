import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { releaseLock, takeLock } from "../platform/lock-file";
import { isAlive } from "../platform/process";
import { secretFile } from "../platform/secret-file";
import { type Binaries, binaries } from "./postgres/binaries";
import { createCluster } from "./postgres/cluster";
import { identityFor } from "./postgres/identity";
import { type Postmaster, runningPostmaster } from "./postgres/process";
import { logTail, startServer } from "./postgres/server";

const START_MS_MAX = 45_000;
// After kill -9 the server's children live on for a moment, and every start fails until the last has gone.
const STARTS_MAX = 20;
const STOP_MS_MAX = 15_000;

export type EmbeddedOptions = {
  /** The data directory; beside it lie its log, lock and password files. */
  dataDir: string;
  /** Asked for when a server is started; a running one keeps its own. Any free one by default. */
  port?: number;
  maxConnections?: number;
  /** More server settings, as in postgresql.conf. */
  settings?: Record<string, string>;
  log?: (line: string) => void;
};

/** A running server: `url` is its superuser's, on the database postgres; `started` is false when somebody else had started it. */
export type Embedded = { url: string; port: number; pid: number; started: boolean };

/** A real PostgreSQL on loopback: started if none runs on this data directory, attached to otherwise. It outlives us until `stopEmbedded`. */
export async function ensureEmbedded({
  dataDir: given,
  port,
  maxConnections = 200,
  settings = {},
  log = () => {},
}: EmbeddedOptions): Promise<Embedded> {
  const dataDir = path.resolve(given);
  mkdirSync(path.dirname(dataDir), { recursive: true });
  const password = secretFile(`${dataDir}.password`);
  const all = { max_connections: String(maxConnections), shared_preload_libraries: "pg_stat_statements", ...settings };
  const deadline = Date.now() + START_MS_MAX;
  let started = false;
  let starts = 0;
  while (Date.now() < deadline && starts < STARTS_MAX) {
    const running = runningPostmaster(dataDir);
    if (running) {
      const url = `postgres://postgres:${password}@127.0.0.1:${running.port}/postgres`;
      if (running.ready && (await answers(url, dataDir))) return { url, port: running.port, pid: running.pid, started };
      await sleep(20);
    } else if (takeLock(`${dataDir}.lock`, START_MS_MAX)) {
      try {
        started = await start(dataDir, password, all, port, deadline);
        log(started ? `PostgreSQL started on ${dataDir}` : `PostgreSQL did not start (${++starts}): ${logTail(dataDir)}`);
        if (!started) await sleep(250);
      } finally {
        releaseLock(`${dataDir}.lock`);
      }
    } else {
      await sleep(20);
    }
  }
  throw new Error(`PostgreSQL did not start on ${dataDir}; its log ends with: ${logTail(dataDir)}`);
}

/** Stops the server on this data directory, closing its connections; false when none runs. */
export async function stopEmbedded(given: string): Promise<boolean> {
  const dataDir = path.resolve(given);
  const running = runningPostmaster(dataDir);
  if (!running) return false;
  askToStop(dataDir, running, binaries());
  const deadline = Date.now() + STOP_MS_MAX;
  // Its file goes a moment before the process does.
  while (isAlive(running.pid, "postgres")) {
    if (Date.now() > deadline)
      throw new Error(`PostgreSQL on ${dataDir} (process ${running.pid}) did not stop within ${STOP_MS_MAX / 1_000} s.`);
    await sleep(10);
  }
  return true;
}

// A signal, because pg_ctl refuses to run as root; Windows has no such signal, but no such root either.
function askToStop(dataDir: string, { pid }: Postmaster, { pgCtl }: Binaries): void {
  if (process.platform === "win32") spawnSync(pgCtl, ["stop", "-D", dataDir, "-m", "fast"], { windowsHide: true });
  else process.kill(pid, "SIGINT");
}

async function start(
  dataDir: string,
  password: string,
  settings: Record<string, string>,
  port: number | undefined,
  deadline: number,
): Promise<boolean> {
  // Somebody may have started it between our look and our lock.
  if (runningPostmaster(dataDir)) return false;
  const programs = binaries();
  const identity = identityFor(dataDir, [programs.initdb, programs.postgres]);
  createCluster(dataDir, password, programs, identity);
  return startServer(dataDir, settings, programs, identity, port, deadline);
}

async function answers(connectionString: string, dataDir: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01: wrong password. It will not become right by waiting.
    if ((error as { code?: string }).code !== "28P01") return false;
    throw new Error(
      `The password in ${dataDir}.password does not open the database in ${dataDir}: restore the file, or delete both.`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => {});
  }
}
