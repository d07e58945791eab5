import type { Contract } from "../contracts/rules";
import type { Db } from "../db/pool";
import { withProducers } from "../dead-letters/origins";
import { sagaCauses } from "../sagas/causes";
import type { SourceStatus } from "../sources/read.sql";
import { type Instant, seconds } from "../time";
import { selectParkedCauses, type ZoneGroups } from "./causes.sql";
import { type Found, waitingCauses } from "./found";
import { withQueues } from "./queues.rules";
import { withThroughput } from "./throughput";
import { withUpstream } from "./upstream";

type Asked = {
  contracts: readonly Contract[];
  sources: readonly SourceStatus[];
  largest: readonly ZoneGroups[];
  found: Found;
  now: Instant;
};

/** What is wrong in each zone, and what of it follows from what. */
export async function selectCauses(db: Db, { contracts, sources, largest, found, now }: Asked) {
  // Younger than this is work under way, not a cause.
  const beforeOf = (windowMs: number) => now - Math.min(seconds(10), windowMs * 0.2);
  const [parked, waiting, sagas] = await Promise.all([
    selectParkedCauses(
      db,
      largest.filter(({ zoneId }) => contracts.some((contract) => contract.zoneId === zoneId)),
      now,
    ),
    waitingCauses(
      db,
      contracts.map(({ zoneId, expectation }) => ({ zoneId, before: beforeOf(expectation.windowMs) })),
      found,
    ),
    sagaCauses(db, contracts, now),
  ]);
  const windowOf = new Map(contracts.map(({ zoneId, expectation }) => [zoneId, expectation.windowMs]));
  const beforeIn = (zoneId: string) => beforeOf(windowOf.get(zoneId)!);
  const [producers, upstream] = await Promise.all([
    withProducers(db, { contracts, sources, failing: parked, kept: found.origins, now }),
    withUpstream(db, contracts, await withThroughput(db, withQueues(waiting, contracts, sources), now), beforeIn),
  ]);
  return { parked: producers, ...upstream, sagas };
}
