import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import path from "node:path";
import { root } from "./root";

const exitWithParent = path.join(import.meta.dirname, "exit-with-parent.cjs");

export type Member = {
  name: string;
  /** Arguments of node: a program and its own arguments. */
  args: string[];
  env: Record<string, string | undefined>;
  /** Where its output goes; ours by default. */
  logFile?: string;
};

export type Death = { name: string; how: string };

/** Child processes that live and die together. `died` tells of the first one that ended unasked. */
export type ProcessGroup = {
  start: (member: Member) => ChildProcess;
  died: Promise<Death>;
  stop: (withinMs?: number) => Promise<void>;
};

/** Opens a group without members. Each runs in its own process group, so that Ctrl-C reaches only us and we say in which order things end. */
export function openProcessGroup(): ProcessGroup {
  const members = new Map<ChildProcess, Promise<void>>();
  let stopping = false;
  let tell: (death: Death) => void = () => {};
  const died = new Promise<Death>((resolve) => {
    tell = resolve;
  });

  function start({ name, args, env, logFile }: Member): ChildProcess {
    const output = logFile ? openSync(logFile, "a", 0o600) : "inherit";
    const child = spawn(process.execPath, ["--require", exitWithParent, ...args], {
      cwd: root,
      env: env as NodeJS.ProcessEnv,
      detached: process.platform !== "win32",
      stdio: ["ignore", output, output, "ipc"],
    });
    if (typeof output === "number") closeSync(output);
    const ended = new Promise<void>((resolve) => {
      const end = (how: string) => {
        members.delete(child);
        if (!stopping) tell({ name, how });
        resolve();
      };
      child.once("error", (error) => end(error.message));
      child.once("exit", (code, signal) => end(signal ? `ended by ${signal}` : `exited with ${code}`));
    });
    members.set(child, ended);
    return child;
  }

  async function stop(withinMs = 5_000): Promise<void> {
    stopping = true;
    const ends = [...members.values()];
    for (const child of members.keys()) child.kill("SIGTERM");
    const impatience = setTimeout(() => {
      for (const child of members.keys()) child.kill("SIGKILL");
    }, withinMs);
    await Promise.all(ends);
    clearTimeout(impatience);
  }

  return { start, died, stop };
}
