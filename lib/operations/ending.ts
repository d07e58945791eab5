import type { Db } from "../db/pool";
import { handOverKeys } from "../proofs/sql";
import { addCounts } from "../sources/counts.sql";
import type { Count } from "../sources/rules";
import type { Instant } from "../time";
import { countWithoutEffect } from "./effects.sql";
import { judgeAnswers } from "./guards";
import { type Ended, endItems } from "./sql";

/**
 * Writes how items ended, and hands the keys of what consumers dealt with over to be proven. What their consumers found old, or processed before, is counted apart: the poll meets it too, and a zone would
 * say that messages overtake each other.
 */
export async function endSent(
  tx: Db,
  sourceId: string,
  { operationId, chunk }: { operationId: number; chunk: number },
  ended: readonly Ended[],
  now: Instant,
): Promise<void> {
  const fresh = await endItems(tx, operationId, chunk, ended, now);
  const dealtWith = fresh.filter(({ outcome }) => ["succeeded", "duplicate", "stale"].includes(outcome)).map(({ item }) => item);
  await handOverKeys(tx, operationId, dealtWith, now);
  if (fresh.length > 0) await judgeAnswers(tx, operationId, fresh, now);
  const idle = fresh.filter(({ outcome }) => outcome === "stale" || outcome === "duplicate").map(({ item }) => item);
  if (idle.length === 0) return;
  const counts = (await countWithoutEffect(tx, operationId, idle)).map(({ outcome, ...count }): Count => {
    return { ...count, measure: `${outcome}_retried`, detail: "" };
  });
  await addCounts(tx, sourceId, counts, now);
}
