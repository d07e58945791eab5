import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { until } from "../db/testing";
import { freePort } from "../platform/port";

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The program that ALERTMANAGER names, or the first on the PATH. One that is named and not there is an error of whoever named it. */
export function alertmanagerProgram(): string | null {
  const named = process.env.ALERTMANAGER;
  if (named) {
    if (!isProgram(named)) throw new Error(`ALERTMANAGER names ${named}, which is no program.`);
    return named;
  }
  const files = (process.env.PATH ?? "")
    .split(path.delimiter)
    .flatMap((folder) => ["alertmanager", "prometheus-alertmanager"].map((name) => path.join(folder, name)));
  return files.find(isProgram) ?? null;
}

/** What Alertmanager says of an alert that it holds: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. */
export type Held = {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  updatedAt: string;
  generatorURL?: string;
};
/** What it tells whom it is configured to tell. */
export type Passed = { status: "firing" | "resolved"; labels: Record<string, string> };

/** Alertmanager itself, alone and on this machine, which passes on at once what it is told, so that its receiver's word counts as well. */
export async function startAlertmanager(program: string) {
  const passed: Passed[] = [];
  const receiver = http.createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    passed.push(...(JSON.parse(body) as { alerts: Passed[] }).alerts);
    response.end();
  });
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  const folder = mkdtempSync(path.join(tmpdir(), "accord-alertmanager-"));
  const config = path.join(folder, "alertmanager.yml");
  writeFileSync(
    config,
    `route: { receiver: us, group_by: ["..."], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - { name: us, webhook_configs: [{ url: "http://127.0.0.1:${(receiver.address() as AddressInfo).port}/", send_resolved: true }] }
`,
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [`--config.file=${config}`, `--storage.path=${folder}`, `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn(program, [...args, "--cluster.listen-address="], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  const ended = once(child, "close");
  const stop = async () => {
    child.kill();
    await ended;
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const held = async (): Promise<Held[]> => (await fetch(`${url}/api/v2/alerts`)).json() as Promise<Held[]>;
  try {
    await until(async () => (await fetch(`${url}/-/ready`)).ok);
  } catch (error) {
    await stop();
    throw new Error(`Alertmanager did not begin: ${said}`, { cause: error });
  }
  return { url, held, passed, stop };
}
