import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { nativeSource } from "../../lib/sources/presets/native/native";
import type { Look, Source } from "../../lib/sources/source";
import { onceAt, openCluster } from "../cluster";
import { counted } from "../counters";
import type { Size } from "../main";
import { heading, number, once, pair, table, timed, whole } from "../measure";
import { type Explained, explained, headOf, recorded } from "../statements";
import { beats } from "./beats";
import { fillOutbox, UNPUBLISHED, writeEvents } from "./outbox";

const PAGE = 1_000;
// A minute of a busy service: 100 events a second, each written and published.
const MINUTE = 6_000;

/** What a look at a source costs its database, by what happened since the look before; nothing may grow with the table. */
export async function benchObserve(size: Size): Promise<void> {
  const rows = size.rows ?? (size.full ? 10_000_000 : 1_000_000);
  const cluster = await openCluster("observe", size.keep);
  try {
    const filled = await once(() => cluster.database(`outbox_${rows}`, (url) => fillOutbox(url, rows)));
    const url = cluster.url(`outbox_${rows}`);
    console.log(
      `\n${whole(rows)} outbox rows, ${whole(UNPUBLISHED.newest + UNPUBLISHED.scattered)} of them unpublished; made in ${number(filled.ms / 1_000)} s, each row inserted and updated. ${await sizes(url)}`,
    );
    heading("Looks, as the load left the table: no VACUUM but the server's own");
    await looks(url);
    await onceAt(url, (client) => client.query("vacuum (analyze) messaging.outbox"));
    heading("Looks, after VACUUM ANALYZE");
    await looks(url, true);
    heading("Whole beats: look, store, re-check");
    await beats(cluster, url);
  } finally {
    await cluster.close();
  }
}

async function sizes(url: string): Promise<string> {
  return onceAt(url, async (client) => {
    const { rows } = await client.query(
      `select pg_size_pretty(pg_table_size('messaging.outbox')) as heap, pg_size_pretty(pg_indexes_size('messaging.outbox')) as indexes,
         round(100.0 * n_tup_hot_upd / greatest(n_tup_upd, 1)) as hot, autovacuum_count as vacuums from pg_stat_user_tables where relid = 'messaging.outbox'::regclass`,
    );
    const { heap, indexes, hot, vacuums } = rows[0];
    return `Heap ${heap}, indexes ${indexes}, ${hot} % of the updates HOT, ${vacuums} autovacuums.`;
  });
}

type Measured = { name: string; cursor: unknown; note?: string };

async function looks(url: string, plans = false): Promise<void> {
  const open = () => nativeSource({ url, actUrl: url, schema: "messaging", act: false });
  const source = open();
  const body: string[][] = [];
  const shown: string[] = [];
  const measure = async ({ name, cursor, note }: Measured): Promise<void> => {
    let look: Look | null = null;
    const timing = await timed(
      plans ? 30 : 10,
      async () => {
        look = await source.look(cursor, PAGE);
      },
      1,
    );
    const { statements } = await recorded(() => source.look(cursor, PAGE));
    const costs = await explainAll(
      url,
      statements.filter(({ text }) => /^\s*select\b/i.test(text)),
    );
    const sum = (of: "rowsTouched" | "buffers") => costs.reduce((total, [, cost]) => total + cost[of], 0);
    const stats = await counted(url, ["messaging"], () => withSource(open, (fresh) => fresh.look(cursor, PAGE)));
    body.push([
      name,
      pair(timing),
      whole(look!.outbox.length),
      whole(sum("rowsTouched")),
      whole(sum("buffers")),
      `${whole(stats.rows)} rows, ${whole(stats.heapBlocks)} + ${whole(stats.indexBlocks)} blocks`,
      note ?? (look!.more ? "more is waiting" : ""),
    ]);
    const outbox = costs.filter(([head]) => head === "outbox");
    for (const [, cost] of outbox) shown.push(`${name}:`, ...cost.lines.map((line) => `  ${line}`));
  };
  try {
    await measure({ name: "first look (open rows and the newest 5,000)", cursor: null });
    const caughtUp = await onward(source, null);
    await measure({ name: "idle look", cursor: caughtUp });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await writeEvents(client, 100, 80);
    await measure({ name: "100 new events, 80 published", cursor: caughtUp });
    const after100 = await onward(source, caughtUp);
    await writeEvents(client, 1_000, 800);
    await measure({ name: "1,000 new events, 800 published", cursor: after100 });
    const after1000 = await onward(source, after100);

    const long = new pg.Client({ connectionString: url });
    await long.connect();
    await long.query("begin; select pg_current_xact_id()");
    const opened = await onward(source, after1000);
    await writeEvents(client, MINUTE, MINUTE);
    const minute = await onward(source, opened);
    await measure({ name: `idle look, a transaction open for ${whole(MINUTE)} events`, cursor: minute });
    await writeEvents(client, 100, 80);
    await measure({ name: "100 new events beside it", cursor: minute });
    await long.query("commit");
    await long.end();
    const released = await onward(source, minute);
    await measure({ name: "idle look after it ended", cursor: released });
    await client.end();
  } finally {
    await source.close();
  }
  table(["look", "p50 / p95 ms", "rows read", "rows touched", "buffers", "the server's own count", ""], body);
  if (plans) console.log(`\n\`\`\`\n${shown.join("\n")}\n\`\`\``);
}

/** Reads on until nothing waits; answers the cursor. */
async function onward(source: Source, from: unknown): Promise<unknown> {
  let look = await source.look(from, PAGE);
  while (look.more) look = await source.look(look.cursor, PAGE);
  await sleep(50);
  return look.cursor;
}

async function withSource(open: () => Source, work: (source: Source) => Promise<unknown>): Promise<void> {
  const source = open();
  try {
    await work(source);
  } finally {
    await source.close();
  }
}

async function explainAll(url: string, statements: { text: string; values: unknown[] }[]): Promise<[string, Explained][]> {
  return onceAt(url, async (client) => {
    const costs: [string, Explained][] = [];
    for (const statement of statements) costs.push([headOf(statement.text), await explained(client, statement)]);
    return costs;
  });
}
