import type { Contract } from "../contracts/rules";
import type { Db } from "../db/pool";
import { selectSourceStatuses } from "../sources/read.sql";
import type { DeployMark } from "../sources/sql";
import { type Instant, minutes, seconds } from "../time";
import { type Part, plain } from "../words";
import { type Change, originEvidence, originNext } from "./origin-words";
import { withProducers } from "./origins";
import type { StoredGroup } from "./sql";

type Group = Pick<StoredGroup, "groupId" | "openN" | "consumer" | "eventType" | "firstAt" | "lastAt">;

/** What of its producer a group's failures began with; null where nothing tells of that, or a deploy of the consumer does. */
export async function originOf(
  db: Db,
  group: Group,
  contracts: readonly Contract[],
  deploys: readonly DeployMark[],
): Promise<Change | null> {
  const [zone] = contracts;
  if (!zone || group.openN === 0) return null;
  const before = (at: Instant) => at > group.firstAt - minutes(30) && at < group.firstAt + seconds(30);
  const deploy = deploys.find(({ consumer, at }) => consumer === group.consumer && before(at)) ?? null;
  const sources = await selectSourceStatuses(db);
  const [found] = await withProducers(db, { contracts, sources, failing: [{ ...group, zoneId: zone.zoneId, deploy }] });
  const producer = found?.producer;
  return producer ? { ...producer, service: sources.find(({ sourceId }) => sourceId === producer.sourceId)!.service } : null;
}

/** How it is told on the group's page: what proves it, and what to do there. */
export const originWords = (origin: Change, { eventType, consumer }: Group, now: Instant): Part[] => [
  ...originEvidence(origin, eventType, now),
  plain(` To do: ${originNext(origin, consumer)}.`),
];
