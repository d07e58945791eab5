import type { ContractMap, Obliged } from "../contracts/map.rules";
import type { Db } from "../db/pool";
import type { Unresolved, ZoneKey } from "../facts/rules";
import { deleteUnresolved, deleteUnresolvedExcept, insertUnresolved } from "../facts/sql";
import type { ObjectiveTally } from "../objectives/tally";
import { lagOf, sinceOf } from "../sources/clocks.rules";
import type { HeldRow, InboxRow, OutboxRow, Poll } from "../sources/observable";
import type { Instant } from "../time";
import type { LagTally } from "./lags";
import { limits } from "./rules";
import { deliveryKey, insertSeen, takeSeen } from "./sql";

type About = {
  sourceId: string;
  map: ContractMap;
  offsets: { own: number; of: (sourceId: string | null) => number };
  now: Instant;
  /** What was kept and missed of what the contracts promise. */
  promises: ObjectiveTally;
  /** No other page of this poll follows. */
  last: boolean;
};
type Changed = { changed: ZoneKey[]; oddN: number };
type Recorded = Changed & {
  /** The event types that were published, one for each message. */
  published: string[];
};

/** Follows events from outbox to inbox: what is unpublished, undelivered and held, and the lags of what got through. */
export async function recordDeliveries(tx: Db, about: About, poll: Poll, tally: LagTally): Promise<Recorded> {
  const sent = await recordOutbox(tx, about, poll.outbox, tally);
  const processed = await recordInbox(tx, about, poll.inbox, tally);
  // What is held is read whole with every page: the last one says how it ended.
  const held = about.last ? await recordHeld(tx, about, poll.held, poll.heldAll) : { changed: [], oddN: 0 };
  return { ...sent, changed: [...sent.changed, ...processed, ...held.changed], oddN: sent.oddN + held.oddN };
}

async function recordOutbox(tx: Db, about: About, outbox: readonly OutboxRow[], tally: LagTally): Promise<Recorded> {
  const { sourceId, map, offsets, now } = about;
  const done = outbox.filter((row) => row.publishedAt !== null);
  const closed = await deleteUnresolved(
    tx,
    sourceId,
    "unpublished",
    done.map((row) => ({ consumer: "", ref: row.messageId })),
  );
  const wasOpen = new Set(closed.map((fact) => fact.ref));
  const published: string[] = [];
  for (const row of done) {
    // Sampled once: when it is first seen published, or leaves the open ones. Read anew, it was sampled in its time.
    if ((row.seen === "old" || row.seen === "again") && !wasOpen.has(row.messageId)) continue;
    published.push(row.eventType);
    const lag = lagOf({ at: row.writtenAt, offsetMs: offsets.own }, { at: row.publishedAt, offsetMs: offsets.own }, now);
    if (lag !== null) tally.finished(map.zonesOfRelay(sourceId, row.eventType), "publish", sourceId, lag);
  }
  const fresh = outbox.filter((row) => row.seen !== "old");
  // Known or not: what was published and is to be published again waits again.
  const waiting = outbox.filter((row) => row.publishedAt === null);
  const unpublished = waiting.flatMap((row) =>
    map
      .zonesOfRelay(sourceId, row.eventType)
      .map((zoneId) => factOf(about, row, { zoneId, sourceId, consumer: "" }, "unpublished", true)),
  );

  const owed = fresh.flatMap((row) => map.obliged(sourceId, row.eventType).map((to) => ({ row, to })));
  const seen = await takeSeen(
    tx,
    owed.map(({ row, to }) => ({ consumer: to.consumer, messageId: row.messageId })),
  );
  for (const { row, to } of owed) {
    const met = seen.get(deliveryKey({ consumer: to.consumer, messageId: row.messageId }));
    // What may have been met before is not counted again; a row that nobody told before cannot have been.
    if (!met || (met.counted && row.seen !== "new")) continue;
    const since = sinceOf(row.occurredAt, offsets.own, now).since;
    about.promises.converged({ ...to, eventType: row.eventType }, { since, processedAt: met.processedAt ?? now, missed: null });
  }
  const undelivered = owed
    .filter(({ row, to }) => !seen.has(deliveryKey({ consumer: to.consumer, messageId: row.messageId })))
    .map(({ row, to }) => factOf(about, row, to, "undelivered", row.seen === "new" && !older(row, about)));

  const changed = await insertUnresolved(tx, [...unpublished, ...undelivered]);
  return {
    published,
    changed: [...closed, ...changed],
    oddN: fresh.filter((row) => !row.untold && sinceOf(row.occurredAt, offsets.own, now).flagged).length,
  };
}

// Its consumer may have processed it so long ago that the tombstone is gone: asked by key before it counts.
const older = (row: OutboxRow, { offsets, now }: About): boolean =>
  now - sinceOf(row.writtenAt, offsets.own, now).since > limits.tombstoneMs / 2;

function factOf(
  { offsets, now }: About,
  row: OutboxRow,
  to: Obliged,
  reason: "unpublished" | "undelivered",
  confirmed: boolean,
): Unresolved {
  const { since, flagged } = sinceOf(row.occurredAt, offsets.own, now);
  return {
    sourceId: to.sourceId,
    reason,
    consumer: to.consumer,
    ref: row.messageId,
    zoneId: to.zoneId,
    businessKey: row.businessKey,
    eventType: row.eventType,
    since,
    confirmed,
    flagged: flagged && !row.untold,
    retold: row.seen !== "new",
  };
}

async function recordInbox(
  tx: Db,
  { sourceId, map, offsets, now, promises }: About,
  inbox: readonly InboxRow[],
  tally: LagTally,
): Promise<ZoneKey[]> {
  const owed = inbox.filter((row) => map.isObliged(row.consumer, row.eventType));
  const closed = await deleteUnresolved(
    tx,
    sourceId,
    "undelivered",
    owed.map((row) => ({ consumer: row.consumer, ref: row.messageId })),
  );
  const told = new Map(owed.map((row) => [deliveryKey(row), row]));
  const processedAt = (row: InboxRow): Instant => sinceOf(row.processedAt, offsets.own, now).since;
  for (const fact of closed) {
    const row = told.get(deliveryKey({ consumer: fact.consumer, messageId: fact.ref }))!;
    // Both sides perhaps told before: perhaps counted before.
    if (fact.retold && !fact.confirmed && row.again) continue;
    promises.converged(fact, { ...fact, processedAt: processedAt(row) });
  }
  const wasOpen = new Set(closed.map((fact) => deliveryKey({ consumer: fact.consumer, messageId: fact.ref })));
  await insertSeen(
    tx,
    owed
      .filter((row) => !wasOpen.has(deliveryKey(row)))
      .map((row) => ({ ...row, processedAt: processedAt(row), counted: row.again ?? false })),
    now,
  );
  for (const row of owed) {
    if (row.again) continue;
    const lag = lagOf(
      { at: row.occurredAt, offsetMs: offsets.of(map.producerOf(row.consumer, row.eventType)) },
      { at: row.processedAt, offsetMs: offsets.own },
      now,
    );
    if (lag !== null) tally.finished(map.zonesOfConsumed(row.consumer, row.eventType), "processing", row.consumer, lag);
  }
  return closed;
}

async function recordHeld(
  tx: Db,
  { sourceId, map, offsets, now }: About,
  held: readonly HeldRow[],
  all: boolean,
): Promise<Changed> {
  const facts = held.flatMap((row) => {
    const { since, flagged } = sinceOf(row.occurredAt, offsets.of(map.producerOf(row.consumer, row.eventType)), now);
    return map.zonesOfConsumed(row.consumer, row.eventType).map(
      (zoneId): Unresolved => ({
        sourceId,
        reason: "held",
        consumer: row.consumer,
        ref: row.messageId,
        zoneId,
        businessKey: row.businessKey,
        eventType: row.eventType,
        since,
        confirmed: true,
        flagged,
        waitsFor: row.waitsFor,
      }),
    );
  });
  const gone = all ? await deleteUnresolvedExcept(tx, sourceId, "held", facts) : [];
  return { changed: [...gone, ...(await insertUnresolved(tx, facts))], oddN: 0 };
}
