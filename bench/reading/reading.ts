import { abilitiesOf } from "../../lib/presets/abilities.rules";
import type { SourceMap } from "../../lib/presets/map.rules";
import { mappedSource } from "../../lib/sources/presets/mapped/mapped";
import { nativeSource } from "../../lib/sources/presets/native/native";
import type { Source } from "../../lib/sources/source";
import { onceAt, openCluster } from "../cluster";
import { heading, number, once, pair, table, timed, whole } from "../measure";
import { fillOutbox, writeEvents } from "../observe/outbox";
import type { Size } from "../size";
import { explained, recorded, type Statement } from "../statements";

const OPEN = 10_000;
const CHANGED = 100;
const PAGE = 1_000;
const SLOT = "accord_bench";

/** What a look costs where a table has no triggers, by the way in which it is read, beside the native cursor and a logical slot. */
export async function benchReading(size: Size): Promise<void> {
  const rows = size.rows ?? 1_000_000;
  const cluster = await openCluster("reading", size.keep, { wal_level: "logical" });
  try {
    const filled = await once(() => cluster.database(`jobs_${rows}`, (url) => fill(url, rows)));
    const url = cluster.url(`jobs_${rows}`);
    await cluster.database(`native_${rows}`, async (native) => {
      await fillOutbox(native, rows);
      await onceAt(native, (client) => client.query("vacuum (analyze) messaging.outbox"));
    });
    const [{ heap }] = await onceAt(
      url,
      async (client) => (await client.query("select pg_size_pretty(pg_table_size('app.job')) as heap")).rows,
    );
    heading(
      `Looks at ${whole(rows)} rows that are done and ${whole(OPEN)} that are open (${heap}, made in ${number(filled.ms / 1_000)} s)`,
    );
    const body: string[][] = [];
    for (const way of ways) {
      await onceAt(url, (client) => client.query(way.before));
      body.push(
        ...(await looks(
          way.name,
          url,
          () => mapped(url, way.map),
          () => write(url),
        )),
      );
    }
    body.push(
      ...(await looks(
        "native tables, by their triggers",
        cluster.url(`native_${rows}`),
        () => native(cluster.url(`native_${rows}`)),
        () => onceAt(cluster.url(`native_${rows}`), (client) => writeEvents(client, CHANGED, CHANGED)),
      )),
    );
    body.push(...(await slotLooks(url)));
    table(["way", "what happened", "ms (idle: p50 / p95)", "rows read", "rows touched", "buffers"], body);
  } finally {
    await cluster.close();
  }
}

const fill = (url: string, rows: number) =>
  onceAt(url, async (client) => {
    await client.query(
      `create schema app; create table app.job (id bigserial primary key, state integer not null, kind text not null, at timestamptz not null default now(), done timestamptz, payload jsonb not null)`,
    );
    const made = (state: number, n: number) =>
      `insert into app.job (state, kind, at, done, payload) select ${state}, 'Reserve', now() - i * interval '1 s', ${state === 3 ? "now() - i * interval '1 s'" : "null"}, jsonb_build_object('order', i, 'note', repeat('x', 180)) from generate_series(1, ${n}) i`;
    await client.query(made(3, rows - 200_000));
    await client.query(made(9, OPEN));
    await client.query(made(3, 200_000));
    await client.query("vacuum (analyze) app.job");
  });

/** A hundred jobs come and are done, of those that were parked ten are done as well. */
const write = (url: string) =>
  onceAt(url, async (client) => {
    await client.query(
      `insert into app.job (state, kind, done, payload) select 3, 'Reserve', now(), '{}' from generate_series(1, ${CHANGED}) i`,
    );
    await client.query(
      "update app.job set state = 3, done = now() where id in (select id from app.job where state = 9 order by id limit 10)",
    );
  });

const letters: SourceMap["dead_letters"] = {
  from: "app.job t",
  parked: "t.state = 9",
  done: "t.state = 3",
  id: "t.id",
  consumer: "'stock'",
  type: "t.kind",
  payload: "t.payload",
  occurred: "t.at",
};
const handled: SourceMap["inbox"] = { from: "app.job t", consumer: "'stock'", id: "t.id", type: "t.kind", processed: "t.done" };
const ways: { name: string; before: string; map: SourceMap }[] = [
  { name: "open set, no index", before: "select 1", map: { dead_letters: letters } },
  {
    name: "open set, partial index",
    before: "create index job_open on app.job (id) where state = 9",
    map: { dead_letters: letters },
  },
  {
    name: "kept rows, indexed window",
    before: "create index job_done on app.job (done)",
    map: { inbox: handled },
  },
];

const mapped = (url: string, map: SourceMap) =>
  mappedSource({
    url,
    actUrl: url,
    act: false,
    preset: "generic",
    schema: "app",
    timeZone: "UTC",
    map,
    abilities: abilitiesOf(map),
  });
const native = (url: string) => nativeSource({ url, actUrl: url, schema: "messaging", act: false });

/** Looks until nothing waits, as a worker does: the first one, an idle one, and one after a hundred changes; the costs are those of the statements that it sent. */
async function looks(name: string, url: string, open: () => Source, change: () => Promise<unknown>): Promise<string[][]> {
  const source = open();
  let cursor: unknown = null;
  let found = 0;
  const look = async () => {
    found = 0;
    for (let more = true; more; ) {
      const poll = await source.poll(cursor, PAGE);
      ({ cursor, more } = poll);
      found += poll.deadLetters.length + poll.outbox.length + poll.inbox.length;
    }
  };
  const row = async (what: string, before: () => Promise<unknown>): Promise<string[]> => {
    await before();
    const changed = await recorded(() => once(look));
    const read = found;
    const cost = await costOf(url, changed.statements);
    const idle = await timed(10, look, 2);
    return [
      name,
      what,
      what === "idle" ? pair(idle) : number(changed.value.ms),
      whole(read),
      whole(cost.rowsTouched),
      whole(cost.buffers),
    ];
  };
  try {
    const first = await once(look);
    const body = [[name, "first look", number(first.ms), whole(found), "", ""]];
    body.push(await row("idle", () => Promise.resolve()));
    body.push(await row(`${CHANGED} came, 10 ended`, change));
    return body;
  } finally {
    await source.close();
  }
}

const costOf = (url: string, statements: readonly Statement[]) =>
  onceAt(url, async (client) => {
    const cost = { rowsTouched: 0, buffers: 0 };
    for (const statement of statements.filter(({ text }) => /^\s*select\b/i.test(text))) {
      const one = await explained(client, statement);
      cost.rowsTouched += one.rowsTouched;
      cost.buffers += one.buffers;
    }
    return cost;
  });

/** What a logical slot costs the server to be read, idle and after the same changes: what it has to decode is everything that was written. */
async function slotLooks(url: string): Promise<string[][]> {
  return onceAt(url, async (client) => {
    await client.query("select pg_create_logical_replication_slot($1, 'test_decoding')", [SLOT]);
    const read = async () =>
      (await client.query("select count(*)::int as n from pg_logical_slot_get_changes($1, null, null)", [SLOT])).rows[0]
        .n as number;
    const row = async (what: string, before: () => Promise<unknown>) => {
      await before();
      const { ms, value } = await once(read);
      return ["logical slot", what, number(ms), whole(value), "", ""];
    };
    const body = [
      await row("idle", () => Promise.resolve()),
      await row(`${CHANGED} came, 10 ended`, () => write(url)),
      await row("300,000 rows of another table", async () => {
        await client.query(
          "create table if not exists app.other (id integer, note text); insert into app.other select i, repeat('x', 100) from generate_series(1, 300000) i",
        );
      }),
    ];
    await client.query("select pg_drop_replication_slot($1)", [SLOT]);
    return body;
  });
}
