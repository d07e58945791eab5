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
type Change = { key: string; version: number; amount: number | null; dueAt: number };

/** The two relations that are compared, with an index on the key and nothing else. */
export async function makeRelations(authority: pg.Pool, projection: pg.Pool, keysN: number): Promise<void> {
  const columns =
    "order_id text primary key, amount int not null, version bigint not null, updated_at timestamptz not null default clock_timestamp()";
  for (const [pool, table] of [
    [authority, "payment"],
    [projection, "payment_view"],
  ] as const) {
    await pool.query(`create table ${table} (${columns})`);
    await pool.query(
      `insert into ${table} select 'ORD-' || lpad(n::text, 8, '0'), n, 1, now() - interval '1 day' from generate_series(1, ${keysN}) n`,
    );
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

/**
 * Services at work: writers change the authority, a projector follows with a lag and drops what is to be lost. What was written and what
 * has arrived is known for every key, so that an answer can be judged.
 */
export function startTraffic(authority: pg.Pool, projection: pg.Pool, traffic: Traffic) {
  const random = randomFrom(traffic.seed);
  const writes = new Map<string, Write[]>();
  const planted = new Set<string>();
  const queue: Change[] = [];
  let writtenN = 0;
  let stopping = false;
  const startedAt = Date.now();
  const keyOf = (n: number) => `ORD-${String(n).padStart(8, "0")}`;
  // The first keys are hot, the last are kept for losses, so that nothing written later makes these good.
  const reserved = traffic.keysN - traffic.plantedN;
  const anyKey = () => keyOf(1 + Math.floor(random() * (random() < 0.3 ? traffic.hotN : reserved)));

  const note = (key: string, version: number, amount: number | null, lost: boolean, at: number) => {
    const known = writes.get(key) ?? [];
    known.push({ version, at, appliedAt: null });
    writes.set(key, known);
    if (!lost) queue.push({ key, version, amount, dueAt: Date.now() + traffic.lagMs * (0.5 + random()) });
  };
  const change = async (keys: string[], lost: (key: string) => boolean) => {
    const at = Date.now();
    const { rows } = await authority.query<{ key: string; version: string; amount: number }>(
      `update payment set amount = amount + 1, version = version + 1, updated_at = clock_timestamp() where order_id = any($1) returning order_id as key, version, amount`,
      [[...new Set(keys)].sort()],
    );
    for (const row of rows) note(row.key, Number(row.version), row.amount, lost(row.key), at);
    writtenN += rows.length;
  };
  /** Loses one change for good: what is missing, unexpected or older then stays so. */
  const plant = async (i: number) => {
    const key = keyOf(reserved + 1 + i);
    const at = Date.now();
    planted.add(i % 3 === 1 ? `NEW-${key}` : key);
    if (i % 3 === 0) await change([key], () => true);
    else if (i % 3 === 1) {
      await authority.query("insert into payment values ($1, 1, 1)", [`NEW-${key}`]);
      note(`NEW-${key}`, 1, 1, true, at);
    } else {
      await authority.query("delete from payment where order_id = $1", [key]);
      note(key, Number.MAX_SAFE_INTEGER, null, true, at);
    }
  };

  const writer = async () => {
    while (!stopping) {
      const begun = Date.now();
      const keys = Array.from({ length: Math.max(1, Math.round(traffic.perSecond / 40)) }, anyKey);
      await change(keys, () => random() < 1 / traffic.dropOneOf);
      await sleep(Math.max(0, 50 - (Date.now() - begun)));
    }
  };
  const planter = async () => {
    for (let i = 0; i < traffic.plantedN && !stopping; i++) {
      const at = startedAt + (i / traffic.plantedN) * traffic.plantMs;
      await sleep(Math.max(0, at - Date.now()));
      await plant(i);
    }
  };
  const projector = async () => {
    while (!stopping || queue.length > 0) {
      const now = Date.now();
      const due = queue.filter((one) => one.dueAt <= now);
      for (const one of due) queue.splice(queue.indexOf(one), 1);
      const last = new Map(due.sort((a, b) => a.version - b.version).map((one) => [one.key, one]));
      const list = [...last.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
      if (list.length > 0)
        await projection.query(
          `insert into payment_view select * from unnest($1::text[], $2::int[], $3::bigint[]) u(k, a, v)
             on conflict (order_id) do update set amount = excluded.amount, version = excluded.version, updated_at = clock_timestamp() where excluded.version > payment_view.version`,
          [list.map((one) => one.key), list.map((one) => one.amount), list.map((one) => one.version)],
        );
      const appliedAt = Date.now();
      for (const { key, version } of list)
        for (const write of writes.get(key) ?? []) if (write.version <= version) write.appliedAt ??= appliedAt;
      await sleep(20);
    }
  };
  const running = Promise.all([writer(), writer(), planter(), projector()]);

  return {
    planted,
    get writtenN() {
      return writtenN;
    },
    /** Whether a write of a key had been due for longer than the window at an instant, and had not arrived. */
    wasWrong(key: string, at: number, windowMs: number): boolean {
      return (writes.get(key) ?? []).some(
        (write) => write.at <= at - windowMs && (write.appliedAt === null || write.appliedAt > at),
      );
    },
    /** Keys whose last write has not arrived. */
    wrongNow: (): string[] => [...writes].filter(([, list]) => list.at(-1)!.appliedAt === null).map(([key]) => key),
    /** Ends writing; what was written and not dropped still arrives. */
    async stop(): Promise<void> {
      stopping = true;
      await running;
    },
  };
}
