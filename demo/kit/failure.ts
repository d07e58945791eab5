import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Attempt } from "./broker";

/** A handler's failure, as dead letters tell it. */
export type Failure = { type: string; message: string; stack: string | null };

const root = path.join(import.meta.dirname, "../..");

/** What was thrown, in words. Frames name files of this repository, not places on a machine. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { type: "Error", message: String(error), stack: null };
  const stack = error.stack?.replaceAll(/file:\/\/[^\s):]+/g, (url) => fileURLToPath(url)).replaceAll(`${root}${path.sep}`, "");
  return { type: error.name, message: error.message, stack: stack ?? null };
}

/** One line of an attempt log. */
export function attemptOf(failure: Failure, startedAt: number): Attempt {
  return {
    at: new Date(startedAt).toISOString(),
    error_type: failure.type,
    error_message: failure.message,
    duration_ms: Date.now() - startedAt,
  };
}
