import type pg from "pg";
import type { Poll } from "../../observable";
import { Standby } from "../../source";
import { type Now, selectNow } from "../postgres/now.sql";
import {
  type After,
  type PollRows,
  selectChanged,
  selectHeld,
  selectOpen,
  selectOpenCounts,
  type TableName,
  tableNames,
} from "./observe.sql";

/**
 * Where observation stands. `prev` is the snapshot up to which everything was seen; while a burst is read in pages, `next` is where the
 * round will end and `after` the end of each table's last page. `open` means that the round reads open rows, because no `prev` meant anything.
 */
export type Cursor = {
  identity: string;
  prev: string | null;
  next: string | null;
  /** The `prev` of the round before, kept while that round took several pages: rows changed between them show up one round late. */
  before: string | null;
  open: boolean;
  /** The round before read open rows in several pages: what came between them was perhaps met, and shows up now as if it were new. */
  unsure?: boolean;
  /** When open rows were last counted, by the source's clock. */
  countedAt?: number;
  after: Partial<Record<TableName, After>>;
  done: TableName[];
  xmin: string;
  xminSince: number;
};

// Rows that become visible without being written (restored, replicated, attached) are in no span: their number tells of them.
const COUNT_EVERY_MS = 60_000;

/** One page of a poll, in one repeatable-read transaction that the caller has begun. */
export async function pollPage(client: pg.ClientBase, schema: string, previous: Cursor | null, pageSize: number): Promise<Poll> {
  const now = await selectNow(client);
  // Its snapshot has an empty list of what still runs on the primary: whatever commits later would never be read.
  if (now.standby) throw new Standby("This database is a standby.");
  const { cursor, reread } = roundOf(previous, now);
  const rows: PollRows = { outbox: [], inbox: [], duplicates: [], deadLetters: [], sagas: [], compensations: [] };
  for (const name of tableNames.filter((name) => !cursor.done.includes(name))) {
    const after = cursor.after[name] ?? null;
    const page = cursor.open
      ? await selectOpen(client, schema, name, after, pageSize)
      : await selectChanged(
          client,
          schema,
          name,
          { prev: cursor.prev!, next: cursor.next!, before: cursor.before },
          after,
          pageSize,
        );
    (rows[name] as unknown[]) = page.rows;
    if (name === "outbox" && cursor.unsure) for (const row of rows.outbox) if (row.seen === "new") row.seen = "maybe";
    cursor.after[name] = page.after;
    if (page.after === null) cursor.done.push(name);
  }
  const held = await selectHeld(client, schema);
  const more = cursor.done.length < tableNames.length;
  // A round of several pages ends before what was parked meanwhile.
  const whole = cursor.next === now.snapshot;
  const counts = !more && (cursor.open || (whole && now.sourceNow - (cursor.countedAt ?? 0) >= COUNT_EVERY_MS));
  const openN = counts ? await selectOpenCounts(client, schema) : null;
  if (counts) cursor.countedAt = now.sourceNow;
  const { duplicates, ...others } = rows;
  return {
    identity: now.identity,
    sourceNow: now.sourceNow,
    reread,
    cursor: more ? cursor : endOfRound(cursor, previous),
    more,
    openN,
    unreadableN: 0,
    readAnew: cursor.open && !more,
    longTransactionMs: longTransaction(cursor, now),
    ...others,
    duplicates: counted(duplicates),
    held: held.held,
    heldAll: held.all,
  };
}

function roundOf(previous: Cursor | null, now: Now): { cursor: Cursor; reread: string | null } {
  const reread = rereadReason(previous, now);
  const stays = previous !== null && reread === null;
  const xminSince = stays && previous.xmin === now.xmin ? previous.xminSince : now.sourceNow;
  const kept = { identity: now.identity, xmin: now.xmin, xminSince };
  if (!stays)
    return { cursor: { ...kept, prev: null, next: now.snapshot, before: null, open: true, after: {}, done: [] }, reread };
  if (previous.next !== null)
    return { cursor: { ...previous, ...kept, after: { ...previous.after }, done: [...previous.done] }, reread: null };
  return {
    cursor: {
      ...kept,
      prev: previous.prev,
      next: now.snapshot,
      before: previous.before,
      open: false,
      unsure: previous.unsure ?? false,
      ...(previous.countedAt === undefined ? {} : { countedAt: previous.countedAt }),
      after: {},
      done: [],
    },
    reread: null,
  };
}

/** Why the cursor means nothing on this database; null when it does. A first poll is no surprise, and has no reason. */
function rereadReason(previous: Cursor | null, now: Now): string | null {
  if (previous === null) return null;
  if (previous.identity !== now.identity) return "another database answers under this address: restored, cloned or failed over";
  const reached = previous.next ?? previous.prev;
  if (reached !== null && BigInt(reached.split(":")[1]!) > BigInt(now.xmax))
    return "its transactions went backwards: restored from a copy";
  return null;
}

function endOfRound(cursor: Cursor, previous: Cursor | null): Cursor {
  const tookPages = previous?.next !== null && previous !== null;
  return {
    ...cursor,
    prev: cursor.next,
    next: null,
    before: tookPages ? cursor.prev : null,
    open: false,
    unsure: tookPages && cursor.open,
    after: {},
    done: [],
  };
}

function counted(duplicates: PollRows["duplicates"]): Poll["duplicates"] {
  const counts = new Map<string, Poll["duplicates"][number]>();
  for (const { consumer, eventType } of duplicates) {
    const key = `${consumer}\n${eventType}`;
    counts.set(key, { consumer, eventType, n: (counts.get(key)?.n ?? 0) + 1 });
  }
  return [...counts.values()];
}

// Any busy database has transactions of a moment; only one that outlives several polls makes them read more than what is new.
const LONG_TRANSACTION_MS_MIN = 10_000;

function longTransaction(cursor: Cursor, now: Now): number | null {
  const ms = now.xmin === now.xmax ? 0 : now.sourceNow - cursor.xminSince;
  return ms >= LONG_TRANSACTION_MS_MIN ? ms : null;
}
