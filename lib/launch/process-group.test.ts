import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../db/testing";
import { isAlive } from "../platform/process";
import { openProcessGroup } from "./process-group";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "accord-process-group-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const waits = ["--eval", "setInterval(() => {}, 1000)"];
const ignoring = ["--eval", "process.on('SIGTERM', () => {}); console.log('ignoring'); setInterval(() => {}, 1000)"];

test("the first death is told with its name, and the others are stopped on request", async () => {
  const processGroup = openProcessGroup();
  const web = processGroup.start({ name: "web", args: waits, env: process.env });
  processGroup.start({ name: "worker", args: ["--eval", "process.exit(3)"], env: process.env });
  expect(await processGroup.died).toEqual({ name: "worker", how: "exited with 3" });
  await processGroup.stop();
  expect(isAlive(web.pid!)).toBe(false);
});

test("a member that does not listen is ended after its time, and its output is kept", async () => {
  const processGroup = openProcessGroup();
  const logFile = path.join(folder, "ignoring.log");
  const child = processGroup.start({ name: "ignoring", args: ignoring, env: process.env, logFile });
  await until(async () => readFileSync(logFile, "utf8") === "ignoring\n");
  await processGroup.stop(200);
  expect(child.signalCode).toBe("SIGKILL");
});

test("members die with their parent, even when it is killed", async () => {
  const parent = path.join(folder, "parent.ts");
  const processGroup = new URL("./process-group.ts", import.meta.url).href;
  writeFileSync(
    parent,
    `import { openProcessGroup } from ${JSON.stringify(processGroup)};\nprocess.send!(openProcessGroup().start({ name: "web", args: ${JSON.stringify(waits)}, env: process.env }).pid);\n`,
  );
  const child = fork(parent, { execArgv: ["--import", import.meta.resolve("tsx")] });
  const pid = await new Promise<number>((resolve) => child.once("message", (message) => resolve(message as number)));
  expect(isAlive(pid)).toBe(true);
  child.kill("SIGKILL");
  await until(async () => !isAlive(pid));
});
