import type { Contract } from "../contracts/rules";
import type { Db } from "../db/pool";
import { type Instant, seconds } from "../time";
import { changeOf, type Origin, type ProducerChange } from "./origins.rules";
import { selectOrigins } from "./origins.sql";

type Service = { sourceId: string; service: string };
/** A group as one zone sees it; `deploy`: of its consumer, just before the first message. */
type Failing = {
  zoneId: string;
  groupId: number;
  eventType: string;
  openN: number;
  firstAt: Instant;
  lastAt: Instant;
  deploy: object | null;
};

/** How groups' messages came, by what they were asked as; kept by who asks in every round. */
export type KeptOrigins = Map<string, { openN: number; lastAt: Instant; until: Instant; origin: Origin | null }>;

// A sample reads that many messages: it stands for a minute, or up to two, so that not all are due at once.
const STANDS_S = 60;
// Of more than this a few messages more change nothing of what a sample says.
const FEW = 500;

type Asked<F> = {
  contracts: readonly Contract[];
  sources: readonly Service[];
  failing: readonly F[];
  kept?: KeptOrigins;
  now?: Instant;
};

/** Says of failures that no deploy of their consumer explains whether they began with their producer. */
export async function withProducers<F extends Failing>(
  db: Db,
  { contracts, sources, failing, kept = new Map(), now = 0 }: Asked<F>,
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
    const as = [one.groupId, sourceId, service, one.firstAt].join(" ");
    return [{ one, as, known, groupId: one.groupId, sourceId, service, began: one.firstAt }];
  });
  const origins = await originsOf(db, asked, kept, now);
  return failing.map((one) => {
    const of = asked.find((each) => each.one === one);
    const origin = of && origins.get(of.as)?.origin;
    return { ...one, producer: of && origin ? changeOf(of, origin) : null };
  });
}

type Question = { one: Failing; as: string; groupId: number; sourceId: string; service: string; began: Instant };

/** The origins that are asked for: those that stand, the others read anew; what is not asked for any more is forgotten. */
async function originsOf(db: Db, asked: readonly Question[], kept: KeptOrigins, now: Instant): Promise<KeptOrigins> {
  const stands = ({ as, one }: Question): boolean => {
    const old = kept.get(as);
    if (!old || now >= old.until) return false;
    return Math.min(old.openN, one.openN) > FEW || (old.openN === one.openN && old.lastAt === one.lastAt);
  };
  const due = asked.filter((one) => !stands(one));
  const read = await selectOrigins(db, due);
  const names = new Set(asked.map(({ as }) => as));
  for (const as of kept.keys()) if (!names.has(as)) kept.delete(as);
  for (const { as, one } of due)
    kept.set(as, {
      openN: one.openN,
      lastAt: one.lastAt,
      until: now + seconds(STANDS_S + (one.groupId % STANDS_S)),
      origin: read.find((each) => each.as === as) ?? null,
    });
  return kept;
}
