import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { connectionOf } from "../platform/tls";

export type Listener = { close: () => Promise<void> };
export type ListenerCallbacks = {
  /** What was told, as often as it is told. */
  onTold: (payload: string) => void;
  /** We listen from here on; what was told before is lost. */
  onUp: () => void;
  onDown: (error: unknown) => void;
};

const RETRY_MS_MAX = 10_000;
// A pooler stays where it is until somebody gives another address.
const RETRY_POOLED_MS = 300_000;
// A connection that dies without a word is found out by a question that nobody answers.
const ASK_EVERY_MS = 15_000;
const ANSWER_WITHIN_MS = 5_000;

/** Listens on a channel of the store until closed, on one connection of its own. A lost one is opened anew: soon at first, then ever more slowly. */
export function listen(url: string, channel: string, applicationName: string, callbacks: ListenerCallbacks): Listener {
  const closing = new AbortController();
  const { signal } = closing;
  const following = (async () => {
    let failures = 0;
    let pauseMs = 0;
    while (!signal.aborted) {
      const up = () => {
        failures = 0;
        callbacks.onUp();
      };
      await untilLost(url, channel, applicationName, { ...callbacks, onUp: up }, signal).catch((error) => {
        if (!signal.aborted) callbacks.onDown(error);
        pauseMs = error instanceof Pooled ? RETRY_POOLED_MS : Math.min(RETRY_MS_MAX, 100 * 2 ** failures++);
      });
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  })();
  return {
    close: async () => {
      closing.abort();
      await following;
    },
  };
}

/** Behind a pooler a session that listens is given to others, and what it is told is lost. */
export class Pooled extends Error {}

async function refusePooler(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  // A pooler hands out process numbers of its own.
  if (rows[0]!.pid !== (client as pg.Client & { processID: number }).processID)
    throw new Pooled(
      "A pooler lies before the store, and cannot carry LISTEN: screens ask by the clock. Name an address that goes around it in DATABASE_DIRECT_URL.",
    );
}

async function untilLost(
  url: string,
  channel: string,
  applicationName: string,
  callbacks: ListenerCallbacks,
  signal: AbortSignal,
): Promise<never> {
  const client = new pg.Client({
    ...connectionOf(url),
    application_name: applicationName,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
  });
  let asking: ReturnType<typeof setInterval> | undefined;
  const lost = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new Error("The connection that listens has ended.")));
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    asking = setInterval(() => client.query("select 1").catch(reject), ASK_EVERY_MS);
  });
  lost.catch(() => {});
  try {
    client.on("notification", ({ payload }) => callbacks.onTold(payload ?? ""));
    await Promise.race([client.connect(), lost]);
    await Promise.race([refusePooler(client), lost]);
    await Promise.race([client.query(`listen ${pg.escapeIdentifier(channel)}`), lost]);
    callbacks.onUp();
    return await lost;
  } finally {
    clearInterval(asking);
    // Nobody waits for the goodbye of a connection that may be dead.
    client.end().catch(() => {});
  }
}
