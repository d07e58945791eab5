import type pg from "pg";
import type { Poll } from "../../observable";
import { Standby } from "../../source";
import { type Now, selectNow } from "../postgres/now.sql";
import { around } from "./around";
import type { Described } from "./columns";
import { type Cursor, rereadReason } from "./cursor";
import { windowMs } from "./kept";
import { keptKinds, Memory, type OpenKind, openKinds } from "./memory";
import { type MappedRow, selectAt, selectLongestOpen, selectOpen, selectRows, selectStanding, selectWritten } from "./read.sql";
import { compensationOf, handledOf, hasId, heldOf } from "./rows";
import { openCondition, type Shape } from "./shape";
import { gone, keptEvent, type Rows, tell } from "./told";

export type Reading = <T>(work: (client: pg.ClientBase) => Promise<T>) => Promise<T>;

const OPEN_PAGE = 10_000;
const OPEN_PAGES_MAX = 20;
const FOLLOWED_MAX = 1_000;
const HELD_MAX = 2_000;
// Where reading what is open is slow, it takes a twentieth of the time at most; a poll without it is still a poll.
const SLOW_MS = 100;
const REST_RATIO = 20;
const REST_MS_MAX = 10_000;
const LONG_TRANSACTION_MS_MIN = 10_000;

type Round = { read: Reading; shape: Shape; memory: Memory; pageSize: number };

/** One page of a poll: small statements of their own, none of which outlives its page. Answers the memory that belongs to the cursor. */
export async function pollMapped(
  read: Reading,
  shape: Shape,
  previous: Cursor | null,
  known: Memory | null,
  pageSize: number,
): Promise<{ poll: Poll; memory: Memory }> {
  const [now, open] = await read(async (client) => [await selectNow(client), await selectLongestOpen(client)] as const);
  if (now.standby) throw new Standby("This database is a standby.");
  const reread = rereadReason(previous, now);
  const from = reread === null ? previous : null;
  const memory = known && from && known.token === from.token ? known : new Memory();
  const resumed = memory !== known;
  if (resumed && from) memory.restore(from.told, from.reached);
  const round: Round = { read, shape, memory, pageSize };
  if (!memory.busy) await begin(round, from, now, open);
  const since = from?.since ?? null;
  const poll = await page(round, now, since, memory.fresh && from !== null);
  const xminSince = from && from.xmin === now.xmin ? from.xminSince : now.sourceNow;
  const next = from?.next && !resumed ? from.next : { since: now.xmin, at: now.sourceNow };
  memory.renew();
  const cursor: Cursor = {
    ...{ identity: now.identity, token: memory.token, reached: now.xmax, xmin: now.xmin, xminSince, told: memory.told() },
    ...(memory.busy ? { since, at: from?.at ?? now.sourceNow, next } : { since: next.since, at: next.at, next: null }),
  };
  const lost = memory.fresh && from !== null;
  if (!memory.busy) {
    memory.fresh = false;
    memory.doubtfulBefore = null;
    for (const kind of keptKinds) memory.kept[kind].end();
  }
  const longMs = now.xmin === now.xmax ? 0 : now.sourceNow - xminSince;
  return {
    memory,
    poll: {
      ...{
        identity: now.identity,
        sourceNow: now.sourceNow,
        reread,
        cursor,
        more: memory.busy,
        openN: null,
        readAnew: false,
        resumed: lost,
      },
      longTransactionMs: longMs >= LONG_TRANSACTION_MS_MIN ? longMs : null,
      ...poll,
      variant: shape.variant,
      abilities: shape.abilities,
      notes: [...shape.notes, ...memory.notes.values()],
    },
  };
}

/** Looks at every open set and begins to read what was written. */
async function begin(round: Round, from: Cursor | null, now: Now, open: { ms: number; seesAll: boolean }): Promise<void> {
  const { memory, shape } = round;
  memory.notes.delete("transactions");
  memory.published.clear();
  memory.parked = { before: memory.parked.now, now: new Set() };
  for (const kind of openKinds) {
    const condition = openCondition(shape, kind);
    if (condition !== null) await look(round, kind, condition);
  }
  // Before the first look everything that is open is known, and what was done by then nobody waits for.
  if (from === null || from.since === null) return;
  const longestMs = Math.max(open.ms, now.xmin === now.xmax ? 0 : now.sourceNow - from.xminSince);
  memory.windowFrom = now.sourceNow - windowMs({ longestMs, seesAll: open.seesAll, sinceLookMs: now.sourceNow - from.at });
  for (const kind of keptKinds) if (shape.ways[kind] !== null) memory.kept[kind].begin();
  if (!open.seesAll && keptKinds.some((kind) => shape.ways[kind] !== null && shape.ways[kind] !== "whole"))
    memory.notes.set(
      "transactions",
      "Transactions of other roles cannot be seen, so ten minutes are gone through at each look instead of two: grant pg_read_all_stats to the observer to read less.",
    );
}

async function look({ memory, read, shape }: Round, kind: OpenKind, condition: string): Promise<void> {
  const startedAt = performance.now();
  if (startedAt < memory.restUntil[kind]) return;
  const at = shape.kinds[kind]!;
  let found = await read((client) => selectOpen(client, at, condition, OPEN_PAGE + 1, undefined));
  let whole = found.length <= OPEN_PAGE;
  if (!whole) {
    found = [];
    for (let n = 0, last: string | null = null; n < OPEN_PAGES_MAX && !whole; n++) {
      const rows = await read((client) => selectOpen(client, at, condition, OPEN_PAGE, last));
      for (const row of rows) found.push(row);
      whole = rows.length < OPEN_PAGE;
      last = rows.at(-1)?.id ?? null;
    }
  }
  memory.notes.delete(kind);
  if (!whole)
    memory.notes.set(
      kind,
      `At least ${found.length.toLocaleString("en")} rows of ${at.from.relation} are open; as many are read at each look, and the rest is not seen.`,
    );
  const tookMs = performance.now() - startedAt;
  memory.restUntil[kind] = tookMs < SLOW_MS ? 0 : performance.now() + Math.min(REST_MS_MAX, tookMs * REST_RATIO);
  const set = memory.open[kind];
  const { changed } = set.look(found.filter(hasId), whole);
  memory.toRead[kind] = changed;
  memory.toFollow[kind] = set.inTurn(FOLLOWED_MAX);
}

async function page(round: Round, now: Now, since: string | null, resumed: boolean): Promise<Rows> {
  const { read, shape, memory, pageSize } = round;
  const rows: Rows = {
    outbox: [],
    inbox: [],
    duplicates: [],
    deadLetters: [],
    sagas: [],
    compensations: [],
    held: [],
    heldAll: true,
    unreadableN: 0,
    gone: { deadLetters: [], sagas: [], events: [] },
  };
  // Letters first: they tell which events were not published.
  for (const kind of ["dead_letters", "outbox", "sagas"] as const) await openPage(round, kind, rows, now);
  for (const kind of keptKinds) {
    const kept = memory.kept[kind];
    const at = shape.kinds[kind];
    const way = shape.ways[kind];
    if (kept.done || !at || way === null || since === null) continue;
    const window = way === "whole" ? null : { condition: way.condition, values: [memory.windowFrom] };
    const written = kept.page(
      await read((client) =>
        selectWritten(client, at, { since, window, after: kept.after, before: memory.doubtfulBefore }, pageSize),
      ),
      pageSize,
    );
    const byVersion = new Map(written.map((one) => [one.version, one]));
    const doubtful = new Set(written.filter((one) => one.doubtful).map(({ version }) => version));
    const found = await around([...byVersion.keys()], (some) =>
      read((client) =>
        selectAt(
          client,
          at,
          some.map((version) => byVersion.get(version)!),
        ),
      ),
    );
    rows.unreadableN += found.left.length + found.rows.filter((row) => !hasId(row)).length;
    const named = found.rows.filter(hasId);
    const again = (row: MappedRow) => doubtful.has(String(row.row_version));
    if (kind === "inbox") rows.inbox.push(...named.map((row) => handledOf(row, again(row))));
    else
      rows.outbox.push(
        ...named.flatMap((row) => keptEvent(row, { memory, shape }, again(row) ? "again" : resumed ? "maybe" : "new")),
      );
  }
  if (shape.kinds.held) {
    const held = await read((client) => selectRows(client, shape.kinds.held!, null, HELD_MAX + 1));
    rows.held = held.slice(0, HELD_MAX).filter(hasId).map(heldOf);
    rows.heldAll = held.length <= HELD_MAX;
  }
  await compensations(round, rows);
  return rows;
}

/** Rows of an open set that are new or changed, and what became of those that left it. */
async function openPage({ read, shape, memory, pageSize }: Round, kind: OpenKind, rows: Rows, now: Now): Promise<void> {
  const at = shape.kinds[kind];
  if (!at) return;
  const ids = memory.toRead[kind].splice(0, pageSize);
  // Where nothing but its absence tells that an event was published, its row need not be asked for; what was parked is told by then.
  const unasked = kind === "outbox" && shape.outbox!.published === undefined;
  const isEarly = unasked && memory.toRead.dead_letters.length > 0;
  const left = isEarly ? [] : memory.toFollow[kind].splice(0, Math.max(0, pageSize - ids.length));
  const conditions =
    kind === "dead_letters"
      ? { parked: shape.letters!.parked, done: shape.letters!.done }
      : { parked: undefined, done: undefined };
  const found = await around(unasked ? ids : [...ids, ...left], (some) =>
    read((client) => selectStanding(client, at, some, conditions)),
  );
  rows.unreadableN += found.left.length;
  const present = new Set([...found.rows.map(({ id }) => id), ...found.left]);
  for (const row of found.rows) tell(kind, row, { memory, rows, shape });
  for (const id of left) if (!present.has(id)) gone(kind, id, { memory, rows, shape }, now);
}

async function compensations({ read, shape, memory }: Round, rows: Rows): Promise<void> {
  const at: Described | undefined = shape.kinds.steps;
  const ids = [...memory.open.sagas.known.keys()].slice(0, HELD_MAX);
  if (!at?.fields.has("kind") || ids.length === 0) return;
  const found = await read((client) =>
    selectRows(client, at, ids, HELD_MAX, `${at.fields.get("kind")!.expression} = 'compensation'`),
  );
  rows.compensations = found.map((row) => compensationOf(row, memory.sagaTypes.get(row.id) ?? ""));
}
