import pg from "pg";
import { contractMap } from "../../lib/contracts/map.rules";
import { openStore } from "../../lib/db/pool";
import { namesOf } from "../../lib/dead-letters/naming";
import { recordDeadLetters } from "../../lib/dead-letters/record";
import { insertUnresolved, lockZones, refreshOpenKeys } from "../../lib/facts/sql";
import { limits } from "../../lib/observation/rules";
import { observeSource } from "../../lib/observation/service";
import type { DeadLetterRow } from "../../lib/sources/observable";
import { nativeSource } from "../../lib/sources/presets/native/native";
import type { Source } from "../../lib/sources/source";
import { openCluster } from "../cluster";
import { heading, number, once, type Timing, table, timingOf, whole } from "../measure";
import { type Processors, processorsOf } from "../processors";
import type { Size } from "../size";
import { estateConfiguration } from "./contracts";
import { fillStore } from "./estate";
import { forget, type Limit, limit, PAGE, SOURCE } from "./ingest-limit";
import { fillLetters } from "./letters";
import { listsMeanwhile, printLists } from "./lists";
import { estateOf } from "./zones";

const ROW_BY_ROW = 300;
/** Letters that one poll reads of a backlog. */
const POLLED = limits.pagesPerPoll * PAGE;

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
    const inPages = await processorsOf(client, async () => {
      for (const page of pages) samples.push((await once(() => record(page))).ms);
    });
    const rows = pages.reduce((sum, page) => sum + page.length, 0);
    const [before, two] = [await limit(client, rows, true), await limit(client, rows, false)];
    await forget(client);

    const observer = { db: store.db, workerId: "bench" };
    const poll = () => observeSource(observer, { sourceId: SOURCE, service: SOURCE, source, map });
    // Half of them while nobody looks on, the others while somebody does.
    const polls = Math.max(1, Math.floor(n / 2 / POLLED));
    const alone = await once(() =>
      processorsOf(client, async () => {
        for (let i = 0; i < polls; i++) await poll();
      }),
    );
    const between = await limit(client, rows, true);
    let watchedMs = 0;
    const lists = await listsMeanwhile(storeUrl, async () => {
      const { ms } = await once(async () => {
        while ((await poll()) === "more");
      });
      watchedMs = ms;
    });
    const after = await limit(client, rows, true);

    print({
      limits: { before, two, between, after },
      recorded: { rate: rows / (samples.reduce((a, b) => a + b, 0) / 1_000), page: timingOf(samples) },
      byRow: ROW_BY_ROW / (byRow.ms / 1_000),
      alone: (polls * POLLED) / (alone.ms / 1_000),
      watched: (n - polls * POLLED) / (watchedMs / 1_000),
    });
    printProcessors(before, { store: client.database!, source: new URL(sourceUrl).pathname.slice(1) }, [
      { name: "recorded in pages", taken: inPages, pages: pages.length },
      { name: "whole polls", taken: alone.value, pages: (polls * POLLED) / PAGE },
    ]);
    printLists(lists);
  } finally {
    await client.end();
    await source.close();
    await store.close();
  }
}

/** Rows a second, each. */
type Figures = {
  /** The database's own speed: with all four tables before, half-way and with all that came in them; and with two. */
  limits: { before: Limit; two: Limit; between: Limit; after: Limit };
  recorded: { rate: number; page: Timing };
  byRow: number;
  /** Whole polls, while nobody looks on and while somebody does. */
  alone: number;
  watched: number;
};

function print({ limits: bounds, recorded, byRow, alone, watched }: Figures): void {
  heading("Ingest of dead letters");
  const line = (name: string, perSecond: number, note: string) => [
    name,
    whole(perSecond),
    number(perSecond / bounds.before.rate),
    note,
  ];
  const of = (rate: number, others: [string, Limit][]) =>
    others.map(([when, { rate: limit }]) => `${number(rate / limit)} of the limit ${when}`).join(", ");
  table(
    ["path", "rows/s", "to the limit", ""],
    [
      line(
        "limit: insert … select of the same rows into the same four tables",
        bounds.before.rate,
        "letter, body, unresolved, open key; all their indexes; one statement each",
      ),
      line("letter and body only", bounds.two.rate, ""),
      line(
        "recorded in pages: groups, counters, arrivals, unresolved, keys",
        recorded.rate,
        `a page ${number(recorded.page.p50)} / ${number(recorded.page.p95)} ms`,
      ),
      line("one row a transaction, the same path", byRow, `pages are ${number(recorded.rate / byRow)}x as fast`),
      line(
        "a source with a backlog, whole polls (observeSource): the first half",
        alone,
        of(alone, [["half-way", bounds.between]]),
      ),
      line("the limit half-way", bounds.between.rate, ""),
      line(
        "the second half, while somebody looks at lists",
        watched,
        of(watched, [
          ["half-way", bounds.between],
          ["after", bounds.after],
        ]),
      ),
      line("the limit with all that came in the tables", bounds.after.rate, ""),
    ],
  );
}

type Taken = { name: string; taken: Processors; pages: number };

function printProcessors(bound: Limit, databases: { store: string; source: string }, paths: readonly Taken[]): void {
  heading("Milliseconds of processor a page");
  const of = (ms: (taken: Processors) => number) => paths.map(({ taken, pages }) => number(ms(taken) / pages));
  table(
    ["", "limit", ...paths.map(({ name }) => name)],
    [
      ["the store's process", number(bound.processorMs), ...of((taken) => taken.of(databases.store))],
      ["the worker", "0", ...of((taken) => taken.worker)],
      ["the source's process", "0", ...of((taken) => taken.of(databases.source))],
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
