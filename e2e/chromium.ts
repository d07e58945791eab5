import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";

/** A browser to launch, and what must stand in its environment. */
export type Chromium = { executablePath: string; env: Record<string, string> };

const root = path.join(import.meta.dirname, "..");
const system = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
];

/** The browser named by CHROMIUM_PATH, else the system's, else the one that npm carries. */
export async function findChromium(): Promise<Chromium> {
  const named = process.env.CHROMIUM_PATH;
  if (named && !existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which does not exist.`);
  const executablePath = named || system.find((file) => existsSync(file));
  return executablePath ? { executablePath, env: {} } : carriedChromium();
}

/** The Chromium inside @sparticuz/chromium, with its own libraries and fonts: it needs nothing of the system, not even a font. Linux x64 only. */
export async function carriedChromium(): Promise<Chromium> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("No browser was found: install Chromium or Chrome, or set CHROMIUM_PATH.");
  const folder = path.join(root, `.data/chromium-${version()}`);
  if (!existsSync(folder)) await unpack(folder);
  return {
    executablePath: path.join(folder, "chromium"),
    env: { LD_LIBRARY_PATH: path.join(folder, "al2023/lib"), FONTCONFIG_FILE: path.join(folder, "fonts.conf") },
  };
}

// Unpacked aside and moved into place, because the package takes a half-written file of another process for a whole one.
async function unpack(folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    // The package reads both when it is imported: where to unpack, and that its libraries are wanted too. A child keeps them out of our environment.
    const env = { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" };
    const script = 'const { default: chromium } = await import("@sparticuz/chromium"); await chromium.executablePath();';
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { env, cwd: root });
    // Its own fonts.conf names a fixed folder that does not exist here, and without any font every page crashes.
    writeFileSync(
      path.join(draft, "fonts.conf"),
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`,
    );
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function version(): string {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const [home] = entry.split(`${path.sep}build${path.sep}`);
  return JSON.parse(readFileSync(path.join(home!, "package.json"), "utf8")).version;
}
