import type pg from "pg";
import type { Attempt, Message } from "../../client/src";
import { openPool } from "./cluster";
import type { FaultName, Faults } from "./faults";
import { type Disorder, isLost, travelsOf, type Wire } from "./wire";

/** One message on its way to one consumer, with what was tried before. */
export type Delivery = { id: number; message: Message; attempts: number; attempt_log: Attempt[] };

// A consumer that has not answered for so long is dead, and another may take its messages.
const LEASE = "30 seconds";

/** Opens the broker for one service. Only relays and consumers use it. */
export function openBroker(url: string, name: string, disorder: Disorder = { late: 0, twice: 0 }) {
  const pool = openPool(url, 1, name);
  return {
    publish: (messages: Message[], faults: Faults) => publish(pool, name, messages, { disorder, faults }),
    take: (consumer: string, most: number) => take(pool, consumer, most),
    acknowledge: (ids: number[]) => pool.query("delete from delivery where id = any($1)", [ids]),
    /** Back into the queue after a failed attempt; `log` null when the attempt does not count. */
    retryLater: (id: number, delayMs: number, log: Attempt | null) =>
      pool.query(
        `update delivery set visible_at = clock_timestamp() + make_interval(secs => $2 / 1000.0),
           attempts = attempts + case when $3::jsonb is null then 0 else 1 end, attempt_log = attempt_log || coalesce($3::jsonb, '[]')
         where id = $1`,
        [id, delayMs, log && JSON.stringify([log])],
      ),
    enqueue: (consumer: string, message: Message) =>
      pool.query("insert into delivery (consumer, message) values ($1, $2)", [consumer, message]),
    /** What the dead had taken may be taken at once, instead of when their lease ends. */
    freeLeases: () => pool.query("update delivery set visible_at = clock_timestamp() where visible_at > clock_timestamp()"),
    faults: async (): Promise<Set<FaultName>> => {
      const { rows } = await pool.query<{ name: FaultName }>(
        "select name from fault where until is null or until > clock_timestamp()",
      );
      return new Set(rows.map((row) => row.name));
    },
    close: () => pool.end(),
  };
}

export type Broker = ReturnType<typeof openBroker>;

// Whether the broker loses something is decided on the fault's own row, held until this commits: what is lost after the fault was
// stopped, nobody would put right.
async function publish(pool: pg.Pool, producer: string, messages: Message[], wire: Wire): Promise<void> {
  const sent = messages.flatMap((message) => travelsOf(message, wire));
  const lost = messages.filter((message) => isLost(message, producer, wire.faults)).map((message) => message.message_id);
  await pool.query(
    `with losing as materialized (
       select 1 from fault where cardinality($3::uuid[]) > 0 and name = 'lost-events' and (until is null or until > clock_timestamp()) for share),
     lost as materialized (select id from unnest($3::uuid[]) as id where exists (select 1 from losing)),
     log as (insert into lost_message (message_id, producer) select id, $4 from lost on conflict do nothing)
     insert into delivery (consumer, message, visible_at)
     select s.consumer, sent.message, clock_timestamp() + make_interval(secs => sent.delay_ms / 1000.0)
     from rows from (unnest($1::jsonb[]), unnest($2::int[])) with ordinality as sent(message, delay_ms, n)
     join subscription s on s.topic = sent.message ->> 'event_type'
     where not exists (select 1 from lost where id = (sent.message ->> 'message_id')::uuid) order by sent.n`,
    [sent.map(({ message }) => JSON.stringify(message)), sent.map(({ delayMs }) => delayMs), lost, producer],
  );
}

async function take(pool: pg.Pool, consumer: string, most: number): Promise<Delivery[]> {
  const { rows } = await pool.query<Delivery>(
    `update delivery set visible_at = clock_timestamp() + $3::interval
     where id in (select id from delivery where consumer = $1 and visible_at <= clock_timestamp() order by id limit $2 for update skip locked)
     returning id, message, attempts, attempt_log`,
    [consumer, most, LEASE],
  );
  return rows.sort((a, b) => a.id - b.id);
}
