import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type pg from "pg";
import { consume, type Message, pgDatabase, redeliver, type Service, standing, type Verdict } from "../../client/src";
import { testDatabase, testPool } from "../db/testing";
import { testPair } from "../observation/testing";

const zone = (id: string, ordering: string, event: string) => `version: 1
zone: ${id}
title: ${id}
promise: What is sold is set aside.
facts: [{ fact: sale of ${id}, authority: shop }]
expectation: { class: eventual, window: 30s }
semantics: { ordering: ${ordering}, events: { ${event}: { from: shop, to: [stock-service], means: Sold. } } }
accountability: { owner: ${id} }
`;

// A framework that deletes what its time is over for, and one of which nobody said how it retries.
const tables = `create table job (id bigint primary key, state text not null default 'failed', keep_until timestamptz, key text not null, made timestamptz not null default clock_timestamp());
  create table old_job (id bigint primary key, state text not null default 'failed', key text not null)`;
const mapped = (id: string, table: string, more: string) => `  ${id}:
    service: ${id}-service
    preset: generic
    url: \${JOBS}
    consumers: [${id}]
    dead_letters: { from: ${table} t, parked: "t.state = 'failed'", done: "t.state = 'done'", id: t.id, consumer: "'${id}'", type: "'Job'", key: t.key${more} }
`;

/** How events of a type are handled: strictly in order, the latest version wins, or each for itself. */
export const kinds = ["Booked", "Latest", "Noted"] as const;
type Kind = (typeof kinds)[number];

/** What happened to messages of one key, in this order, before anybody looks; versions as offsets that are added up. */
const history = fc.record({
  kind: fc.constantFrom<Kind>(...kinds),
  steps: fc.array(
    fc.record({
      ahead: fc.integer({ min: 0, max: 2 }),
      does: fc.constantFrom("applied", "parked", "parked", "parked", "parked, then processed", "lost"),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});
const jobs = fc.array(fc.constantFrom("parked", "done since", "gone since", "expired", "of the old table"), { maxLength: 4 });
/** What others do with some of the letters: to which of them, counted around. */
const others = fc.array(
  fc.record({
    what: fc.constantFrom("resolved", "discarded", "deleted", "in flight, seen", "in flight, unseen", "claimed"),
    which: fc.nat(50),
  }),
  { maxLength: 5 },
);
export const situation = fc.record({ keys: fc.array(history, { minLength: 3, maxLength: 7 }), jobs, others });
export type Situation = typeof situation extends fc.Arbitrary<infer S> ? S : never;

/** A consumer of the client package with a business table, a mapped framework beside it, and a store that observes all of them. */
export async function truthEstate() {
  const database = await testDatabase("jobs");
  const jobs = testPool(database.url, 2);
  await jobs.query(tables);
  const sources =
    mapped(
      "jobs",
      "job",
      `, expires: t.keep_until, occurred: t.made, retry: "update job set state = 'queued' where id = :id and state = 'failed'"`,
    ) + mapped("legacy", "old_job", "");
  const pair = await testPair({
    written: (files) => ({
      ...files,
      "accord.yaml": files["accord.yaml"]!.replace("contracts:", `${sources}contracts:`),
      "contracts/strict.yaml": zone("strict", "strict", "Booked"),
      "contracts/latest.yaml": zone("latest", "by-key", "Latest"),
      "contracts/loose.yaml": zone("loose", "none", "Noted"),
    }),
    addresses: { JOBS: database.url },
  });
  await pair.stock.rows("create table sale (key text primary key, version bigint not null)");
  const pool = testPool(pair.stock.url, 3);
  return {
    pair,
    jobs,
    /** Stock as its package runs it; `broken`, and every handler throws. */
    stock: (broken = false): Service<pg.PoolClient> => ({
      name: "stock-service",
      version: "1.0",
      database: pgDatabase(pool),
      backoff: { attempts: 1, firstMs: 1, maxMs: 1 },
      inSequence: true,
      handlers: Object.fromEntries(kinds.map((kind) => [kind, broken ? fails : handlers[kind]])),
    }),
    async close(): Promise<void> {
      await pool.end();
      await pair.close();
      await jobs.end();
      await database.drop();
    },
  };
}
export type TruthEstate = Awaited<ReturnType<typeof truthEstate>>;

const fails = async (): Promise<Verdict> => {
  throw new Error("it broke");
};
const handlers: Record<Kind, (tx: pg.PoolClient, message: Message) => Promise<Verdict>> = {
  Booked: async (tx, message) => (await standing(tx, "stock-service", message)) ?? "applied",
  Latest: async (tx, { business_key, version }) => {
    const { rowCount } = await tx.query(
      "insert into sale as s (key, version) values ($1, $2) on conflict (key) do update set version = excluded.version where s.version < excluded.version",
      [business_key, version],
    );
    return rowCount === 1 ? "applied" : "stale";
  },
  Noted: async () => "applied",
};

let n = 0;

/** Makes a situation come to be, by the consumer's own hand, and has it seen. Answers the prefix of its keys. */
export async function arrange(estate: TruthEstate, { keys, jobs, others }: Situation): Promise<string> {
  const { pair } = estate;
  const tag = `T${++n}-`;
  await Promise.all(
    keys.map(async ({ kind, steps }, at) => {
      let version = 0;
      for (const { ahead, does } of steps) {
        version += Math.max(ahead, version === 0 ? 1 : 0);
        if (does !== "lost") await happens(estate, messageOf(kind, `${tag}${at}`, version), does);
      }
    }),
  );
  for (const [at, what] of jobs.entries()) {
    const table = what === "of the old table" ? "old_job (id, key)" : "job (id, key, keep_until)";
    const keep = what === "of the old table" ? "" : `, clock_timestamp() ${what === "expired" ? "-" : "+"} interval '1 hour'`;
    await estate.jobs.query(`insert into ${table} values ($1, $2${keep})`, [n * 100 + at, `${tag}job-${at}`]);
  }
  const letters = await pair.stock.rows<{ id: string }>(
    "select dead_letter_id::text as id from messaging.dead_letter where business_key like $1 order by dead_letter_id",
    [`${tag}%`],
  );
  const meddle = (seen: boolean) =>
    Promise.all(
      [...new Map(others.map((one) => [letters[one.which % letters.length]?.id, one.what])).entries()].map(([id, what]) =>
        id !== undefined && what !== "claimed" && (what === "in flight, seen") === seen ? meddleWith(estate, id, what) : null,
      ),
    );
  await meddle(true);
  await Promise.all(["stock", "jobs", "legacy"].map((source) => pair.observe(source)));
  await meddle(false);
  for (const [at, what] of jobs.entries()) {
    if (what === "done since") await estate.jobs.query("update job set state = 'done' where id = $1", [n * 100 + at]);
    if (what === "gone since" || what === "expired") await estate.jobs.query("delete from job where id = $1", [n * 100 + at]);
  }
  return tag;
}

const messageOf = (kind: Kind, key: string, version: number): Message => ({
  ...{ message_id: randomUUID(), event_type: kind, schema_version: 1, aggregate_type: "sale", business_key: key, version },
  ...{ payload: {}, headers: {}, correlation_id: null, causation_id: null, traceparent: null },
  occurred_at: new Date().toISOString(),
});

async function happens({ stock }: TruthEstate, message: Message, does: string): Promise<void> {
  if (does === "applied") return void (await consume(stock(), message));
  await consume(stock(true), message);
  if (does === "parked, then processed") await consume(stock(), message);
}

/** What somebody else does with a letter while nobody looks. */
async function meddleWith({ pair }: TruthEstate, id: string, what: string): Promise<void> {
  if (what === "deleted")
    return void (await pair.stock.rows("delete from messaging.dead_letter where dead_letter_id = $1", [id]));
  if (what === "resolved" || what === "discarded") return void (await pair.settle(id, what));
  await pair.settle(id, "redelivering");
  await pair.stock.rows(
    "insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by) select gen_random_uuid(), dead_letter_id, consumer, message_id, 'somebody' from messaging.dead_letter where dead_letter_id = $1",
    [id],
  );
}

/** The consumer and the framework do what they were asked to, as if nothing else moved. */
export async function carryOut({ stock, jobs }: TruthEstate): Promise<void> {
  while ((await redeliver(stock())) > 0);
  await jobs.query("update job set state = 'done' where state = 'queued'");
}
