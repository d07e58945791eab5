import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

/** How much is written, how long it takes to arrive, and what of it is lost. `seed` makes it the same again. */
export type Traffic = {
  keysN: number;
  hotN: number;
  perSecond: number;
  lagMs: number;
  /** Losses on keys that nothing else writes, spread over the first `plantMs`: a change, an insert or a delete that the projector drops. */
  plantedN: number;
  plantMs: number;
  /** One of so many ordinary changes is dropped too; a later change of its key makes it good. */
  dropOneOf: number;
  seed: number;
};

/** One write of the authority: when it was begun, and when the projection had it or something newer. */
type Write = { version: number; at: number; appliedAt: number | null };
type Change = { n: number; key: string; version: number; amount: number | null; dueAt: number };

/** What the two sides' keys are: their types, how the key of a number is written at each, and how a difference of it is shown. */
export type Keys = {
  tables: readonly [authority: string, projection: string];
  types: readonly [authority: string, projection: string];
  of: readonly [authority: (n: number) => string, projection: (n: number) => string];
  shown: (n: number) => string;
};

const order = (n: number) => `ORD-${String(n).padStart(8, "0")}`;
export const orderKeys: Keys = {
  tables: ["payment", "payment_view"],
  types: ["text", "text"],
  of: [order, order],
  shown: order,
};

/** The two relations that are compared, with an index on the key and nothing else. */
export async function makeRelations(
  authority: pg.Pool,
  projection: pg.Pool,
  keysN: number,
  { tables, types, of }: Keys = orderKeys,
): Promise<void> {
  for (const [side, pool] of [authority, projection].entries()) {
    const [table, type] = [tables[side]!, types[side]!];
    await pool.query(
      `create table ${table} (order_id ${type} primary key, amount int not null, version bigint not null, updated_at timestamptz not null default clock_timestamp())`,
    );
    // In parts, since a bench makes millions.
    for (let from = 1; from <= keysN; from += 100_000) {
      const keys = Array.from({ length: Math.min(100_000, keysN + 1 - from) }, (_, i) => of[side]!(from + i));
      await pool.query(
        `insert into ${table} select u.key::${type}, ${from} - 1 + u.n, 1, now() - interval '1 day' from unnest($1::text[]) with ordinality u(key, n)`,
        [keys],
      );
    }
    await pool.query(`create index on ${table} (updated_at)`);
    await pool.query(`analyze ${table}`);
  }
}

/** A small generator of numbers from 0 to 1 (mulberry32), so that a run can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What was written and what has arrived, for every key. */
function startLedger() {
  const writes = new Map<string, Write[]>();
  let writtenN = 0;
  return {
    get writtenN() {
      return writtenN;
    },
    written(key: string, version: number, at: number): void {
      const known = writes.get(key) ?? [];
      known.push({ version, at, appliedAt: null });
      writes.set(key, known);
    },
    countWritten(n: number): void {
      writtenN += n;
    },
    arrived(key: string, version: number, at: number): void {
      for (const write of writes.get(key) ?? []) if (write.version <= version) write.appliedAt ??= at;
    },
    /** Whether a write of a key had been due for longer than the window at an instant, and had not arrived. */
    wasWrong(key: string, at: number, windowMs: number): boolean {
      return (writes.get(key) ?? []).some(
        (write) => write.at <= at - windowMs && (write.appliedAt === null || write.appliedAt > at),
      );
    },
    /** Keys whose last write has not arrived. */
    wrongNow: (): string[] => [...writes].filter(([, list]) => list.at(-1)!.appliedAt === null).map(([key]) => key),
  };
}

/** Changes some keys at the authority once more. */
async function advance(authority: pg.Pool, { tables, types, of }: Keys, numbers: number[]) {
  const { rows } = await authority.query<{ n: number; version: string; amount: number }>(
    // Two writers meet at the hot keys: each locks its rows in one order, or they would wait for each other.
    `with locked as materialized (
       select t.order_id, u.n from ${tables[0]} t join unnest($1::text[], $2::int[]) u(key, n) on t.order_id = u.key::${types[0]}
        order by u.n for update of t)
     update ${tables[0]} t set amount = amount + 1, version = version + 1, updated_at = clock_timestamp()
       from locked l where t.order_id = l.order_id returning l.n, t.version, t.amount`,
    [numbers.map(of[0]), numbers],
  );
  return rows;
}

/** Brings the newest of what is due for each key to the projection, which never goes back. */
async function project(projection: pg.Pool, { tables, types, of }: Keys, due: Change[]): Promise<Change[]> {
  const last = new Map(due.sort((a, b) => a.version - b.version).map((one) => [one.key, one]));
  const list = [...last.values()].sort((a, b) => a.n - b.n);
  if (list.length > 0)
    await projection.query(
      `insert into ${tables[1]} as t select k::${types[1]}, a, v from unnest($1::text[], $2::int[], $3::bigint[]) u(k, a, v)
         on conflict (order_id) do update set amount = excluded.amount, version = excluded.version, updated_at = clock_timestamp() where excluded.version > t.version`,
      [list.map((one) => of[1](one.n)), list.map((one) => one.amount), list.map((one) => one.version)],
    );
  return list;
}

/** Follows what is written, each change when it is due, until all has arrived and no more comes. */
async function projecting(
  projection: pg.Pool,
  { keys, queue, ledger, isLast }: { keys: Keys; queue: Change[]; ledger: ReturnType<typeof startLedger>; isLast: () => boolean },
): Promise<void> {
  while (!isLast() || queue.length > 0) {
    const now = Date.now();
    const due = queue.filter((one) => one.dueAt <= now);
    for (const one of due) queue.splice(queue.indexOf(one), 1);
    const list = await project(projection, keys, due);
    const appliedAt = Date.now();
    for (const { key, version } of list) ledger.arrived(key, version, appliedAt);
    await sleep(20);
  }
}

/**
 * Services at work: writers change the authority, a projector follows with a lag and drops what is to be lost. What was written and what
 * has arrived is known for every key, so that an answer can be judged.
 */
export function startTraffic(authority: pg.Pool, projection: pg.Pool, traffic: Traffic, keys: Keys = orderKeys) {
  const { tables, types, of, shown } = keys;
  const random = randomFrom(traffic.seed);
  const ledger = startLedger();
  const planted = new Set<string>();
  const queue: Change[] = [];
  let stopping = false;
  const startedAt = Date.now();
  // The first keys are hot, the last are kept for losses, so that nothing written later makes these good.
  const reserved = traffic.keysN - traffic.plantedN;
  const anyKey = () => 1 + Math.floor(random() * (random() < 0.3 ? traffic.hotN : reserved));

  const note = (n: number, version: number, amount: number | null, lost: boolean, at: number) => {
    const key = shown(n);
    ledger.written(key, version, at);
    if (!lost) queue.push({ n, key, version, amount, dueAt: Date.now() + traffic.lagMs * (0.5 + random()) });
  };
  const change = async (some: number[], lost: (n: number) => boolean) => {
    const at = Date.now();
    const numbers = [...new Set(some)].sort((x, y) => x - y);
    const rows = await advance(authority, keys, numbers);
    for (const row of rows) note(row.n, Number(row.version), row.amount, lost(row.n), at);
    ledger.countWritten(rows.length);
  };
  /** Loses one change for good: what is missing, unexpected or older then stays so. */
  const plant = async (i: number) => {
    const at = Date.now();
    const n = i % 3 === 1 ? traffic.keysN + 1 + i : reserved + 1 + i;
    planted.add(shown(n));
    if (i % 3 === 0) await change([n], () => true);
    else if (i % 3 === 1) {
      await authority.query(`insert into ${tables[0]} values ($1::text::${types[0]}, 1, 1)`, [of[0](n)]);
      note(n, 1, 1, true, at);
    } else {
      await authority.query(`delete from ${tables[0]} where order_id = $1::text::${types[0]}`, [of[0](n)]);
      note(n, Number.MAX_SAFE_INTEGER, null, true, at);
    }
  };

  const writer = async () => {
    while (!stopping) {
      const begun = Date.now();
      const some = Array.from({ length: Math.max(1, Math.round(traffic.perSecond / 40)) }, anyKey);
      await change(some, () => random() < 1 / traffic.dropOneOf);
      await sleep(Math.max(0, 50 - (Date.now() - begun)));
    }
  };
  const planter = async () => {
    for (let i = 0; i < traffic.plantedN && !stopping; i++) {
      await sleep(Math.max(0, startedAt + (i / traffic.plantedN) * traffic.plantMs - Date.now()));
      await plant(i);
    }
  };
  const running = Promise.all([
    writer(),
    writer(),
    planter(),
    projecting(projection, { keys, queue, ledger, isLast: () => stopping }),
  ]);

  return {
    planted,
    get writtenN() {
      return ledger.writtenN;
    },
    wasWrong: ledger.wasWrong,
    wrongNow: ledger.wrongNow,
    /** Ends writing; what was written and not dropped still arrives. */
    async stop(): Promise<void> {
      stopping = true;
      await running;
    },
  };
}
