import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Attempt } from "./service.js";
import type { Database, Sql } from "./sql.js";

/** A handler's failure, as dead letters tell it. */
export type Failure = { type: string; message: string; stack: string | null };

/** What was thrown, in words. Frames name files below the working directory, not places on a machine. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { type: "Error", message: String(error), stack: null };
  const stack = error.stack
    ?.replaceAll(/file:\/\/[^\s):]+/g, (url) => fileURLToPath(url))
    .replaceAll(`${process.cwd()}${path.sep}`, "");
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

// Connection exceptions (08), shutdowns and terminated backends (57P), too many connections and no memory (53), not accepting connections (55000).
const SAID_BY_DATABASE = /^(08|57P|53)...?$|^55000$/;
const SAID_BY_DRIVER = /Connection terminated|timeout exceeded when trying to connect|not queryable/;

/** How work in a transaction ended: with what it answered, or with what it threw. */
export type Ended<T> = { ok: true; value: T } | { ok: false; error: unknown };

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

function saidSo(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return (
    (typeof code === "string" && SAID_BY_DATABASE.test(code)) || (typeof message === "string" && SAID_BY_DRIVER.test(message))
  );
}
