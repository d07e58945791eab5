import { gzipSync } from "node:zlib";
import { sql } from "drizzle-orm";
import type { Actor, Ctx } from "../../lib/context";
import { openStore } from "../../lib/db/pool";
import { rows } from "../../lib/db/rows";
import { parseGroupFilter } from "../../lib/dead-letters/input";
import { listGroups, listMessages, readGroup } from "../../lib/dead-letters/service";
import { presetRanges, rangeOf } from "../../lib/range";
import { findAnything } from "../../lib/timeline/find";
import { readKey } from "../../lib/timeline/service";
import { readZoneCharts } from "../../lib/zones/charts";
import { judgeZones } from "../../lib/zones/judge";
import { readZone, readZones } from "../../lib/zones/service";
import { readZoneTrends } from "../../lib/zones/trends";
import { onceAt, openCluster } from "../cluster";
import { heading, number, once, pair, type Timing, table, timed, whole } from "../measure";
import type { Size } from "../size";
import { explained, headOf, recorded, type Statement } from "../statements";
import { ZONES, zoneOf } from "./contracts";
import { type Estate, fillStore } from "./estate";
import { benchJudging } from "./judging";

export const estateOf = (size: Size): Estate => {
  const letters = size.rows ?? (size.full ? 1_000_000 : 200_000);
  return { letters, groups: Math.round(letters / 50) };
};

export const operator: Extract<Actor, { kind: "operator" }> = {
  kind: "operator",
  operatorId: "00000000-0000-4000-8000-000000000001",
  name: "Bench",
  email: "bench@example.org",
  role: "administrator",
  zones: null,
  sessionId: "00000000-0000-4000-8000-000000000002",
};

/** The screens' server time with 50 zones and a table full of open dead letters, against the least and the most work that gives the same numbers. */
export async function benchZones(size: Size): Promise<void> {
  const estate = estateOf(size);
  const cluster = await openCluster("store", size.keep);
  try {
    const name = `estate_${estate.letters}`;
    const filled = await once(() => cluster.database(name, (url) => fillStore(url, estate)));
    console.log(
      `\n${whole(estate.letters)} open dead letters in ${whole(estate.groups)} groups, ${ZONES} zones; made in ${number(filled.ms / 1_000)} s.`,
    );
    await screens(cluster.url(name));
  } finally {
    await cluster.close();
  }
}

async function screens(url: string): Promise<void> {
  const store = openStore(url, 10, "accord bench");
  try {
    const { db } = store;
    const now = Date.now();
    // Every source was looked at just now: a judgement of silence would be cheaper.
    await db.execute(sql`update source_status set observed_at = to_timestamp(${now}::float8 / 1000)`);
    await judgeZones(db, now);
    const ctx: Ctx = { db, actor: operator, now };
    const zoneIds = Array.from({ length: ZONES }, (_, n) => zoneOf(n));
    const byKey = await timed(50, () =>
      rows(db, sql`select zone_id, verdict from zone_status where zone_id = any(${sql.param(zoneIds)}::text[])`),
    );
    const naive = await timed(
      5,
      () =>
        rows(
          db,
          sql`select z, count(*), min(d.since) from dead_letter d join dead_letter_group g using (group_id), unnest(g.zones) z group by 1`,
        ),
      1,
    );
    const groups = await listGroups(ctx, parseGroupFilter({}));
    const big = Number(groups.groups[0]!.groupId);
    const first = await listMessages(ctx, { groupId: big, key: null, after: null });
    const deep = await placeIn(url, big);

    const verbs = verbsOf(ctx, { groups, first, big, deep });
    const timings: [string, Timing][] = [];
    for (const [name, verb] of verbs) timings.push([name, await timed(30, verb)]);

    const charts = (range: string) => readZoneCharts(ctx, { zoneId: zoneOf(7), range: rangeOf(range)! });
    print(byKey, naive, timings);
    console.log(
      `\nAnswers: overview ${kB(await readZones(ctx))}, groups ${kB(groups)}, messages ${kB(first)}, charts 24h ${kB(await charts("24h"))}, 30d ${kB(await charts("30d"))}.`,
    );
    await dearest(url, [
      ["readZones", () => readZones(ctx)],
      ["listGroups", filtered(ctx, {})],
    ]);
    await benchJudging(db, url);
  } finally {
    await store.close();
  }
}

type Known = {
  groups: Awaited<ReturnType<typeof listGroups>>;
  first: Awaited<ReturnType<typeof listMessages>>;
  big: number;
  deep: Awaited<ReturnType<typeof placeIn>>;
};

const filtered = (ctx: Ctx, input: Record<string, unknown>) => () => listGroups(ctx, parseGroupFilter(input));

/** What screens ask, by name. */
function verbsOf(ctx: Ctx, { groups, first, big, deep }: Known): [string, () => Promise<unknown>][] {
  const filter = (input: Record<string, unknown>) => filtered(ctx, input);
  const limited: Ctx = { ...ctx, actor: { ...operator, role: "operator", zones: [zoneOf(7)] } };
  return [
    ["readZones: the overview", () => readZones(ctx)],
    ["readZone: one zone", () => readZone(ctx, { zoneId: zoneOf(7) })],
    ...presetRanges.map((range): [string, () => Promise<unknown>] => [
      `readZoneCharts, ${range}`,
      () => readZoneCharts(ctx, { zoneId: zoneOf(7), range: rangeOf(range)! }),
    ]),
    ["readZoneTrends: small charts of 50 zones, 1h", () => readZoneTrends(ctx, { range: rangeOf("1h")! })],
    ["listGroups, first page", filter({})],
    ["listGroups, one zone", filter({ zone: zoneOf(7) })],
    ["listGroups, one error type and a text", filter({ error: "TypeError", q: "step 17" })],
    ["listGroups, a business key", filter({ key: "ORD-1234" })],
    ["listGroups, next page", filter({ after: groups.after })],
    ["findAnything, a key", () => findAnything(ctx, { text: "ORD-1234" })],
    ["findAnything, the beginning of 400,000 keys", () => findAnything(ctx, { text: "ORD-" })],
    ["findAnything, the same for somebody of one zone", () => findAnything(limited, { text: "ORD-" })],
    ["findAnything, a message id", () => findAnything(ctx, { text: first.messages[0]!.messageId })],
    ["findAnything, a correlation id", () => findAnything(ctx, { text: "corr-1234" })],
    ["findAnything, a number", () => findAnything(ctx, { text: "1234" })],
    ["readKey", () => readKey(ctx, { key: "ORD-1234", before: null })],
    ["readKey, of nothing", () => readKey(ctx, { key: "ORD-1234x", before: null })],
    ["readGroup: the largest", () => readGroup(ctx, { groupId: big })],
    ["listMessages, first page of the largest group", () => listMessages(ctx, { groupId: big, key: null, after: null })],
    ["listMessages, 200 pages on", () => listMessages(ctx, { groupId: big, key: null, after: deep })],
  ];
}

function print(byKey: Timing, naive: Timing, timings: [string, Timing][]): void {
  heading("Screens, server time of the verb");
  table(
    ["what", "p50 / p95 ms", "n", "to reading 50 rows by key", "naive count to it"],
    [
      ["reading 50 rows by key", pair(byKey), String(byKey.n), "1", `${whole(naive.p50 / byKey.p50)}x`],
      ["naive: count(*), min(since) group by zone", pair(naive), String(naive.n), `${whole(naive.p50 / byKey.p50)}x`, "1"],
      ...timings.map(([name, timing]) => [
        name,
        pair(timing),
        String(timing.n),
        `${number(timing.p50 / byKey.p50)}x`,
        `${number(naive.p50 / timing.p50)}x`,
      ]),
    ],
  );
}

function kB(value: unknown): string {
  const text = JSON.stringify(value);
  return `${number(text.length / 1_000)} kB (${number(gzipSync(text).length / 1_000)} packed)`;
}

async function placeIn(url: string, groupId: number) {
  return onceAt(url, async (client) => {
    const { rows: found } = await client.query<{ at: number; id: string }>(
      `select (extract(epoch from parked_at) * 1000)::float8 as at, id::text from dead_letter where group_id = $1 order by parked_at desc, id desc offset 10000 limit 1`,
      [groupId],
    );
    return found[0] ? { parkedAt: found[0].at, id: Number(found[0].id) } : null;
  });
}

/** What the statements of some verbs cost inside the database: those of one text together, the dearest first. */
async function dearest(url: string, verbs: [string, () => Promise<unknown>][]): Promise<void> {
  heading("Statements, inside the database");
  const body: string[][] = [];
  await onceAt(url, async (client) => {
    for (const [name, verb] of verbs) {
      const { statements } = await recorded(verb);
      const byText = new Map<string, { n: number; ms: number; rows: number; buffers: number }>();
      for (const statement of statements.filter(isRead)) {
        const cost = await explained(client, statement);
        const sum = byText.get(statement.text) ?? { n: 0, ms: 0, rows: 0, buffers: 0 };
        byText.set(statement.text, {
          n: sum.n + 1,
          ms: sum.ms + cost.ms,
          rows: sum.rows + cost.rowsTouched,
          buffers: sum.buffers + cost.buffers,
        });
      }
      const costs = [...byText].sort(([, a], [, b]) => b.ms - a.ms);
      const total = (of: "ms" | "rows" | "buffers") => costs.reduce((sum, [, cost]) => sum + cost[of], 0);
      body.push([`**${name}**`, String(statements.length), number(total("ms")), whole(total("rows")), whole(total("buffers"))]);
      for (const [text, cost] of costs.slice(0, 6))
        body.push([`– ${headOf(text)}`, String(cost.n), number(cost.ms), whole(cost.rows), whole(cost.buffers)]);
    }
  });
  table(["statement, by the table it reads", "times", "ms", "rows touched", "buffers"], body);
}

const isRead = ({ text }: Statement): boolean =>
  /^\s*(select|with)\b/i.test(text) && !/\b(insert into|update|delete from)\b/i.test(text);
