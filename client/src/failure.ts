import path from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { storable } from "./message.js";
import type { Attempt } from "./service.js";
import type { Database, Sql } from "./sql.js";

/** A handler's failure, as dead letters tell it. */
export type Failure = { type: string; message: string; stack: string | null };

// What a person reads; a whole answer of a server would be kept with each attempt.
const MESSAGE_MAX = 8_000;
const STACK_MAX = 32_000;

/** What was thrown, whatever it is, in words that the database takes. Frames name files below the working directory, not places on a machine. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { type: "Error", message: cut(wordsOf(error), MESSAGE_MAX), stack: null };
  const stack =
    typeof error.stack === "string"
      ? error.stack.replaceAll(/file:\/\/[^\s):]+/g, pathOf).replaceAll(`${process.cwd()}${path.sep}`, "")
      : null;
  return {
    type: cut(wordsOf(error.name), 200) || "Error",
    message: cut(wordsOf(error.message), MESSAGE_MAX),
    stack: stack && cut(stack, STACK_MAX),
  };
}

function wordsOf(thrown: unknown): string {
  return typeof thrown === "object" && thrown !== null ? inspect(thrown, { depth: 2, breakLength: 120 }) : String(thrown);
}

const cut = (text: string, most: number): string => {
  const whole = storable(text);
  return whole.length > most ? `${storable(whole.slice(0, most))}… (${whole.length - most} more characters)` : whole;
};

// A frame may name a place that is no path here.
function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
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

// Connection exceptions (08), shutdowns and terminated backends (57P), too many connections and no memory (53), not accepting connections (55000).
const SAID_BY_DATABASE = /^(08|57P|53)...?$|^55000$/;
const SAID_BY_DRIVER = /Connection terminated|timeout exceeded when trying to connect|not queryable/;

/** How work in a transaction ended: with what it answered, or with what it threw. */
type Ended<T> = { ok: true; value: T } | { ok: false; error: unknown };

/**
 * Does work in a transaction. Throws when the database was away, which says nothing about the work: the server or the driver said so, the
 * transaction could not even be taken back, or the database does not answer now. It is asked, since work that calls others sees refused connections
 * as well.
 */
export async function endedIn<Tx extends Sql, T>(database: Database<Tx>, work: (tx: Tx) => Promise<T>): Promise<Ended<T>> {
  let thrown: { error: unknown } | undefined;
  const noted = async (tx: Tx) => {
    thrown = undefined;
    try {
      return await work(tx);
    } catch (error) {
      thrown = { error };
      throw error;
    }
  };
  try {
    return { ok: true, value: await database.transaction(noted) };
  } catch (error) {
    if (chainOf(error).some(tookTooLong) && (await answers(database))) return { ok: false, error };
    if (thrown && !chainOf(error).includes(thrown.error)) throw error;
    if (chainOf(error).some(saidSo) || !(await answers(database))) throw error;
    return { ok: false, error: thrown?.error ?? error };
  }
}

const answers = (database: Sql): Promise<boolean> =>
  database.query("select 1").then(
    () => true,
    () => false,
  );

// Mappers wrap what the driver threw.
function chainOf(error: unknown, depth = 0): unknown[] {
  if (typeof error !== "object" || error === null || depth > 4) return [error];
  return [error, ...("cause" in error ? chainOf(error.cause, depth + 1) : [])];
}

/** Whether the server ended a session since its work was idle, or open, for longer than is allowed: that is the work's failure, not the database's. */
export const tookTooLong = (error: unknown): boolean =>
  /^25P0[34]$/.test(String((error as { code?: unknown } | null | undefined)?.code));

function saidSo(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return (
    (typeof code === "string" && SAID_BY_DATABASE.test(code)) || (typeof message === "string" && SAID_BY_DRIVER.test(message))
  );
}
