import pg from "pg";
import { contractMap } from "../../lib/contracts/map.rules";
import { openStore } from "../../lib/db/pool";
import { namesOf } from "../../lib/dead-letters/naming";
import { recordDeadLetters } from "../../lib/dead-letters/record";
import { insertUnresolved, lockZones, refreshOpenKeys } from "../../lib/facts/sql";
import { observeSource } from "../../lib/observation/service";
import type { DeadLetterRow, Poll } from "../../lib/sources/observable";
import { nativeSource } from "../../lib/sources/presets/native/native";
import type { Source } from "../../lib/sources/source";
import { openCluster } from "../cluster";
import { heading, number, once, type Timing, table, timingOf, whole } from "../measure";
import type { Size } from "../size";
import { estateConfiguration } from "./contracts";
import { fillStore } from "./estate";
import { fillLetters } from "./letters";
import { listsMeanwhile, printLists } from "./lists";
import { estateOf } from "./zones";

const PAGE = 1_000;
const ROW_BY_ROW = 300;
const SOURCE = "s03";

/** Dead letters into a store that is full of them, through the path that a poll takes, against the database's own speed with the same rows and indexes. */
export async function benchIngest(size: Size): Promise<void> {
  const estate = estateOf({ ...size, rows: null });
  const n = size.rows ?? (size.full ? 100_000 : 20_000);
  const cluster = await openCluster("store", size.keep);
  try {
    const name = `estate_${estate.letters}`;
    await cluster.database(name, (url) => fillStore(url, estate));
    const source = await cluster.database(`letters_${n}`, (url) =>
      fillLetters(url, { from: 10_000_001, n, consumer: "c03", zone: 2, perTransaction: 20 }),
    );
    const storeUrl = await cluster.copy(name, "ingest");
    console.log(
      `\nInto ${whole(estate.letters)} open dead letters; ${whole(n)} come, in pages of ${whole(PAGE)}, of 400 keys in a thousand and 40 groups.`,
    );
    await ingest(storeUrl, source, n);
    await cluster.drop("ingest");
  } finally {
    await cluster.close();
  }
}

async function ingest(storeUrl: string, sourceUrl: string, n: number): Promise<void> {
  const store = openStore(storeUrl, 4, "accord bench");
  const source = nativeSource({ url: sourceUrl, actUrl: sourceUrl, schema: "messaging", act: false });
  const client = new pg.Client({ connectionString: storeUrl });
  await client.connect();
  try {
    const configuration = await estateConfiguration({ [SOURCE]: sourceUrl });
    const map = contractMap(
      configuration.contracts.map((text) => text.contract),
      configuration.sources,
    );
    const pages = await pagesOf(source, Math.min(n, 20_000));
    const offsets = { own: 0, of: () => 0 };
    const record = async (page: readonly DeadLetterRow[]) => {
      const names = await namesOf(SOURCE, page, map);
      await store.db.transaction(async (tx) => {
        await lockZones(tx, map.zonesOfSource(SOURCE));
        const letters = await recordDeadLetters(tx, SOURCE, page, { map, names, offsets, now: Date.now() });
        await refreshOpenKeys(tx, await insertUnresolved(tx, letters.opened));
      });
    };

    const single = pages[0]!.slice(0, ROW_BY_ROW);
    const byRow = await once(async () => {
      for (const row of single) await record([row]);
    });
    await forget(client);
    const samples: number[] = [];
    for (const page of pages) samples.push((await once(() => record(page))).ms);
    const rows = pages.reduce((sum, page) => sum + page.length, 0);
    const timing = timingOf(samples);
    const rate = rows / (samples.reduce((a, b) => a + b, 0) / 1_000);
    const [limitAll, limitTwo] = [await limit(client, rows, true), await limit(client, rows, false)];
    await forget(client);

    let pollMs = 0;
    const watched: Source = {
      ...source,
      poll: async (cursor, pageSize): Promise<Poll> => {
        const { ms, value } = await once(() => source.poll(cursor, pageSize));
        pollMs += ms;
        return value;
      },
    };
    const observer = { db: store.db, workerId: "bench" };
    const lists = await listsMeanwhile(storeUrl, async () => {
      const of = { sourceId: SOURCE, service: SOURCE, source: watched, map };
      const { ms } = await once(async () => {
        while ((await observeSource(observer, of)) === "more");
      });
      return ms;
    });
    const observed = n / (lists.value / 1_000);
    const limitAfter = await limit(client, rows, true);

    print({ limitAll, limitTwo, limitAfter, rate, timing, byRowMs: byRow.ms, observed, sourceShare: pollMs / lists.value });
    printLists(lists);
  } finally {
    await client.end();
    await source.close();
    await store.close();
  }
}

type Figures = {
  /** Rows a second: the database's own speed, with all four tables and with two. */
  limitAll: number;
  limitTwo: number;
  /** With all that came in the tables. */
  limitAfter: number;
  rate: number;
  timing: Timing;
  byRowMs: number;
  observed: number;
  /** Of the whole time, what was spent in the source's database. */
  sourceShare: number;
};

function print({ limitAll, limitTwo, limitAfter, rate, timing, byRowMs, observed, sourceShare }: Figures): void {
  heading("Ingest of dead letters");
  const line = (name: string, perSecond: number, note: string) => [name, whole(perSecond), number(perSecond / limitAll), note];
  table(
    ["path", "rows/s", "to the limit", ""],
    [
      line(
        "limit: insert … select of the same rows into the same four tables",
        limitAll,
        "letter, body, unresolved, open key; all their indexes; one statement each",
      ),
      line("letter and body only", limitTwo, ""),
      line(
        "recorded in pages: groups, counters, arrivals, unresolved, keys",
        rate,
        `a page ${number(timing.p50)} / ${number(timing.p95)} ms`,
      ),
      line(
        "one row a transaction, the same path",
        ROW_BY_ROW / (byRowMs / 1_000),
        `pages are ${number(rate / (ROW_BY_ROW / (byRowMs / 1_000)))}x as fast`,
      ),
      line(
        "a source with a backlog, whole polls (observeSource)",
        observed,
        `${number(100 * sourceShare)} % of the time its next page was being read`,
      ),
      line(
        "the limit once more, into what is full of them by now",
        limitAfter,
        `whole polls are ${number(observed / limitAfter)} of it`,
      ),
    ],
  );
}

async function pagesOf(source: Source, n: number): Promise<DeadLetterRow[][]> {
  const pages: DeadLetterRow[][] = [];
  let cursor: unknown = null;
  while (pages.length * PAGE < n) {
    const poll = await source.poll(cursor, PAGE);
    if (poll.deadLetters.length > 0) pages.push(poll.deadLetters);
    cursor = poll.cursor;
    if (!poll.more) break;
  }
  return pages;
}

/** The same rows once more under other numbers, by the database alone: into the same tables, as full as they are, as many however many came. Undone. */
async function limit(client: pg.Client, rows: number, all: boolean): Promise<number> {
  const columns =
    "group_id, business_key, version, consumer_version, occurred_at, parked_at, since, seen_at, flagged, state, attempts, changed_at";
  const body =
    "schema_version, aggregate_type, correlation_id, causation_id, traceparent, error_message, error_stack, attempt_log, payload, payload_bytes, headers, first_failed_at";
  const came = `source_id = '${SOURCE}' and business_key like 'ORD-L%' and id < 100000000`;
  const bodies = body.split(", ").map((name) => `b.${name}`);
  const facts = "source_id, reason, consumer, zone_id, business_key, event_type, since, confirmed, flagged";
  const statements = [
    `insert into dead_letter (id, source_id, source_seq, message_id, ${columns}) overriding system value select id + 100000000, source_id, 'x' || source_seq, gen_random_uuid()::text, ${columns} from dead_letter where ${came} order by id limit ${rows}`,
    `insert into dead_letter_body (id, ${body}) select b.id + 100000000, ${bodies.join(", ")} from dead_letter d join dead_letter_body b using (id) where ${came.replace("id <", "d.id <")} order by d.id limit ${rows}`,
    `insert into unresolved (ref, ${facts}) select 'x' || ref, ${facts} from unresolved where source_id = '${SOURCE}' and reason = 'parked' and business_key like 'ORD-L%' limit ${rows}`,
    `insert into open_key (zone_id, business_key, since, reasons, facts) select zone_id, 'x' || business_key, since, reasons, facts from open_key where business_key like 'ORD-L%' limit ${Math.ceil((rows * 2) / 5)}`,
  ];
  const samples: number[] = [];
  for (let i = 0; i < 3; i++) {
    await client.query("begin");
    const { ms } = await once(async () => {
      for (const statement of all ? statements : statements.slice(0, 2)) await client.query(statement);
    });
    await client.query("rollback");
    samples.push(ms);
  }
  await client.query("vacuum dead_letter, dead_letter_body, unresolved, open_key");
  return rows / (timingOf(samples).p50 / 1_000);
}

/** Takes out what was recorded, so that the next path meets the same store. */
async function forget(client: pg.Client): Promise<void> {
  await client.query(
    `with d as (delete from dead_letter where source_id = '${SOURCE}' and business_key like 'ORD-L%' returning id) delete from dead_letter_body b using d where b.id = d.id`,
  );
  await client.query("delete from unresolved where business_key like 'ORD-L%'");
  await client.query("delete from open_key where business_key like 'ORD-L%'");
  await client.query("vacuum dead_letter, dead_letter_body, unresolved, open_key");
}
