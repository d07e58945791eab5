import { setMaxListeners } from "node:events";

/** What a beat ends with that has left something: the next one starts at once. */
export const MORE = Symbol("more");

/** A beat of something that must not overlap with itself: the next one starts `everyMs` after the last one started, or when it ends, with jitter. */
export type Task = { name: string; everyMs: number; run: (signal: AbortSignal) => Promise<unknown> };
export type Clock = { stop: () => Promise<void> };

// A tenth either way: many workers started together do not stay together.
const JITTER = 0.1;

/** Runs tasks until stopped. An error goes to `onError` and never ends the clock; `stop` waits for what is running. */
export function startClock(tasks: readonly Task[], onError: (name: string, error: unknown) => void): Clock {
  const abort = new AbortController();
  // Every task waits for the one signal; Node takes more than ten listeners for a leak.
  setMaxListeners(0, abort.signal);
  const loops = tasks.map((task) => loop(task, abort.signal, onError));
  return {
    stop: async () => {
      abort.abort();
      await Promise.allSettled(loops);
    },
  };
}

async function loop(task: Task, signal: AbortSignal, onError: (name: string, error: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      if ((await task.run(signal)) === MORE) continue;
    } catch (error) {
      if (!signal.aborted) onError(task.name, error);
    }
    const jittered = task.everyMs * (1 + JITTER * (2 * Math.random() - 1));
    await pause(Math.max(0, jittered - (performance.now() - startedAt)), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
