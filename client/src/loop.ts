/** Something that repeats until it is stopped; `stop` lets what runs end. */
export type Loop = { stop(): Promise<void> };

/** Repeats the work: at once while there is more of it than a `few`, else after a rest. Never twice at the same time; it must not throw. */
export function loop(restMs: number, work: () => Promise<number>, few = 0): Loop {
  let stopped = false;
  let wake: () => void = () => {};
  const running = (async () => {
    while (!stopped) {
      const done = await work();
      if (stopped || done > few) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, restMs);
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

/** Does work that may fail: one trouble must not stop the rest. Each is told once, and once more when it is over; a failure counts as no work done. */
export function troubleTeller(tell: (line: string) => void) {
  const troubles = new Map<string, string>();
  return async (what: string, work: () => Promise<number>): Promise<number> => {
    try {
      const done = await work();
      if (troubles.delete(what)) tell(`${what} works again`);
      return done;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (troubles.get(what) !== message) tell(`${what}: ${message}`);
      troubles.set(what, message);
      return 0;
    }
  };
}
