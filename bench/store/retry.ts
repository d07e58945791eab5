import pg from "pg";
import type { Ctx } from "../../lib/context";
import { contractMap } from "../../lib/contracts/map.rules";
import { openStore } from "../../lib/db/pool";
import { dispatchChunks } from "../../lib/operations/dispatch";
import { noPlan } from "../../lib/operations/plan.rules";
import { preview } from "../../lib/operations/preview";
import { requestRetry } from "../../lib/operations/service";
import { watchOutcomes } from "../../lib/operations/watch";
import type { Observed } from "../../lib/sources/observed";
import { installNative } from "../../lib/sources/presets/native/install";
import { nativeSource } from "../../lib/sources/presets/native/native";
import { onceAt, openCluster } from "../cluster";
import { heading, number, once, table, timingOf, whole } from "../measure";
import type { Size } from "../size";
import { estateConfiguration, sourceOf } from "./contracts";
import { BULK_GROUP, fillStore, messageIdOf } from "./estate";
import { estateOf, operator } from "./zones";

const ONE_BY_ONE = 500;
const SET = 20_000;
const WORKERS = [1, 2, 4];
const CANARY = 10;
const SOURCE = sourceOf((BULK_GROUP % 50) + 1);

/**
 * One group retried whole, by one, two and four workers: the list frozen, dispatched to the service's database behind a canary and under a stop
 * limit, its outcomes taken; against doing it one by one, and set by set in two statements.
 */
export async function benchRetry(size: Size): Promise<void> {
  const estate = estateOf(size);
  const cluster = await openCluster("store", size.keep);
  try {
    const name = `estate_${estate.letters}`;
    await cluster.database(name, (url) => fillStore(url, estate));
    for (const workersN of WORKERS) {
      const storeUrl = await cluster.copy(name, "retry");
      await cluster.drop("retry_source");
      const sourceUrl = await cluster.database("retry_source", (url) => copyGroup(storeUrl, url));
      await retry(storeUrl, sourceUrl, workersN);
    }
    await cluster.drop("retry");
    await cluster.drop("retry_source");
  } finally {
    await cluster.close();
  }
}

/** The group's dead letters, as they lie in the service's database under the same numbers. */
async function copyGroup(storeUrl: string, sourceUrl: string): Promise<void> {
  await installNative(sourceUrl);
  const letters = await onceAt(storeUrl, (client) =>
    client.query<{ seq: string; key: string; event: string; consumer: string }>(
      "select d.source_seq as seq, d.business_key as key, g.event_type as event, g.consumer from dead_letter d join dead_letter_group g using (group_id) where group_id = $1 order by 1",
      [BULK_GROUP],
    ),
  );
  await onceAt(sourceUrl, async (client) => {
    for (let i = 0; i < letters.rows.length; i += 5_000) {
      const part = letters.rows.slice(i, i + 5_000);
      await client.query(
        `insert into messaging.dead_letter (dead_letter_id, consumer, message_id, event_type, business_key, version, payload, occurred_at, error_type, error_message, attempts, first_failed_at)
           overriding system value
         select i, '${part[0]!.consumer}', ${messageIdOf("i")}, '${part[0]!.event}', k, 1, jsonb_build_object('order_id', k, 'amount_cents', i % 100000, 'sku', 'SKU-' || i % 997), now(), 'TypeError', 'failed', 5, now() from unnest($1::bigint[], $2::text[]) l(i, k)`,
        [part.map((letter) => letter.seq), part.map((letter) => letter.key)],
      );
    }
    await client.query("vacuum (analyze) messaging.dead_letter");
    await client.query("checkpoint");
  });
}

async function retry(storeUrl: string, sourceUrl: string, workersN: number): Promise<void> {
  const stores = Array.from({ length: workersN }, () => openStore(storeUrl, 4, "accord bench"));
  const [clients, sources] = [
    [storeUrl, sourceUrl].map((connectionString) => new pg.Client({ connectionString })),
    stores.map(() => nativeSource({ url: sourceUrl, actUrl: sourceUrl, schema: "messaging", act: true })),
  ];
  const [atStore, atSource] = clients as [pg.Client, pg.Client];
  await Promise.all(clients.map((client) => client.connect()));
  try {
    const configuration = await estateConfiguration({ [SOURCE]: sourceUrl });
    const map = contractMap(
      configuration.contracts.map((text) => text.contract),
      configuration.sources,
    );
    const observed = sources.map((source): Observed => ({ sourceId: SOURCE, service: SOURCE, source, map }) as Observed);
    await atStore.query("update source_status set observed_at = now()");
    const oneByOne = await perItem(atStore, atSource);
    const setBased = await inSets(atStore, atSource);
    const bare = await bareFreeze(atStore);

    const ctx: Ctx = { db: stores[0]!.db, actor: operator, now: Date.now() };
    const selection = { messages: [], groups: [BULK_GROUP], asOf: null };
    // As whoever asks has seen it before; and no worker opens its first connection here.
    await preview(ctx, selection);
    await Promise.all(stores.map((store) => store.pool.query("select 1")));
    const frozen = await once(() =>
      requestRetry(ctx, {
        selection,
        reason: "the benchmark retries a whole group",
        ticket: null,
        plan: { ...noPlan, canaryN: CANARY, stopPercent: 20, inFlightMax: 1_000_000 },
        key: `bench-${Date.now()}`,
      }),
    );
    const n = frozen.value.itemsN;
    const canary = await once(() => dispatchChunks(stores[0]!.db, "bench", [observed[0]!]));
    await apply(atSource);
    const answered = await once(() => watchOutcomes(stores[0]!.db, [observed[0]!]));
    const [rest, taken] = [
      { ms: 0, chunksN: 0 },
      { ms: 0, rounds: 0 },
    ];
    // What follows another of its key is sent when that has ended: a turn for each that follows.
    while (await isOpen(atStore)) {
      const sent = await once(() =>
        Promise.all(stores.map((store, i) => dispatchChunks(store.db, `bench-${i}`, [observed[i]!]))),
      );
      const chunksN = sent.value.reduce((a, b) => a + b, 0);
      if (chunksN === 0) throw new Error("The operation does not end.");
      rest.ms += sent.ms;
      rest.chunksN += chunksN;
      await apply(atSource);
      const outcomes = await once(() => outcomesTaken(stores[0]!.db, observed[0]!, atStore));
      taken.ms += outcomes.ms;
      taken.rounds += outcomes.value;
    }
    const sent = await atSource.query<{ n: string; parked: string }>(
      "select (select count(*) from messaging.redelivery) as n, (select count(*) from messaging.dead_letter where state = 'parked') as parked",
    );
    const hot = await atSource.query<{ hot: string }>(
      "select round(100.0 * n_tup_hot_upd / greatest(n_tup_upd, 1)) as hot from pg_stat_user_tables where relid = 'messaging.dead_letter'::regclass",
    );

    print({
      n,
      workersN,
      oneByOne,
      setBased,
      bareMs: bare,
      frozenMs: frozen.ms,
      dispatchedMs: canary.ms + answered.ms + rest.ms,
      chunksN: canary.value + rest.chunksN,
      sent: sent.rows[0]!,
      watchedMs: taken.ms,
      rounds: taken.rounds,
      hot: hot.rows[0]!.hot,
    });
  } finally {
    await Promise.all([
      ...clients.map((client) => client.end()),
      ...sources.map((source) => source.close()),
      ...stores.map((store) => store.close()),
    ]);
  }
}

/** What was sent is applied, as its consumer would. */
async function apply(atSource: pg.Client): Promise<void> {
  await atSource.query(
    "update messaging.dead_letter d set state = 'resolved', state_changed_at = clock_timestamp() from messaging.redelivery r where r.dead_letter_id = d.dead_letter_id and r.state = 'waiting'",
  );
  await atSource.query(
    "update messaging.redelivery set state = 'applied', taken_at = clock_timestamp(), finished_at = clock_timestamp() where state = 'waiting'",
  );
}

const isOpen = async (atStore: pg.Client): Promise<boolean> =>
  (await atStore.query("select 1 from operation where ended_at is null")).rowCount !== 0;

/** Takes outcomes until nothing that was sent waits for its own; in how many rounds. */
async function outcomesTaken(db: Ctx["db"], observed: Observed, atStore: pg.Client): Promise<number> {
  for (let rounds = 1; rounds < 1_000; rounds++) {
    await watchOutcomes(db, [observed]);
    if ((await atStore.query("select 1 from operation_chunk where state = 'sent'")).rowCount === 0) return rounds;
  }
  throw new Error("Outcomes are not taken.");
}

type Figures = {
  n: number;
  /** Workers that dispatch at once. */
  workersN: number;
  /** Messages a second. */
  oneByOne: number;
  setBased: number;
  bareMs: number;
  frozenMs: number;
  dispatchedMs: number;
  chunksN: number;
  sent: { n: string; parked: string };
  watchedMs: number;
  rounds: number;
  hot: string;
};

function print(figures: Figures): void {
  const { n, workersN, oneByOne, setBased, bareMs, frozenMs, dispatchedMs, chunksN, sent, watchedMs, rounds, hot } = figures;
  heading(`Bulk retry of ${whole(n)} behind a canary of ${CANARY}, by ${workersN} ${workersN === 1 ? "worker" : "workers"}`);
  const rate = (ms: number, of = n) => of / (ms / 1_000);
  const line = (name: string, perSecond: number, note: string) => [
    name,
    whole(perSecond),
    number(perSecond / setBased),
    `${number(perSecond / oneByOne)}x`,
    note,
  ];
  table(
    ["what", "messages/s", "to set-based", "to one by one", ""],
    [
      line("one by one: a transaction in each database per message", oneByOne, `${ONE_BY_ONE} of them`),
      line("limit: set-based, two statements over two databases", setBased, `all of them, ${whole(SET)} a statement`),
      line(
        "freeze (requestRetry): rules, claims, items, chunks, audit",
        rate(frozenMs),
        `${number(frozenMs)} ms; claims and items alone ${number(bareMs)} ms: ${number(frozenMs / bareMs)}x`,
      ),
      line(
        "dispatch: the canary, its outcomes, the rest, in chunks",
        rate(dispatchedMs),
        `${whole(chunksN)} chunks, ${whole(Number(sent.n))} redeliveries written, ${whole(Number(sent.parked))} left parked`,
      ),
      line("freeze and dispatch", rate(frozenMs + dispatchedMs), `${number((frozenMs + dispatchedMs) / 1_000)} s`),
      line(
        "take the outcomes (watchOutcomes)",
        rate(watchedMs),
        `${rounds} rounds without a pause; a worker pauses 0.7 s between two`,
      ),
    ],
  );
  console.log(`\nUpdates of the service's dead letters: ${hot} % HOT.`);
}

const write = {
  redeliver: `with d as (update messaging.dead_letter set state = 'redelivering', state_changed_at = clock_timestamp() where dead_letter_id = any($1::bigint[]) and state = 'parked' returning dead_letter_id, consumer, message_id)
    insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by) select gen_random_uuid(), dead_letter_id, consumer, message_id, 'bench' from d`,
  note: `update dead_letter set state = 'redelivering', changed_at = clock_timestamp() where source_id = '${SOURCE}' and source_seq = any($1::text[])`,
};

async function some(atSource: pg.Client, n: number | null): Promise<string[]> {
  const { rows } = await atSource.query<{ id: string }>(
    "select dead_letter_id as id from messaging.dead_letter order by 1 limit $1",
    [n],
  );
  return rows.map(({ id }) => id);
}

async function perItem(atStore: pg.Client, atSource: pg.Client): Promise<number> {
  const ids = await some(atSource, ONE_BY_ONE);
  const { ms } = await once(async () => {
    for (const id of ids) {
      await atSource.query(write.redeliver, [[id]]);
      await atStore.query(write.note, [[id]]);
    }
  });
  await atSource.query("delete from messaging.redelivery");
  await atSource.query("update messaging.dead_letter set state = 'parked' where state <> 'parked'");
  await atStore.query(`update dead_letter set state = 'parked' where state <> 'parked'`);
  return ids.length / (ms / 1_000);
}

async function inSets(atStore: pg.Client, atSource: pg.Client): Promise<number> {
  const ids = await some(atSource, null);
  const samples: number[] = [];
  for (let i = 0; i < 3; i++) {
    await Promise.all([atStore.query("begin"), atSource.query("begin")]);
    const { ms } = await once(async () => {
      for (let from = 0; from < ids.length; from += SET) {
        const part = ids.slice(from, from + SET);
        await atSource.query(write.redeliver, [part]);
        await atStore.query(write.note, [part]);
      }
    });
    await Promise.all([atStore.query("rollback"), atSource.query("rollback")]);
    await Promise.all([
      atStore.query("vacuum dead_letter"),
      atSource.query("vacuum messaging.dead_letter, messaging.redelivery"),
    ]);
    samples.push(ms);
  }
  return ids.length / (timingOf(samples).p50 / 1_000);
}

async function bareFreeze(atStore: pg.Client): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < 3; i++) {
    await atStore.query("begin");
    const { ms } = await once(async () => {
      await atStore.query(
        "insert into dead_letter_claim (dead_letter, operation_id, group_id) select id, 1, group_id from dead_letter where group_id = $1",
        [BULK_GROUP],
      );
      await atStore.query(
        `insert into operation_item (operation_id, item, dead_letter, source_id, source_seq, group_id, consumer, message_id, business_key)
           select 1, row_number() over (), id, source_id, source_seq, group_id, 'c', message_id, business_key from dead_letter where group_id = $1`,
        [BULK_GROUP],
      );
    });
    await atStore.query("rollback");
    await atStore.query("vacuum dead_letter_claim, operation_item");
    samples.push(ms);
  }
  return timingOf(samples).p50;
}
