import pg from "pg";
import type { Capabilities, OpenRefs, Redelivery, Source } from "../../source";
import { insertRedeliveries, markDiscarded, selectRedeliveries } from "./act.sql";
import { type Cursor, lookPage } from "./look";
import { selectRechecked } from "./recheck.sql";
import { selectSteps } from "./saga.sql";

export type NativeOptions = { url: string; actUrl: string; schema: string; act: boolean; applicationName?: string };

const capabilities: Capabilities = {
  outbox: true,
  inbox: true,
  held: true,
  deadLetters: true,
  sagas: true,
  redeliver: true,
  discard: true,
};

// On production's database a slow answer is worse than none: a look that takes longer is given up and shown as failing.
const STATEMENT_TIMEOUT_MS = 5_000;

/** A source that writes Accord's native tables: one connection to observe, one to act, both opened when first needed. */
export function nativeSource(options: NativeOptions): Source {
  const observer = poolOf(options.url, `${options.applicationName ?? "accord"} observe`);
  const actor = options.act ? poolOf(options.actUrl, `${options.applicationName ?? "accord"} act`) : null;
  const { schema } = options;
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>) =>
    inTransaction(observer, "begin isolation level repeatable read read only", work);
  const acting = <T>(work: (client: pg.ClientBase) => Promise<T>) => {
    if (!actor) throw new Error("This source is observed only: act is false in accord.yaml.");
    return inTransaction(actor, "begin", work);
  };
  return {
    capabilities: options.act ? capabilities : { ...capabilities, redeliver: false, discard: false },
    look: (cursor, pageSize) => reading((client) => lookPage(client, schema, cursor as Cursor | null, pageSize)),
    recheck: (refs: OpenRefs) => reading((client) => selectRechecked(client, schema, refs)),
    steps: (sagaIds) => reading((client) => selectSteps(client, schema, sagaIds)),
    redeliver: async (wishes: readonly Redelivery[]) => {
      await acting((client) => insertRedeliveries(client, schema, wishes));
      return reading((client) => selectRedeliveries(client, schema, wishes));
    },
    discard: (letters, reason) => acting((client) => markDiscarded(client, schema, letters, reason)),
    redeliveries: (wishes) =>
      reading(async (client) => ({
        sourceNow: (await client.query<{ now: number }>("select (extract(epoch from clock_timestamp()) * 1000)::float8 as now"))
          .rows[0]!.now,
        states: await selectRedeliveries(client, schema, wishes),
      })),
    close: async () => {
      await Promise.all([observer.end(), actor?.end()]);
    },
  };
}

function poolOf(url: string, applicationName: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: applicationName,
    connectionTimeoutMillis: 3_000,
    // Above statement_timeout, so it fires only when the server never answers.
    query_timeout: STATEMENT_TIMEOUT_MS + 2_000,
    keepAlive: true,
  });
  pool.on("error", () => {});
  // One that is checked out tells its end by an event of its own, beside the query that fails; unheard, it would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

async function inTransaction<T>(pool: pg.Pool, begin: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query(
      `${begin}; set local statement_timeout = ${STATEMENT_TIMEOUT_MS}; set local lock_timeout = 1000; set local idle_in_transaction_session_timeout = 10000; set local jit = off; set local timezone = 'UTC'`,
    );
    const value = await work(client);
    await client.query("commit");
    return value;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    // A connection that failed in an unknown state is not given to the next look.
    client.release(failure && !("code" in failure && /^[0-9A-Z]{5}$/.test(String(failure.code))) ? failure : undefined);
  }
}
