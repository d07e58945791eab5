import { readFileSync } from "node:fs";
import path from "node:path";
import { faults, runningFaults, startFault, stopFault } from "./faults";

const USAGE = "npm run fault -- list | start <name> [--for 3m] | stop <name>";
const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Where the estate runs: what the launcher wrote down, unless the environment says otherwise. */
function adminUrl(): string {
  if (process.env.ACCORD_ADMIN_URL) return process.env.ACCORD_ADMIN_URL;
  try {
    const written: { adminUrl: string } = JSON.parse(readFileSync(path.join(import.meta.dirname, "../.data/demo.json"), "utf8"));
    return written.adminUrl;
  } catch {
    throw new Error("No estate is known here: start one with `npm run demo`, or name its cluster in ACCORD_ADMIN_URL.");
  }
}

/** `90s`, `3m`, `1h` in milliseconds. */
export function durationMs(text: string): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  if (!count || !unit) throw new Error(`"${text}" is no duration: write 90s, 3m or 1h.`);
  return Number(count) * UNIT_MS[unit]!;
}

async function list(): Promise<string> {
  const running = new Map((await runningFaults(adminUrl())).map((each) => [each.name, each]));
  return faults
    .map(({ name, story }) => {
      const now = running.get(name as string);
      const state = now
        ? `RUNNING since ${now.startedAt.toISOString()}${now.until ? ` until ${now.until.toISOString()}` : ""}`
        : "off";
      return `${name.padEnd(22)}${state}\n    ${story}`;
    })
    .join("\n");
}

async function run([verb, name, flag, duration]: string[]): Promise<string> {
  if (verb === "list" && !name) return list();
  if (verb === "start" && name && (flag === undefined || (flag === "--for" && duration))) {
    const forMs = duration ? durationMs(duration) : undefined;
    await startFault(name, adminUrl(), { forMs });
    return `${name} runs${duration ? ` for ${duration}` : ` until: npm run fault -- stop ${name}`}.`;
  }
  if (verb === "stop" && name && flag === undefined)
    return (await stopFault(name, adminUrl())) ? `${name} is stopped.` : `${name} was not running.`;
  throw new Error(`Usage: ${USAGE}`);
}

/** A failure in the words of somebody who typed a command. */
function words(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === "3D000") return "There is no estate on this cluster: start one with `npm run demo`.";
  if (code === "ECONNREFUSED") return "The estate's database does not answer: is `npm run demo` running?";
  return message;
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(import.meta.dirname, "fault.ts"))
  run(process.argv.slice(2)).then(
    (line) => console.log(line),
    (error) => {
      console.error(words(error));
      process.exitCode = 1;
    },
  );
