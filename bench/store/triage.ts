import { sql } from "drizzle-orm";
import type { Ctx } from "../../lib/context";
import { openStore } from "../../lib/db/pool";
import { rows } from "../../lib/db/rows";
import { sumGroups } from "../../lib/dead-letters/grouped";
import { parseGrouped, parseGroupFilter, parseLetterFilter } from "../../lib/dead-letters/input";
import { listLetters } from "../../lib/dead-letters/letters";
import { listGroups, readFacets } from "../../lib/dead-letters/service";
import { onceAt, openCluster } from "../cluster";
import { heading, number, once, pair, type Timing, table, timed, whole } from "../measure";
import type { Size } from "../size";
import { costOf, explained, recorded } from "../statements";
import { zoneOf } from "./contracts";
import { fillStore } from "./estate";
import { operator } from "./zones";

const RUNS = 20;

type Asked = { name: string; limitMs: number; run: () => Promise<unknown> };

/** What triage asks of open and closed dead letters, each query through its verb, with the plans of the slowest. */
export async function benchTriage(size: Size): Promise<void> {
  const all = size.rows ?? (size.full ? 10_000_000 : 1_000_000);
  const open = Math.round(all / 10);
  const cluster = await openCluster("triage", size.keep);
  try {
    const name = `triage_${all}`;
    const filled = await once(() => cluster.database(name, (url) => fill(url, open, all - open)));
    console.log(
      `\n${whole(all)} dead letters, ${whole(open)} of them open in ${whole(open / 50)} groups; made in ${number(filled.ms / 1_000)} s.`,
    );
    await measure(cluster.url(name));
  } finally {
    await cluster.close();
  }
}

async function fill(url: string, open: number, closed: number): Promise<void> {
  await fillStore(url, { letters: open, groups: Math.round(open / 50) });
  await onceAt(url, async (client) => {
    await client.query("set synchronous_commit = off");
    // Closed over the time that has a partition: as many of each open letter's kind as it takes.
    await client.query(
      `insert into dead_letter_history (id, source_id, source_seq, group_id, message_id, business_key, version, consumer_version, occurred_at, parked_at, closed_at, closed_as, attempts, body)
       select 10000000 + row_number() over (), d.source_id, 'c' || d.source_seq || '-' || n, d.group_id, d.message_id || '-' || n, d.business_key, d.version, d.consumer_version, d.occurred_at - n * interval '1 day', d.parked_at - n * interval '1 day',
         greatest(date_trunc('month', now()), now() - (d.id % 20) * interval '1 day' - n * interval '1 minute'), (array['resolved','discarded','gone'])[1 + d.id % 3], 5, to_jsonb(b) - 'id'
         from generate_series(1, $1::int) n, dead_letter d join dead_letter_body b using (id)`,
      [Math.round(closed / open)],
    );
    await client.query("vacuum (analyze) dead_letter_history");
  });
}

async function measure(url: string): Promise<void> {
  const store = openStore(url, 4, "accord bench");
  try {
    const ctx: Ctx = { db: store.db, actor: operator, now: Date.now() };
    const asked = await queriesOf(ctx);
    const timings: [Asked, Timing][] = [];
    for (const one of asked) timings.push([one, await timed(RUNS, one.run, 2)]);
    const naive = await timed(3, () => rows(store.db, naiveText), 1);
    const costs: Awaited<ReturnType<typeof costOf>>[] = [];
    for (const { run } of asked) costs.push(await costOf(url, run));
    heading(`${asked.length} queries, server time of the verb`);
    table(
      ["what", "p50 / p95 ms", "ms inside", "buffers", "at most", "kept"],
      [
        ...timings.map(([{ name, limitMs }, timing], i) => [
          name,
          pair(timing),
          number(costs[i]!.ms),
          whole(costs[i]!.buffers),
          String(limitMs),
          timing.p95 <= limitMs ? "yes" : "no",
        ]),
        ["naive: a text in every message, largest groups first", pair(naive), "–", "–", "–", "–"],
      ],
    );
    const p95s = timings.map(([, { p95 }]) => p95).sort((a, b) => a - b);
    console.log(
      `\np95 over all queries' p95: ${number(p95s[Math.floor(0.95 * p95s.length)]!)} ms; the slowest ${number(p95s.at(-1)!)} ms.`,
    );
    await plans(
      url,
      timings
        .sort((a, b) => b[1].p95 - a[1].p95)
        .slice(0, 3)
        .map(([one]) => one),
    );
  } finally {
    await store.close();
  }
}

const naiveText = sql`select d.group_id, count(*) from dead_letter d join dead_letter_body b using (id) where b.error_message ilike '%step 17%' or b.payload::text ilike '%SKU-17%' group by 1 order by 2 desc limit 50`;

async function queriesOf(ctx: Ctx): Promise<Asked[]> {
  const groups = (name: string, query: string, over: object = {}): Asked => ({
    name: `groups: ${name}`,
    limitMs: 30,
    run: () => listGroups(ctx, parseGroupFilter({ query, ...over })),
  });
  const letters = (name: string, query: string, over: object = {}): Asked => ({
    name: `${"side" in over ? "history" : "messages"}: ${name}`,
    limitMs: 30,
    run: () => listLetters(ctx, parseLetterFilter({ query, ...over })),
  });
  const by = (what: string): Asked => ({
    name: `summed by ${what}`,
    limitMs: 100,
    run: () => sumGroups(ctx, parseGrouped({ by: what })),
  });
  const closed = { side: "closed" };
  const zone = `zone:${zoneOf(7)}`;
  const day = new Date(ctx.now - 86_400_000).toISOString().slice(0, 10);
  const stack =
    "ERROR [main] ConflictError: Reservation 4711 of ORD-88 failed at step 17: upstream answered 503\n    at reserve17 (/app/handler.js:10:5)\n    at next (/app/run.js:4:2)";
  const [page, closedPage, groupPage] = [
    await deep(ctx, {}),
    await deep(ctx, closed),
    (await listGroups(ctx, parseGroupFilter({}))).after,
  ];
  return [
    groups("first page", ""),
    groups("next page", "", { after: groupPage }),
    groups("one zone", zone),
    groups("an error and a text", 'error:TypeError "step 17"'),
    groups("without an error", "-error:TypeError"),
    groups("a version", "version:1.3.0"),
    groups("a pasted stack", stack),
    groups("a business key's beginning", "key:ORD-1234"),
    groups("a payload path", "payload.sku:SKU-17"),
    groups("a payload number above", "payload.amount_cents:>500"),
    groups("attempts", "attempts:>=3"),
    groups("older than 19 d", "age:>19d"),
    { name: "facets", limitMs: 100, run: () => readFacets(ctx) },
    by("consumer"),
    by("event"),
    by("version"),
    by("zone"),
    letters("first page", ""),
    letters("200 pages on", "", { after: page }),
    letters("one zone", zone),
    letters("one consumer, parked since yesterday", `consumer:c01 parked:>${day}`),
    letters("a key", "key:ORD-1234"),
    letters("a correlation id", "correlation:corr-1234"),
    letters("a payload path", "payload.order_id:ORD-1234"),
    letters("a payload path in one zone, not another", `${zone} payload.sku:SKU-17 -payload.amount_cents:17`),
    letters("nothing", "key:nothing-of-that"),
    letters("first page", "", closed),
    letters("200 pages on", "", { ...closed, after: closedPage }),
    letters("a key", "key:ORD-1234", closed),
    letters("one zone, discarded", `${zone} state:discarded`, closed),
  ];
}

// The end of the 200th page.
async function deep(ctx: Ctx, side: { side?: string }): Promise<string | undefined> {
  const order = side.side ? sql`closed_at` : sql`parked_at`;
  const table = side.side ? sql`dead_letter_history` : sql`dead_letter`;
  const [found] = await rows<{ at: number; id: number }>(
    ctx.db,
    sql`select (extract(epoch from date_trunc('milliseconds', ${order})) * 1000)::bigint as at, id from ${table} order by ${order} desc, id desc offset 9999 limit 1`,
  );
  return found && `${found.at}-${found.id}`;
}

/** The dearest statement of each, as the store carries it out. */
async function plans(url: string, slowest: readonly Asked[]): Promise<void> {
  heading("Plans of the slowest three");
  await onceAt(url, async (client) => {
    for (const { name, run } of slowest) {
      const { statements } = await recorded(run);
      let dearest: Awaited<ReturnType<typeof explained>> | null = null;
      for (const statement of statements.filter(({ text }) => /^\s*(select|with)/i.test(text))) {
        const cost = await explained(client, statement);
        if (dearest === null || cost.ms > dearest.ms) dearest = cost;
      }
      console.log(
        `\n${name}: ${number(dearest!.ms)} ms, ${whole(dearest!.rowsTouched)} rows, ${whole(dearest!.buffers)} buffers\n${dearest!.lines.join("\n")}`,
      );
    }
  });
}
