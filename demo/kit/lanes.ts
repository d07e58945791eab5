import { chance } from "./random";

// As many as a service has connections to its database.
const LANES = 2;

/** Works through a batch in parallel lanes; what has the same key keeps its order. */
export async function inLanes<T>(batch: T[], keyOf: (each: T) => string, work: (each: T) => Promise<void>): Promise<void> {
  const lanes: T[][] = Array.from({ length: LANES }, () => []);
  for (const each of batch) lanes[Math.floor(chance(keyOf(each)) * LANES)]!.push(each);
  // A lane that fails must not leave the other one working unseen.
  const ends = await Promise.allSettled(
    lanes.map(async (lane) => {
      for (const each of lane) await work(each);
    }),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
