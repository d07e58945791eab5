import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../platform/port";
import { until } from "./testing";

const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"].find((file) => existsSync(file));

/** Whether PgBouncer is installed here; without it nothing can be promised about it. */
export const hasPooler = program !== undefined;

/** PgBouncer in transaction mode before the server of an address, for logins with their passwords. `through` gives an address that leads through it. */
export async function startPooler(
  serverUrl: string,
  logins: Record<string, string>,
): Promise<{ through: (url: string) => string; stop: () => Promise<void> }> {
  const { hostname, port: serverPort } = new URL(serverUrl);
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), "accord-pooler-"));
  const users = path.join(folder, "users.txt");
  writeFileSync(
    users,
    Object.entries(logins)
      .map(([user, password]) => `"${user}" "${password}"\n`)
      .join(""),
  );
  writeFileSync(
    path.join(folder, "pgbouncer.ini"),
    `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = 4
${process.getuid?.() === 0 ? "user = nobody\n" : ""}`,
  );
  // As root it goes on as somebody else, who has to read its files.
  chmodSync(folder, 0o755);
  const child = spawn(program!, ["-q", path.join(folder, "pgbouncer.ini")], { stdio: "ignore", cwd: "/" });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await until(() => answers(port));
  return {
    through: (url) => Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).href,
    stop: async () => {
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    const ended = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once("connect", () => ended(true)).once("error", () => ended(false));
  });
