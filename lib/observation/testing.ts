import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import pg from "pg";
import { loadConfiguration } from "../contracts/files";
import { contractMap } from "../contracts/map.rules";
import { publicSource } from "../contracts/rules";
import { applyConfiguration, readContracts } from "../contracts/service";
import { testFiles } from "../contracts/testing";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import { type TestStore, testDatabase, testPool, testStore } from "../db/testing";
import type { Observed } from "../sources/observed";
import { installNative } from "../sources/presets/native/install";
import { sourceRegistry } from "../sources/registry";
import { replaceSources } from "../sources/sql";
import { observeSource } from "./service";

const accord = (act: boolean) => `version: 1
environment: test
sources:
  shop: { service: shop-service, url: "\${SHOP}", act_url: "\${SHOP_ACT}", consumers: [shop-service] }
  stock: { service: stock-service, url: "\${STOCK}", act_url: "\${STOCK_ACT}", consumers: [stock-service], act: ${act} }
contracts: ./contracts
`;

const contract = (zone: string, title: string, events: string, approvals: string, sagas = "") => `version: 1
zone: ${zone}
title: ${title}
promise: What is sold is set aside.
business_key: { name: sale }
facts: [{ fact: sale of ${zone}, authority: shop }]
expectation: { class: eventual, window: 30s, at_risk: 60% }
semantics:
  propagation: outbox
  ordering: by-key
  events:
${events}
recovery:
  retry: { attempts: 5, backoff: exponential, first: 400ms, max: 30s }${sagas}
  approvals: ${approvals}
accountability: { owner: ${zone} }
`;

const sales = contract(
  "sales",
  "Sales",
  `    Placed: { from: shop, to: [stock-service], means: Sold. }
    Both: { from: shop, to: [stock-service], means: Sold and booked. }
    Taken: { from: stock, to: [shop-service], means: Set aside. }`,
  "{ discard: 0, edit_and_retry: 1, retry_above: 5000 }",
  "\n  sagas: { sale: { deadline: 1m, steps: [{ step: pay, compensation: unpay, within: 30s }, { step: take, compensation: give-back, within: 30s }] } }",
);
const books = contract(
  "books",
  "Books",
  `    Both: { from: shop, to: [stock-service], means: Sold and booked. }
    Posted: { from: shop, to: [stock-service], means: Booked. }`,
  "{ discard: 1, edit_and_retry: 1, retry_above: 3 }",
);

const observedTables = [
  "unresolved",
  "open_key",
  "delivery_seen",
  "dead_letter",
  "dead_letter_body",
  "dead_letter_claim",
  "dead_letter_group",
  "saga",
  "saga_compensation",
  "compensation_count",
  "lag_sample",
];

type Side = {
  url: string;
  rows: <T = Record<string, unknown>>(text: string, values?: unknown[]) => Promise<T[]>;
  /** Makes the source's address answer with another database, as a restore does: made from `template`, put in place of the old one. */
  swapFor: (template: string) => Promise<void>;
  copy: () => Promise<string>;
};

export type Sent = { messageId: string; key: string; type: string };

type Files = Record<string, string>;

/** Two services with databases of their own, observed under two contracts: shop sells, stock sets aside. Nobody works but the test. `written` says more in their files, and `addresses` where what these name lies. */
export async function testPair({
  act = true,
  connections = 5,
  written = (files: Files): Files => files,
  addresses = {} as Record<string, string>,
} = {}) {
  const store: TestStore = await testStore(connections);
  const [shop, stock] = await Promise.all([side("shop"), side("stock")]);
  const env = { ...shop.env("SHOP"), ...stock.env("STOCK"), ...addresses };
  const files = await testFiles(
    written({ "accord.yaml": accord(act), "contracts/sales.yaml": sales, "contracts/books.yaml": books }),
  );
  const loaded = await loadConfiguration(files.path, env);
  await files.remove();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const ctx = { db: store.db, actor: { kind: "worker", workerId: "test" } as const, now: Date.now() };
  await applyConfiguration(ctx, loaded.configuration, [], (tx) =>
    replaceSources(tx, loaded.configuration.sources.map(publicSource), ctx.now),
  );
  const registry = sourceRegistry();
  const map = contractMap(await readContracts(store.db), loaded.configuration.sources);
  const observed = loaded.configuration.sources.map(
    (config): Observed => ({
      sourceId: config.sourceId,
      service: config.service,
      source: registry.open(config),
      map,
      contractHash: "1",
    }),
  );
  const of = (sourceId: string): Observed => observed.find((one) => one.sourceId === sourceId)!;

  /** Polls until nothing more waits; the answer is the last poll's. */
  const observe = async (sourceId: string, { workerId = "test", pageSize = 1_000 } = {}): Promise<string> => {
    for (;;) {
      const answer = await observeSource({ db: store.db, workerId, pageSize }, of(sourceId));
      if (answer !== "more") return answer;
    }
  };

  return {
    store,
    shop: shop.side,
    stock: stock.side,
    observed,
    of,
    observe,
    ...actsOfShop(shop.side),
    ...actsOfStock(stock.side),
    ...viewsOf(store.db),
    /** Empties tables of the store; all that observation writes by default. */
    async forget(...tables: string[]): Promise<void> {
      for (const table of tables.length > 0 ? tables : observedTables) await store.db.execute(sql.raw(`delete from ${table}`));
    },
    /** What is counted beside the rows and differs from them; nothing when all counters are true. */
    drift: () => driftOf(store),
    async close() {
      await registry.close();
      await store.close();
      await Promise.all([shop.close(), stock.close()]);
    },
  };
}

export type TestPair = Awaited<ReturnType<typeof testPair>>;

/** Counters and summaries that differ from the rows that they count, in words. */
export async function driftOf(store: Pick<TestStore, "db">): Promise<string[]> {
  const found = await rows<{ what: string }>(
    store.db,
    sql`select 'group ' || g.group_id || ' says ' || g.open_n || ', holds ' || count(d.id) as what from dead_letter_group g left join dead_letter d using (group_id) group by g.group_id having g.open_n <> count(d.id)
      union all select 'versions of group ' || g.group_id from dead_letter_group g where coalesce((select sum(value::int) from jsonb_each_text(g.versions)), 0) <> g.open_n
      union all select 'body ' || coalesce(d.id, b.id) from dead_letter d full join dead_letter_body b using (id) where d.id is null or b.id is null
      union all select 'key ' || coalesce(o.business_key, u.business_key) || ' in ' || coalesce(o.zone_id, u.zone_id) from open_key o full join
        (select zone_id, business_key, min(since) as since, count(*)::int as facts from unresolved where confirmed group by 1, 2) u using (zone_id, business_key)
        where (o.since, o.facts) is distinct from (u.since, u.facts)
      union all select 'parked fact ' || u.ref from unresolved u where u.reason = 'parked' and not exists (select 1 from dead_letter d where d.source_id = u.source_id and d.message_id::text = u.ref)
      union all select 'letter ' || d.id || ' in ' || z from dead_letter d join dead_letter_group g using (group_id), unnest(g.zones) z
        where not exists (select 1 from unresolved u where u.reason = 'parked' and u.ref = d.message_id::text and u.zone_id = z)`,
  );
  return found.map(({ what }) => what);
}

async function side(name: string) {
  const database = await testDatabase(name);
  const tag = new URL(database.url).pathname.slice(-12);
  const observer = { user: `observer_${tag}`, password: "secret" };
  const actor = { user: `actor_${tag}`, password: "secret" };
  await installNative(database.url, { observer, actor });
  const as = ({ user, password }: typeof observer) => Object.assign(new URL(database.url), { username: user, password }).href;
  const pool = testPool(database.url, 4);
  const own = new URL(database.url).pathname.slice(1);
  const copies: string[] = [];
  const admin = async (...statements: string[]) => {
    const url = Object.assign(new URL(database.url), { pathname: "/postgres" });
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const away = (database: string) =>
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and pid <> pg_backend_pid()`;
  const result: Side = {
    url: database.url,
    rows: async (text, values = []) => (await pool.query(text, values)).rows as never,
    copy: async () => {
      const copy = `${own}_copy${copies.length}`;
      copies.push(copy);
      await admin(`alter database ${own} with allow_connections false`, away(own));
      await admin(`create database ${copy} template ${own}`, `alter database ${own} with allow_connections true`);
      return copy;
    },
    swapFor: async (copy) => {
      await admin(`alter database ${own} with allow_connections false`, away(own));
      await admin(`alter database ${own} rename to ${own}_old`, `alter database ${copy} rename to ${own}`);
      await admin(`drop database ${own}_old with (force)`, `alter database ${own} with allow_connections true`);
    },
  };
  return {
    side: result,
    env: (variable: string) => ({ [variable]: as(observer), [`${variable}_ACT`]: as(actor) }),
    close: async () => {
      await pool.end();
      await database.drop();
      for (const copy of copies) await admin(`drop database if exists ${copy} with (force)`);
      await admin(`drop role if exists ${observer.user}, ${actor.user}`);
    },
  };
}

const actsOfShop = (shop: Side) => ({
  /** An event in shop's outbox. */
  async emit(
    type = "Placed",
    key = `S-${randomUUID().slice(0, 8)}`,
    { published = true, ago = "1 second", client }: { published?: boolean; ago?: string; client?: pg.ClientBase } = {},
  ): Promise<Sent> {
    const messageId = randomUUID();
    const text = `insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, version, payload, occurred_at, written_at, published_at)
    values ($1, $2, 'sale', $3, 1, '{"n": 1}', clock_timestamp() - $4::interval, clock_timestamp() - $4::interval, case when $5 then clock_timestamp() end)`;
    const values = [messageId, type, key, ago, published];
    await (client ? client.query(text, values) : shop.rows(text, values));
    return { messageId, key, type };
  },
});

const actsOfStock = (stock: Side) => ({
  /** Stock processed it. */
  process: ({ messageId, key, type }: Sent) =>
    stock.rows(
      `insert into messaging.inbox (consumer, message_id, event_type, business_key, version, occurred_at, outcome, consumer_version)
     values ('stock-service', $1, $2, $3, 1, clock_timestamp() - interval '1 second', 'applied', '1.0')`,
      [messageId, type, key],
    ),
  /** Stock put it aside after its last attempt, or once more. */
  async park({ messageId, key, type }: Sent, error = "Error: it broke"): Promise<string> {
    const [row] = await stock.rows<{ id: string }>(
      `insert into messaging.dead_letter (consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version, payload, occurred_at, error_type, error_message, attempts, first_failed_at)
     values ('stock-service', '1.0', $1, $2, 'sale', $3, 1, '{"n": 1}', clock_timestamp() - interval '1 second', split_part($4, ': ', 1), split_part($4, ': ', 2), 5, clock_timestamp())
     on conflict (consumer, message_id) do update set state = 'parked', attempts = dead_letter.attempts + 1, error_type = excluded.error_type, error_message = excluded.error_message, parked_at = clock_timestamp()
     returning dead_letter_id::text as id`,
      [messageId, type, key, error],
    );
    return row!.id;
  },
  settle: (id: string, state: "resolved" | "discarded" | "redelivering" | "parked") =>
    stock.rows("update messaging.dead_letter set state = $2, state_changed_at = clock_timestamp() where dead_letter_id = $1", [
      id,
      state,
    ]),
  /** What stock does with requests: takes what waits, ends it so, and settles the letters. */
  answer: async (state: string, most = 1_000_000): Promise<number> => {
    const done = await stock.rows<{ id: string }>(
      `with w as (select redelivery_id, dead_letter_id from messaging.redelivery where state in ('waiting', 'taken') order by requested_at, dead_letter_id limit ${most} for update skip locked),
       done as (update messaging.redelivery r set state = $1, taken_at = clock_timestamp(), finished_at = clock_timestamp(),
         error_type = case when $1 = 'failed' then 'Error' end, error_message = case when $1 = 'failed' then 'it broke' end from w where r.redelivery_id = w.redelivery_id)
     update messaging.dead_letter d set state = case when $1 = 'failed' then 'parked' else 'resolved' end, state_changed_at = clock_timestamp(),
       attempts = attempts + case when $1 = 'failed' then 1 else 0 end, parked_at = case when $1 = 'failed' then clock_timestamp() else parked_at end
     from w where d.dead_letter_id = w.dead_letter_id returning d.dead_letter_id as id`,
      [state],
    );
    return done.length;
  },
});

const viewsOf = (db: Db) => ({
  /** Open facts of the store, as `zone reason key`. */
  open: async (): Promise<string[]> =>
    (
      await rows<{ fact: string }>(
        db,
        sql`select zone_id || ' ' || reason || ' ' || business_key || case when confirmed then '' else ' ?' end as fact from unresolved order by 1`,
      )
    ).map(({ fact }) => fact),
  letters: () =>
    rows<{ id: number; seq: number; key: string; state: string; groupId: number; error: string; attempts: number }>(
      db,
      sql`select d.id, d.source_seq as seq, d.business_key as key, d.state, d.group_id as "groupId", g.error_type as error, d.attempts from dead_letter d join dead_letter_group g using (group_id) order by d.id`,
    ),
});
