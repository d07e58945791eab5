import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";

// "nobody": exists everywhere as a number, whether or not a user of that name does.
const NOBODY = 65534;

/** How PostgreSQL, which refuses to run as root, is run: as ourselves, as another user, or as root that calls itself nobody. */
export type Identity = { kind: "self" } | { kind: "user"; uid: number; gid: number } | { kind: "namespace" };

/** Who runs PostgreSQL on this data directory: its owner if it exists, else nobody where nobody can reach the files. */
export function identityFor(dataDir: string, programs: string[]): Identity {
  if (process.getuid?.() !== 0) return { kind: "self" };
  if (existsSync(path.join(dataDir, "PG_VERSION"))) {
    const { uid, gid } = statSync(dataDir);
    return uid === 0 ? { kind: "namespace" } : { kind: "user", uid, gid };
  }
  const reachable = [path.dirname(dataDir), ...programs].every(
    (file) => spawnSync("test", ["-x", file], { uid: NOBODY, gid: NOBODY, cwd: "/" }).status === 0,
  );
  return reachable ? { kind: "user", uid: NOBODY, gid: NOBODY } : { kind: "namespace" };
}

/** The command, arguments and spawn options that run a program under an identity. */
export function runAs(
  identity: Identity,
  program: string,
  args: string[],
): { program: string; args: string[]; options: { uid?: number; gid?: number; cwd: string } } {
  // The caller's working directory may be closed to the other user.
  const cwd = path.parse(program).root;
  if (identity.kind === "self") return { program, args, options: { cwd } };
  if (identity.kind === "user") return { program, args, options: { uid: identity.uid, gid: identity.gid, cwd } };
  return {
    program: "unshare",
    args: ["--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, program, ...args],
    options: { cwd },
  };
}
