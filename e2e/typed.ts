import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../lib/launch/root";

/** A block of a page that its reader types: into a shell, or as SQL on one of the servers. */
export type Typed = { language: "sh" | "sql"; on: string | null; text: string };

/** The blocks of a page that are marked as typed (```sh typed, ```sql typed <server>), with the reader's own values in the place of <names>. */
export function typedBlocks(page: string, values: Record<string, string>): Typed[] {
  const text = readFileSync(path.join(root, page), "utf8");
  return [...text.matchAll(/^( *)```(sh|sql) typed(?: (\w+))?\n([\s\S]*?)^\1```/gm)].map(([, indent, language, on, body]) => ({
    language: language as "sh" | "sql",
    on: on ?? null,
    text: filled(body!.replaceAll(new RegExp(`^${indent}`, "gm"), ""), values),
  }));
}

function filled(text: string, values: Record<string, string>): string {
  return text.replaceAll(/(?<!<)<([a-z][\w @.]*)>/g, (_, name: string) => {
    if (values[name] === undefined) throw new Error(`The page asks for <${name}>, which nobody knows.`);
    return values[name];
  });
}

/** A shell that is typed into; `said` is everything that it printed. */
export type Shell = {
  said: () => string;
  /** Types a block and waits until it is done; gives what it printed, or throws that when it failed. */
  type: (text: string) => Promise<string>;
  /** Types a block whose last command stays. */
  leave: (text: string) => void;
  stop: () => Promise<void>;
};

/** Opens a shell in a folder, with nothing in its environment but what a login gives. */
export function openShell(folder: string): Shell {
  const { PATH, HOME, LANG } = process.env;
  const child = spawn("/bin/bash", ["--noprofile", "--norc"], {
    cwd: folder,
    env: { PATH, HOME, LANG } as unknown as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let heard = "";
  let tell = () => {};
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => {
      heard += data;
      tell();
    });
  let typedN = 0;
  const type = async (text: string) => {
    const from = heard.length;
    const mark = `typed-${++typedN}-ended`;
    child.stdin.write(`set -e; trap 'echo ${mark} 1' EXIT\n${text}\ntrap - EXIT; echo ${mark} 0\n`);
    const line = new RegExp(`${mark} (\\d)\\n`);
    await new Promise<void>((resolve) => {
      tell = () => line.test(heard) && resolve();
    });
    const printed = heard.slice(from).replace(line, "");
    if (!heard.includes(`${mark} 0`)) throw new Error(`${text}\n\nprinted\n\n${printed}`);
    return printed;
  };
  return { said: () => heard, type, leave: (text) => void child.stdin.write(text), stop: () => stopGroup(child, ended) };
}

// The shell's own group: npm and what it runs are asked together, as by Ctrl-C.
async function stopGroup(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGTERM");
  child.stdin?.end();
  await ended;
}
