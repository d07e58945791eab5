import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Binaries } from "./binaries";
import { type Identity, runAs } from "./identity";

/** What PostgreSQL inherits: nothing of the caller's locale or settings. */
export const serverEnv: NodeJS.ProcessEnv = {
  NODE_ENV: process.env.NODE_ENV,
  PATH: process.env.PATH,
  SystemRoot: process.env.SystemRoot,
  LC_ALL: "C",
  TZ: "UTC",
};

/** Makes a new cluster in `dataDir` unless one is there. It appears whole or not at all, so that an interrupted start leaves no half cluster. */
export function createCluster(dataDir: string, password: string, programs: Binaries, identity: Identity): void {
  if (existsSync(path.join(dataDir, "PG_VERSION"))) return;
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0)
    throw new Error(`${dataDir} is neither empty nor a PostgreSQL data directory: move it away, or choose another.`);
  const draft = `${dataDir}.new-${process.pid}`;
  const passwordFile = `${draft}.password`;
  try {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (identity.kind === "user") for (const file of [draft, passwordFile]) chownSync(file, identity.uid, identity.gid);
    initdb(draft, passwordFile, programs, identity);
    moveIntoPlace(draft, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

function initdb(dir: string, passwordFile: string, programs: Binaries, identity: Identity): void {
  // The builtin locale sorts the same on every system, whatever the caller's LANG says; with LC_ALL=C alone the encoding would be SQL_ASCII.
  const locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];
  const run = runAs(identity, programs.initdb, [
    "-D",
    dir,
    "-U",
    "postgres",
    "--pwfile",
    passwordFile,
    "-A",
    "scram-sha-256",
    "--no-sync",
    ...locale,
  ]);
  const done = spawnSync(run.program, run.args, { ...run.options, env: serverEnv, encoding: "utf8" });
  if (done.status === 0) return;
  const reason = (done.error?.message ?? done.stderr).trim();
  if (identity.kind !== "namespace") throw new Error(`PostgreSQL could not create ${dir}: ${reason}`);
  throw new Error(
    `PostgreSQL does not run as root, and this system did not let root act as somebody else (${reason}): run as a normal user, or keep this folder where every user can reach it.`,
  );
}

function moveIntoPlace(draft: string, dataDir: string): void {
  if (existsSync(dataDir) && readdirSync(dataDir).length === 0) rmSync(dataDir, { recursive: true });
  try {
    renameSync(draft, dataDir);
  } catch (error) {
    // Somebody else's cluster came first; it has the same password.
    if (!existsSync(path.join(dataDir, "PG_VERSION"))) throw error;
  }
}
