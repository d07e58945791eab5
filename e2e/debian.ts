import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ensureEmbedded, stopEmbedded } from "../lib/db/embedded";
import { freePort } from "../lib/platform/port";

const bin = "/usr/lib/postgresql/15/bin";
const NOBODY = 65534;
const PASSWORD = "superuser-of-a-test";

/** Whether Debian's PostgreSQL 15 is installed here; without it the server that comes with the product stands in. */
export const hasDebian = existsSync(path.join(bin, "postgres"));

/** A server with nothing in it but its superuser; on loopback, with passwords. */
export async function startServer(folder: string): Promise<{ url: string; version: string; stop: () => Promise<void> }> {
  const data = path.join(folder, "pg");
  if (!hasDebian) {
    const { url } = await ensureEmbedded({ dataDir: data });
    return { url, version: "18", stop: async () => void (await stopEmbedded(data)) };
  }
  mkdirSync(data);
  writeFileSync(`${data}.password`, PASSWORD);
  const root = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root.
  if (root) chownSync(data, NOBODY, NOBODY);
  chmodSync(folder, 0o755);
  const who = root ? { uid: NOBODY, gid: NOBODY } : {};
  const run = (program: string, ...args: string[]): void => {
    const options = { ...who, cwd: "/", env: { LC_ALL: "C.UTF-8" } as never };
    execFileSync(path.join(bin, program), args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  };
  const port = await freePort();
  run("initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${data}.password`, "-E", "UTF8", "--no-sync");
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories='' -c fsync=off`;
  run("pg_ctl", "-D", data, "-w", "-l", path.join(data, "log"), "-o", options, "start");
  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    version: "15",
    stop: async () => run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"),
  };
}
