export type Loop = { stop(): Promise<void> };

/** Repeats the work: at once while there is more of it than a `few`, else after a rest. Never twice at the same time. */
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
