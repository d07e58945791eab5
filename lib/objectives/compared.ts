import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { bucketAt, levels, noCounts } from "./counting.rules";
import { addCounts } from "./sql";

/** Counts what a run compared, for zones of which nothing records deliveries: keys that agreed, and keys that differ though their window has ended. */
export const addCompared = (
  tx: Db,
  { zoneId, rule }: { zoneId: string; rule: string },
  at: Instant,
  { agreedN, differN }: { agreedN: number; differN: number },
): Promise<void> =>
  addCounts(
    tx,
    levels.flatMap((level) =>
      ["", rule].map((eventType) => ({
        ...{ level, zoneId, measure: "comparison" as const, consumer: "", eventType, at: bucketAt(at, level) },
        ...{ ...noCounts, keptN: agreedN, missedN: differN },
      })),
    ),
  );
