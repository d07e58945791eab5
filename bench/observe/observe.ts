import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Poll } from "../../lib/sources/observable";
import { nativeSource } from "../../lib/sources/presets/native/native";
import type { Source } from "../../lib/sources/source";
import { onceAt, openCluster } from "../cluster";
import { counted } from "../counters";
import { heading, number, once, pair, table, timed, whole } from "../measure";
import type { Size } from "../size";
import { type Explained, explained, headOf, recorded } from "../statements";
import { fillOutbox, UNPUBLISHED, writeEvents } from "./outbox";
import { rounds } from "./rounds";

const PAGE = 1_000;
// A minute of a busy service: 100 events a second, each written and published.
const MINUTE = 6_000;

/** What a poll of a source costs its database, by what happened since the poll before; nothing may grow with the table. */
export async function benchObserve(size: Size): Promise<void> {
  const rows = size.rows ?? (size.full ? 10_000_000 : 1_000_000);
  const cluster = await openCluster("observe", size.keep);
  try {
    const filled = await once(() => cluster.database(`outbox_${rows}`, (url) => fillOutbox(url, rows)));
    const url = cluster.url(`outbox_${rows}`);
    console.log(
      `\n${whole(rows)} outbox rows, ${whole(UNPUBLISHED.newest + UNPUBLISHED.scattered)} of them unpublished; made in ${number(filled.ms / 1_000)} s, each row inserted and updated. ${await sizes(url)}`,
    );
    heading("Polls, as the load left the table: no VACUUM but the server's own");
    await polls(url);
    await onceAt(url, (client) => client.query("vacuum (analyze) messaging.outbox"));
    heading("Polls, after VACUUM ANALYZE");
    await polls(url, true);
    heading("Whole rounds: poll, store, re-check");
    await rounds(cluster, url);
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

async function polls(url: string, plans = false): Promise<void> {
  const open = () => nativeSource({ url, actUrl: url, schema: "messaging", act: false });
  const source = open();
  const body: string[][] = [];
  const shown: string[] = [];
  const measure = async ({ name, cursor, note }: Measured): Promise<void> => {
    let poll: Poll | null = null;
    const timing = await timed(
      plans ? 30 : 10,
      async () => {
        poll = await source.poll(cursor, PAGE);
      },
      1,
    );
    const { statements } = await recorded(() => source.poll(cursor, PAGE));
    const costs = await explainAll(
      url,
      statements.filter(({ text }) => /^\s*select\b/i.test(text)),
    );
    const sum = (of: "rowsTouched" | "buffers") => costs.reduce((total, [, cost]) => total + cost[of], 0);
    const stats = await counted(url, ["messaging"], () => withSource(open, (fresh) => fresh.poll(cursor, PAGE)));
    body.push([
      name,
      pair(timing),
      whole(poll!.outbox.length),
      whole(sum("rowsTouched")),
      whole(sum("buffers")),
      `${whole(stats.rows)} rows, ${whole(stats.heapBlocks)} + ${whole(stats.indexBlocks)} blocks`,
      note ?? (poll!.more ? "more is waiting" : ""),
    ]);
    const outbox = costs.filter(([head]) => head === "outbox");
    for (const [, cost] of outbox) shown.push(`${name}:`, ...cost.lines.map((line) => `  ${line}`));
  };
  try {
    await measure({ name: "first poll (open rows and the newest 5,000)", cursor: null });
    const caughtUp = await onward(source, null);
    await measure({ name: "idle poll", cursor: caughtUp });
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
    await measure({ name: `idle poll, a transaction open for ${whole(MINUTE)} events`, cursor: minute });
    await writeEvents(client, 100, 80);
    await measure({ name: "100 new events beside it", cursor: minute });
    await long.query("commit");
    await long.end();
    const released = await onward(source, minute);
    await measure({ name: "idle poll after it ended", cursor: released });
    await client.end();
  } finally {
    await source.close();
  }
  table(["poll", "p50 / p95 ms", "rows read", "rows touched", "buffers", "the server's own count", ""], body);
  if (plans) console.log(`\n\`\`\`\n${shown.join("\n")}\n\`\`\``);
}

/** Reads on until nothing waits; answers the cursor. */
async function onward(source: Source, from: unknown): Promise<unknown> {
  let poll = await source.poll(from, PAGE);
  while (poll.more) poll = await source.poll(poll.cursor, PAGE);
  await sleep(50);
  return poll.cursor;
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
