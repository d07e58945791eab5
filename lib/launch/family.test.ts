import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAlive } from "../db/postgres/process";
import { until } from "../db/testing";
import { openFamily } from "./family";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "accord-family-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const waits = ["--eval", "setInterval(() => {}, 1000)"];
const deaf = ["--eval", "process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)"];

test("the first death is told with its name, and the others are stopped on request", async () => {
  const family = openFamily();
  const web = family.start({ name: "web", args: waits, env: process.env });
  family.start({ name: "worker", args: ["--eval", "process.exit(3)"], env: process.env });
  expect(await family.died).toEqual({ name: "worker", how: "exited with 3" });
  await family.stop();
  expect(isAlive(web.pid!)).toBe(false);
});

test("a member that does not listen is ended after its time, and its output is kept", async () => {
  const family = openFamily();
  const logFile = path.join(folder, "deaf.log");
  const child = family.start({ name: "deaf", args: deaf, env: process.env, logFile });
  await until(async () => readFileSync(logFile, "utf8") === "deaf\n");
  await family.stop(200);
  expect(child.signalCode).toBe("SIGKILL");
});

test("members die with their parent, even when it is killed", async () => {
  const parent = path.join(folder, "parent.ts");
  const family = new URL("./family.ts", import.meta.url).href;
  writeFileSync(
    parent,
    `import { openFamily } from ${JSON.stringify(family)};\nprocess.send!(openFamily().start({ name: "web", args: ${JSON.stringify(waits)}, env: process.env }).pid);\n`,
  );
  const child = fork(parent, { execArgv: ["--import", import.meta.resolve("tsx")] });
  const pid = await new Promise<number>((resolve) => child.once("message", (message) => resolve(message as number)));
  expect(isAlive(pid)).toBe(true);
  child.kill("SIGKILL");
  await until(async () => !isAlive(pid));
});
