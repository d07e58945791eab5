import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "../platform/process";
import { type Embedded, ensureEmbedded, stopEmbedded } from "./embedded";

let folder: string;
let dataDir: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "accord-embedded-"));
  chmodSync(folder, 0o755);
  dataDir = path.join(folder, "pg");
});
afterEach(async () => {
  await stopEmbedded(dataDir);
  // Of the test whose data folder this is.
  rmSync(`${folder}.password`, { force: true });
  rmSync(folder, { recursive: true, force: true });
});

const module = new URL("./embedded.ts", import.meta.url).href;

/** The answer of another Node process that asked for the same server. */
async function elsewhere(more = ""): Promise<Embedded> {
  const script = `const { ensureEmbedded } = await import(${JSON.stringify(module)}); console.log(JSON.stringify(await ensureEmbedded({ dataDir: ${JSON.stringify(dataDir)} }))); ${more}`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    "--input-type=module",
    "--eval",
    script,
  ]).catch((error) => error);
  return JSON.parse(stdout);
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test("of four processes at once, one starts the server and three attach to it", async () => {
  const answers = await Promise.all([elsewhere(), elsewhere(), elsewhere(), elsewhere()]);
  expect(answers.filter((answer) => answer.started)).toHaveLength(1);
  expect(new Set(answers.map((answer) => `${answer.pid} ${answer.url}`)).size).toBe(1);
});

test("a server that was killed comes back with its rows", async () => {
  const first = await ensureEmbedded({ dataDir });
  await query(first.url, "create table kept as select n from generate_series(1, 1000) n");
  process.kill(first.pid, "SIGKILL");
  const second = await ensureEmbedded({ dataDir });
  expect(second).toMatchObject({ started: true });
  expect(second.pid).not.toBe(first.pid);
  expect(await query(second.url, "select count(*)::int as rows from kept")).toEqual([{ rows: 1000 }]);
});

test("a server whose starter was killed is adopted", async () => {
  const orphan = await elsewhere('process.kill(process.pid, "SIGKILL")');
  expect(await ensureEmbedded({ dataDir })).toEqual({ ...orphan, started: false });
});

test("a lock that a dead starter left behind delays nobody", async () => {
  const { pid } = await new Promise<{ pid: number }>((resolve) => {
    const child = execFile(process.execPath, ["--version"], () => resolve({ pid: child.pid! }));
  });
  writeFileSync(`${dataDir}.lock`, String(pid));
  expect(await ensureEmbedded({ dataDir })).toMatchObject({ started: true });
});

test("stopping ends the process, and says when there was none", async () => {
  const { pid } = await ensureEmbedded({ dataDir });
  expect(await stopEmbedded(dataDir)).toBe(true);
  expect(isAlive(pid)).toBe(false);
  expect(await stopEmbedded(dataDir)).toBe(false);
});

test("the password is in a file that only its owner reads, and without it nobody gets in", async () => {
  const { url } = await ensureEmbedded({ dataDir });
  expect(statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
  const guess = new URL(url);
  guess.password = "postgres";
  await expect(query(guess.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
  writeFileSync(`${dataDir}.password`, "lost");
  await expect(ensureEmbedded({ dataDir })).rejects.toThrow(/pg\.password does not open the database/);
});

test("a folder that holds something else is refused, not overwritten", async () => {
  dataDir = folder;
  writeFileSync(path.join(folder, "letter.txt"), "dear");
  await expect(ensureEmbedded({ dataDir })).rejects.toThrow(/is neither empty nor a PostgreSQL data directory/);
});

test.runIf(process.getuid?.() === 0)("root gets a server in a folder that nobody else can enter", async () => {
  chmodSync(folder, 0o700);
  const { url } = await ensureEmbedded({ dataDir });
  expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(statSync(dataDir).uid).toBe(0);
});
