import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../platform/port";
import type { Binaries } from "./binaries";
import { serverEnv } from "./cluster";
import { type Identity, runAs } from "./identity";
import { runningPostmaster } from "./process";

const LOG_BYTES_MAX = 20_000_000;

/** Starts the server detached, and answers whether it became ready; false when it gave up, which its log explains. */
export async function startServer(
  dataDir: string,
  settings: Record<string, string>,
  programs: Binaries,
  identity: Identity,
  port: number | undefined,
  deadline: number,
): Promise<boolean> {
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const run = runAs(identity, programs.postgres, ["-D", dataDir, "-p", String(port ?? (await freePort())), ...flags]);
  const log = openLog(`${dataDir}.log`);
  const child = spawn(run.program, run.args, {
    ...run.options,
    env: serverEnv,
    detached: true,
    stdio: ["ignore", log, log],
    windowsHide: true,
  });
  closeSync(log);
  child.unref();
  let gone = false;
  child.once("error", () => {
    gone = true;
  });
  child.once("exit", () => {
    gone = true;
  });
  while (!gone && Date.now() < deadline) {
    if (runningPostmaster(dataDir)?.ready) return true;
    await sleep(10);
  }
  return false;
}

/** The end of the server's log, as one line for an error message. */
export function logTail(dataDir: string): string {
  const file = `${dataDir}.log`;
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(-4).join(" | ") : "no log";
}

function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) truncateSync(file);
  return openSync(file, "a", 0o600);
}
