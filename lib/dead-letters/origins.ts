import type { Contract } from "../contracts/rules";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { changeOf, type ProducerChange } from "./origins.rules";
import { selectOrigins } from "./origins.sql";

type Service = { sourceId: string; service: string };
/** A group as one zone sees it; `deploy`: of its consumer, just before the first message. */
type Failing = { zoneId: string; groupId: number; eventType: string; firstAt: Instant; deploy: object | null };

/** Says of failures that no deploy of their consumer explains whether they began with their producer. */
export async function withProducers<F extends Failing>(
  db: Db,
  contracts: readonly Contract[],
  sources: readonly Service[],
  failing: readonly F[],
): Promise<(F & { producer: ProducerChange | null })[]> {
  const asked = failing.flatMap((one) => {
    if (one.deploy) return [];
    const event = contracts
      .find(({ zoneId }) => zoneId === one.zoneId)
      ?.semantics.events.find(({ eventType }) => eventType === one.eventType);
    const producer = sources.find(({ sourceId }) => sourceId === event?.from);
    if (!event || !producer) return [];
    const { sourceId, service } = producer;
    const known = event.schema === null ? [] : [event.schema];
    return [{ one, known, groupId: one.groupId, sourceId, service, began: one.firstAt }];
  });
  const origins = await selectOrigins(db, asked);
  return failing.map((one) => {
    const of = asked.find((each) => each.one === one);
    const origin = of && origins.find(({ groupId }) => groupId === of.groupId);
    return { ...one, producer: of && origin ? changeOf(of, origin) : null };
  });
}
