import { type Loop, loop } from "../../client/src";

/** What a service's process is told when its traffic is to end. */
export const CLOSE_SHOP = "close shop";

const BEAT_MS = 100;
// After a stall the missed customers do not come back all at once.
const OWED_MAX = 20;

/** Does the action so many times a second, on average, one after the other. */
export function atRate(perSecond: number, act: () => Promise<number>): Loop {
  let owed = 0;
  let last = performance.now();
  return loop(BEAT_MS, async () => {
    const now = performance.now();
    owed = Math.min(owed + ((now - last) / 1_000) * perSecond, OWED_MAX);
    last = now;
    for (; owed >= 1; owed--) await act();
    return 0;
  });
}
