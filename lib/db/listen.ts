import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

export type Listener = { close: () => Promise<void> };
export type Ears = {
  /** What was told, as often as it is told. */
  onTold: (payload: string) => void;
  /** We listen from here on; what was told before is lost. */
  onUp: () => void;
  onDown: (error: unknown) => void;
};

const RETRY_MS_MAX = 10_000;
// A connection that dies without a word is found out by a question that nobody answers.
const ASK_EVERY_MS = 15_000;
const ANSWER_WITHIN_MS = 5_000;

/** Listens on a channel of the store until closed, on one connection of its own. A lost one is opened anew: soon at first, then ever more slowly. */
export function listen(url: string, channel: string, applicationName: string, ears: Ears): Listener {
  const closing = new AbortController();
  const { signal } = closing;
  const following = (async () => {
    let failures = 0;
    while (!signal.aborted) {
      const up = () => {
        failures = 0;
        ears.onUp();
      };
      await untilLost(url, channel, applicationName, { ...ears, onUp: up }, signal).catch((error) => {
        if (!signal.aborted) ears.onDown(error);
      });
      await sleep(Math.min(RETRY_MS_MAX, 100 * 2 ** failures++), undefined, { signal }).catch(() => {});
    }
  })();
  return {
    close: async () => {
      closing.abort();
      await following;
    },
  };
}

async function untilLost(url: string, channel: string, applicationName: string, ears: Ears, signal: AbortSignal): Promise<never> {
  const client = new pg.Client({
    connectionString: url,
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
    client.on("notification", ({ payload }) => ears.onTold(payload ?? ""));
    await Promise.race([client.connect(), lost]);
    await Promise.race([client.query(`listen ${pg.escapeIdentifier(channel)}`), lost]);
    ears.onUp();
    return await lost;
  } finally {
    clearInterval(asking);
    // Nobody waits for the goodbye of a connection that may be dead.
    client.end().catch(() => {});
  }
}
