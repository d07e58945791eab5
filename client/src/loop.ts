import { failureOf } from "./failure.js";

/** Something that repeats until it is stopped; `stop` lets what runs end. */
export type Loop = { stop(): Promise<void> };

/** Repeats the work: at once while there is more of it than a `few`, else after a rest. Never twice at the same time; it must not throw. */
export function loop(restMs: number | (() => number), work: () => Promise<number>, few = 0): Loop {
  let stopped = false;
  let wake: () => void = () => {};
  const running = (async () => {
    while (!stopped) {
      const done = await work();
      if (stopped || done > few) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, typeof restMs === "number" ? restMs : restMs());
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    stop() {
      stopped = true;
      wake();
      return running;
    },
  };
}

/** Work with the rest after it: doubling from `restMs` to at most `mostMs` while it fails, so that who is away is not asked all the time. */
export function patient(
  restMs: number,
  mostMs: number,
  work: () => Promise<number>,
): { work: () => Promise<number>; rest: () => number } {
  let failed = 0;
  return {
    rest: () => Math.max(restMs, Math.min(restMs * 2 ** failed, mostMs)),
    async work() {
      failed += 1;
      const done = await work();
      failed = 0;
      return done;
    },
  };
}

/**
 * Does work that may fail: one trouble must not stop the rest. Each is told once, and once more when it is over; a failure counts as no work done, and
 * one that `stopping` brought about as no trouble.
 */
export function troubleTeller(tell: (line: string) => void) {
  const troubles = new Map<string, string>();
  return async (what: string, work: () => Promise<number>, stopping?: AbortSignal): Promise<number> => {
    try {
      const done = await work();
      if (troubles.delete(what)) tell(`${what} works again`);
      return done;
    } catch (error) {
      if (stopping?.aborted && error instanceof Error && error.name === "AbortError") return 0;
      const message = hinted(failureOf(error).message);
      if (troubles.get(what) !== message) tell(`${what}: ${message}`);
      troubles.set(what, message);
      return 0;
    }
  };
}

// What a new service meets first, said with what helps.
function hinted(message: string): string {
  if (/"messaging(\.\w+)?" does not exist/.test(message))
    return `${message}: this database lacks the tables of @accord/client/schema.sql`;
  if (/permission denied for (schema messaging|table \w+)/.test(message))
    return `${message}: serviceGrants(role) has what its owner must grant`;
  return message;
}
