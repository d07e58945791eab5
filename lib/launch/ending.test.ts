import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../db/testing";
import { root } from "./root";

let folder: string;
let said: string;
let shell: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "accord-ending-"));
  said = path.join(folder, "said");
});
afterEach(() => {
  process.kill(Number(heard().split("\n")[0]), "SIGKILL");
  rmSync(folder, { recursive: true });
});

const heard = () => readFileSync(said, "utf8");

/** A program in a shell, as npm runs it; writes its number when it runs, and `asked` when it is asked to end. */
async function run(npm: Record<string, string>): Promise<void> {
  const program = path.join(folder, "program.ts");
  writeFileSync(
    program,
    `import { appendFileSync } from "node:fs";
     import { onAskedToEnd } from ${JSON.stringify(path.join(import.meta.dirname, "ending.ts"))};
     onAskedToEnd(() => appendFileSync(${JSON.stringify(said)}, "asked\\n"));
     setInterval(() => {}, 1000);
     appendFileSync(${JSON.stringify(said)}, process.pid + "\\n");`,
  );
  writeFileSync(said, "");
  const { npm_lifecycle_event: _, ...env } = process.env;
  // The second command keeps the shell from becoming the program.
  shell = spawn("/bin/sh", ["-c", `"${process.execPath}" --import tsx "${program}"; true`], {
    cwd: root,
    stdio: "ignore",
    env: { ...env, ...npm } as NodeJS.ProcessEnv,
  });
  await until(async () => heard().endsWith("\n"), { withinMs: 10_000 });
}

test("under npm, a program notices that its shell was asked to end", async () => {
  await run({ npm_lifecycle_event: "start" });
  shell.kill("SIGTERM");
  await until(async () => heard().endsWith("\nasked\n"));
});

test("without npm, a program outlives the shell that started it, and listens to signals once", async () => {
  await run({});
  const pid = Number(heard());
  shell.kill("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(heard()).toBe(`${pid}\n`);
  process.kill(pid, "SIGTERM");
  process.kill(pid, "SIGINT");
  await until(async () => heard() === `${pid}\nasked\n`);
});
