import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type SQL, sql } from "drizzle-orm";
import { expect } from "vitest";
import { parse, stringify } from "yaml";
import { type TestEstate, testEstate } from "../../demo/kit/testing";
import { testFiles } from "../contracts/testing";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";
import { type TestStore, testStore, until } from "../db/testing";
import { program } from "../launch/programs";
import { root } from "../launch/root";
import { parseAct } from "../operations/input";
import { requestRetry } from "../operations/service";
import { makeOperator } from "../operators/testing";

export type Worker = { pid: number; kill: () => Promise<void>; stop: () => Promise<void> };
export type Environment = { estate: TestEstate; store: TestStore; start: () => Worker; close: () => Promise<void> };

/** An estate, a store, and workers as processes of their own that look at it. */
export async function openEnvironment(): Promise<Environment> {
  const [estate, store, files] = await Promise.all([testEstate(), testStore(8), testFiles(installed())]);
  const workers = new Set<Worker>();
  return {
    estate,
    store,
    start: () => {
      const worker = startWorker({ ...estate.env, DATABASE_URL: store.url, ACCORD_CONFIG: files.path });
      workers.add(worker);
      return worker;
    },
    close: async () => {
      await Promise.all([...workers].map((worker) => worker.kill()));
      await estate.close();
      await store.close();
      await files.remove();
    },
  };
}

/** The estate's configuration without what this estate does not install: services on frameworks, and the zones that name them. */
function installed(): Record<string, string> {
  const demo = path.join(root, "demo");
  const whole = parse(readFileSync(path.join(demo, "accord.yaml"), "utf8")) as { sources: Record<string, { preset: string }> };
  const sources = Object.fromEntries(Object.entries(whole.sources).filter(([, source]) => source.preset === "native"));
  const contracts = readdirSync(path.join(demo, "contracts"), { recursive: true, encoding: "utf8" }).flatMap(
    (name): [string, string][] => {
      if (!/\.(yaml|json)$/.test(name)) return [];
      const text = readFileSync(path.join(demo, "contracts", name), "utf8");
      if (name.endsWith(".json")) return [[`contracts/${name}`, text]];
      const { facts } = parse(text) as { facts: { authority: string }[] };
      return facts.every(({ authority }) => Object.hasOwn(sources, authority)) ? [[`contracts/${name}`, text]] : [];
    },
  );
  return { "accord.yaml": stringify({ ...whole, sources }), ...Object.fromEntries(contracts) };
}

function startWorker(env: Record<string, string>): Worker {
  const child: ChildProcess = spawn(process.execPath, program("worker"), {
    cwd: root,
    env: { ...process.env, ...env, LOG_LEVEL: "silent" },
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    await ended;
  };
  return { pid: child.pid!, kill: end("SIGKILL"), stop: end("SIGTERM") };
}

/** Which sources each living process holds. */
export const holders = async (environment: Environment): Promise<Map<number, string[]>> => {
  const found = await rows<{ owner: string; source: string }>(
    environment.store.db,
    sql`select lease_owner as owner, source_id as source from source_status where lease_until > clock_timestamp() order by source_id`,
  );
  const byPid = new Map<number, string[]>();
  for (const { owner, source } of found) {
    const pid = Number(owner.split("-").at(-2));
    byPid.set(pid, [...(byPid.get(pid) ?? []), source]);
  }
  return byPid;
};

// The contract's limit of one retry.
const OPERATION_MAX = 1_000;
const CHUNK = 5;

/**
 * So many messages are retried while two workers work, of which one is killed at a random moment, again and again, and replaced. Afterwards
 * every message was redelivered once and had its effect once, every item has its outcome, and every operation its two entries.
 */
export async function killedStory(
  environment: Environment,
  { messagesN, killsN, wait }: { messagesN: number; killsN: number; wait: boolean },
) {
  const { estate, store } = environment;
  const before = await onHand(estate);
  const letters = await park(estate, messagesN);
  const workers = [environment.start(), environment.start()];
  const operations = await requestAll(store.db, messagesN);
  const mine = sql`operation_id = any(${sql.param(operations)}::bigint[])`;
  estate.of(inventory).start();

  const cutShort = await killWorkers(environment, { workers, killsN, mine, chunksN: Math.ceil(messagesN / CHUNK) });
  const reclaimed = await chunksIn(store.db, mine, ["claimed"]);
  // Claims of the dead run out by the clock; where nobody wants to wait for that, the clock is put forward.
  if (!wait)
    await store.db.execute(
      sql`update operation_chunk set claimed_at = claimed_at - interval '1 minute' where ${mine} and state = 'claimed'`,
    );
  await until(async () => (await rows(store.db, sql`select 1 from operation where ${mine} and ended_at is null`)).length === 0, {
    withinMs: 120_000,
    everyMs: 50,
  });
  for (const worker of workers) await worker.stop();

  await expectOnceInService(estate, letters);
  expect(before - (await onHand(estate))).toBe(messagesN);
  await expectOnceInStore(store.db, operations, messagesN);
  return { cutShort, reclaimed };
}

type Estate = Environment["estate"];

const inventory = "inventory-service";

const onHand = async (estate: Estate) =>
  (await estate.rows<{ n: number }>(inventory, "select sum(on_hand)::int as n from stock"))[0]!.n;

/** Puts so many messages aside at the service; their ids. */
async function park(estate: Estate, messagesN: number): Promise<string[]> {
  const letters = Array.from({ length: messagesN }, (_, n) => ({ id: randomUUID(), key: `ORD-${9_000_000 + n}` }));
  await estate.rows(
    inventory,
    `insert into messaging.dead_letter (consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version, payload, occurred_at, error_type, error_message, attempts, first_failed_at)
     select $1, '2.41.0', id, 'OrderSubmitted', 'order', key, 1, jsonb_build_object('order_id', key, 'lines', '[{"sku": "SKU-2001", "site": "BER-2", "quantity": 1}]'::jsonb),
       now() - interval '1 minute', 'TypeError', 'no site', 5, now() from unnest($2::uuid[], $3::text[]) l(id, key)`,
    [inventory, letters.map(({ id }) => id), letters.map(({ key }) => key)],
  );
  return letters.map(({ id }) => id);
}

/** Asks to retry all of them when the workers have seen them, in as many operations as it takes. */
async function requestAll(db: Db, messagesN: number): Promise<number[]> {
  const ids = await until(
    async () => {
      const found = await rows<{ id: number }>(db, sql`select id from dead_letter where business_key like 'ORD-9%' order by id`);
      return found.length === messagesN && found.map(({ id }) => id);
    },
    { withinMs: 60_000 },
  );
  const { ctx } = await makeOperator(db, Date.now(), { name: `Retries ${messagesN}` });
  const operations: number[] = [];
  for (let from = 0; from < messagesN; from += OPERATION_MAX) {
    const selection = { messages: ids.slice(from, from + OPERATION_MAX) };
    const request = parseAct({ selection, reason: "the fix is deployed", key: `all-${from}` });
    // Small chunks, so that a kill meets one under way: they are cut before any worker sees them.
    operations.push(
      await db.transaction(async (tx) => {
        const made = Number((await requestRetry({ ...ctx, db: tx }, request)).operationId);
        await tx.execute(sql`delete from operation_chunk where operation_id = ${made}`);
        await tx.execute(
          sql`insert into operation_chunk (operation_id, chunk, source_id, item_from, item_to, state)
              select operation_id, (item - 1) / ${CHUNK}::int + 1, min(source_id), min(item), max(item), 'waiting' from operation_item where operation_id = ${made} group by 1, 2`,
        );
        return made;
      }),
    );
  }
  return operations;
}

async function chunksIn(db: Db, mine: SQL, states: string[]): Promise<number> {
  const [row] = await rows<{ n: number }>(
    db,
    sql`select count(*)::int as n from operation_chunk where ${mine} and state = any(${sql.param(states)}::text[])`,
  );
  return row!.n;
}

/** Kills one of the workers in a moment of work and starts another, so often; how many kills came before the work was over. */
async function killWorkers(
  { store, start }: Environment,
  { workers, killsN, mine, chunksN }: { workers: ReturnType<Environment["start"]>[]; killsN: number; mine: SQL; chunksN: number },
): Promise<number> {
  const sent = () => chunksIn(store.db, mine, ["claimed", "sent", "settled"]);
  let cutShort = 0;
  for (let kill = 0; kill < killsN; kill++) {
    const seen = await sent();
    await until(async () => seen === chunksN || (await sent()) > seen, { withinMs: 60_000, everyMs: 5 });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
    const victim = Math.floor(Math.random() * workers.length);
    await workers[victim]!.kill();
    if ((await sent()) < chunksN) cutShort++;
    workers[victim] = start();
  }
  return cutShort;
}

/** In the service's database: asked for once, handled once, one effect each. */
async function expectOnceInService(estate: Estate, letters: string[]): Promise<void> {
  const n = letters.length;
  const perLetter = await estate.rows(
    inventory,
    `select count(*)::int as letters, count(r.n)::int as redelivered, coalesce(max(r.n), 0)::int as most, count(i.n)::int as processed, coalesce(max(i.n), 0)::int as processed_most,
       count(*) filter (where d.state = 'resolved')::int as resolved
     from messaging.dead_letter d left join (select dead_letter_id, count(*) as n from messaging.redelivery group by 1) r using (dead_letter_id)
     left join (select message_id, count(*) as n from messaging.inbox where outcome = 'applied' group by 1) i using (message_id) where d.message_id = any($1)`,
    [letters],
  );
  expect(perLetter).toEqual([{ letters: n, redelivered: n, most: 1, processed: n, processed_most: 1, resolved: n }]);
}

/** In the store: an outcome for every item, nothing held any more, one act and one result. */
async function expectOnceInStore(db: Db, operations: number[], messagesN: number): Promise<void> {
  expect(
    await rows(
      db,
      sql`select count(*)::int as items, count(o.item)::int as ended, count(*) filter (where o.outcome = 'succeeded')::int as succeeded from operation_item i left join operation_outcome o using (operation_id, item)
          where operation_id = any(${sql.param(operations)}::bigint[])`,
    ),
  ).toEqual([{ items: messagesN, ended: messagesN, succeeded: messagesN }]);
  expect(await rows(db, sql`select 1 from dead_letter_claim`)).toEqual([]);
  const entries = await rows<{ who: string }>(
    db,
    sql`select result || ' by ' || actor_kind as who from audit_entry where target_kind = 'operation' and target_id = any(${sql.param(operations.map(String))}::text[]) order by target_id, id`,
  );
  expect(entries.map(({ who }) => who)).toEqual(operations.flatMap(() => ["done by operator", "result by worker"]));
}
