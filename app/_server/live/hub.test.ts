import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type TestStore, testStore, until } from "@/lib/db/testing";
import { LIVE_CHANNEL, type LiveEvent, topics } from "@/lib/live/rules";
import { log } from "../log";
import { LiveHub, type Silence } from "./hub";
import { LiveStream, limits } from "./stream";

let store: TestStore;
let owner: pg.Client;
beforeAll(async () => {
  log.level = "silent";
  store = await testStore();
  owner = new pg.Client(store.ownerUrl);
  owner.on("error", () => {});
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await store.close();
});

/** What is silent, as the tests say. */
const silent = "";
const silence: Silence = { now: async () => silent, tells: ["zones", "sources"] };
const wide = { streamsMax: 100, perSessionMax: 4, checkEveryMs: 60_000, silenceEveryMs: 10 };
const open: LiveHub[] = [];
afterEach(async () => {
  for (const hub of open.splice(0)) await hub.close();
});
function makeHub(bounds = {}): LiveHub {
  const hub = new LiveHub(store.url, silence, { ...wide, ...bounds });
  open.push(hub);
  return hub;
}

/** A screen as far as the server can tell: what it heard, and whether the line still stands. */
type Screen = { heard: LiveEvent[]; ended: boolean };
function read(body: ReadableStream<Uint8Array>): Screen {
  const screen: Screen = { heard: [], ended: false };
  (async () => {
    let text = "";
    for await (const part of body) {
      text += Buffer.from(part).toString();
      const whole = text.split("\n\n");
      text = whole.pop()!;
      for (const message of whole) {
        const [, event, data] = /event: (.*)\ndata: (.*)/.exec(message) ?? [];
        if (event) screen.heard.push({ event, data: JSON.parse(data!) } as LiveEvent);
      }
    }
    screen.ended = true;
  })();
  return screen;
}
const look = (hub: LiveHub, session = "s", stillValid = async () => true, after = false) =>
  read(hub.open(session, { stillValid, after }));
const says = (screen: Screen, event: string) => until(async () => screen.heard.some((one) => one.event === event));
const told = (screen: Screen) => screen.heard.flatMap((one) => (one.event === "change" ? one.data : []));
const connections = async () =>
  (
    await owner.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name = 'accord web live' and datname = current_database()",
    )
  ).rows;
const notify = (topic: string) => owner.query("select pg_notify($1, $2)", [LIVE_CHANNEL, topic]);
/** A stream that has heard something is one that is told of everything after. */
async function listening(...screens: Screen[]): Promise<void> {
  const heard = async () => {
    await notify("audit");
    return screens.every((screen) => told(screen).includes("audit"));
  };
  await until(heard, { everyMs: 100 });
}

test("many screens hear of a change over one connection, and of nothing else", async () => {
  const hub = makeHub();
  const screens = Array.from({ length: 50 }, (_, i) => look(hub, `s${i}`));
  await listening(...screens);
  await notify("zones");
  await notify("no such noun");
  await Promise.all(screens.map((screen) => until(async () => told(screen).includes("zones"))));
  expect(new Set(screens.flatMap(told))).toEqual(new Set(["audit", "zones"]));
  expect(await connections()).toHaveLength(1);
});

test("a thousand changes are a few messages", async () => {
  const screen = look(makeHub());
  await listening(screen);
  const before = screen.heard.length;
  const startedAt = performance.now();
  for (let i = 0; i < 1_000; i++) await notify(i % 2 ? "zones" : "operations");
  await notify("sagas");
  await until(async () => told(screen).includes("sagas"));
  const most = Math.ceil((performance.now() - startedAt) / limits.gatherMs) + 1;
  expect(screen.heard.length - before).toBeLessThanOrEqual(most);
});

test("after a lost connection every screen is told that anything may have changed, and hears on", async () => {
  const hub = makeHub();
  const screen = look(hub);
  await listening(screen);
  await owner.query("select pg_terminate_backend($1)", [(await connections())[0]!.pid]);
  await says(screen, "all");
  await notify("zones");
  await until(async () => told(screen).includes("zones"));
  expect(screen.ended).toBe(false);
});

test("while nobody listens screens are told to ask by the clock, also those that come later", async () => {
  const hub = new LiveHub("postgres://accord_app@127.0.0.1:1/nothing", silence, wide);
  open.push(hub);
  const screen = look(hub);
  await says(screen, "quiet");
  await says(look(hub), "quiet");
});

test("what falls silent is told, and once more since another process's clock may be behind, and what is seen again too; a store that does not answer says nothing", async () => {
  let [asked, toldN] = [0, 0];
  let answer = async () => "";
  const watched: Silence = {
    now: () => {
      asked += 1;
      return answer();
    },
    get tells() {
      toldN += 1;
      return ["zones"] as const;
    },
  };
  const hub = new LiveHub(store.url, watched, { ...wide, silenceEveryMs: 5 });
  open.push(hub);
  const opened = () => hub.open("s", { stillValid: async () => true, after: false });
  const body = opened();
  const askedAgain = async (next: () => Promise<string>) => {
    answer = next;
    const before = asked;
    await until(async () => asked > before + 3);
    return toldN;
  };
  const silent = async () => "judged order-commitment";
  expect(await askedAgain(silent)).toBe(2);
  expect(await askedAgain(() => Promise.reject(new Error("the store is away")))).toBe(2);
  expect(await askedAgain(silent)).toBe(2);
  expect(await askedAgain(async () => "")).toBe(4);
  expect(await askedAgain(silent)).toBe(6);
  await body.cancel();
  // Who comes when nobody looked for a while is told of what is silent, whether it was when the last one went or not.
  await until(async () => {
    const next = opened();
    await askedAgain(silent);
    await next.cancel();
    return toldN > 6;
  });
});

test("who comes back has missed something and is told so", async () => {
  await says(
    look(makeHub(), "s", async () => true, true),
    "all",
  );
});

test("a revoked session's stream ends and says why; a store that does not answer ends none", async () => {
  const hub = makeHub({ checkEveryMs: 20 });
  let asked = 0;
  const kept = look(hub, "kept", async () => {
    asked += 1;
    throw new Error("the store is away");
  });
  const revoked = look(hub, "revoked", async () => asked < 3);
  await until(async () => revoked.ended);
  expect(revoked.heard.at(-1)).toEqual({ event: "end", data: "signed out" });
  expect([kept.ended, hub.streamsN]).toEqual([false, 1]);
});

test("a session's newest streams replace its oldest, and the process refuses beyond its bound in words", async () => {
  const hub = makeHub({ streamsMax: 3, perSessionMax: 2 });
  const [first, second, third] = [look(hub), look(hub), look(hub)];
  await until(async () => first.ended);
  expect(first.heard.at(-1)).toEqual({ event: "end", data: "replaced" });
  look(hub, "other");
  expect(() => look(hub, "another")).toThrow(/already feeds 3 open screens/);
  expect([second.ended, third.ended, hub.streamsN]).toEqual([false, false, 3]);
});

test("a client that goes leaves nothing behind", async () => {
  const hub = makeHub();
  const body = hub.open("s", { stillValid: async () => true, after: false });
  await body.cancel();
  expect(hub.streamsN).toBe(0);
});

test("a client that takes nothing is dropped, not buffered for", () => {
  let ended = 0;
  const stream = new LiveStream(
    () => ended++,
    () => 1,
  );
  for (let i = 0; i < 100; i++) stream.heartbeat();
  expect(ended).toBe(1);
});

test("closing ends every stream and the connection at once, and opens none after", async () => {
  const hub = makeHub();
  const screens = Array.from({ length: 20 }, (_, i) => look(hub, `s${i}`));
  await listening(screens[0]!);
  await hub.close();
  await until(async () => screens.every((screen) => screen.ended && screen.heard.at(-1)?.data === "closing"));
  await until(async () => (await connections()).length === 0);
  expect(() => look(hub)).toThrow(/is stopping/);
});

const filler: Record<string, string> = {
  uuid: "gen_random_uuid()",
  timestamptz: "now()",
  jsonb: "'{}'",
  bool: "false",
  text: "'x'",
  _text: "'{}'",
  _int4: "'{}'",
};

test("every table behind a screen tells its noun when a row comes, changes or goes, and no noun is without one", async () => {
  const { rows: watched } = await owner.query<{ name: string; noun: string }>(
    `select tgrelid::regclass::text as name, trim(trailing '\\000' from encode(tgargs, 'escape')) as noun from pg_trigger where tgname = 'live_insert' order by 1`,
  );
  expect(watched.length).toBeGreaterThan(12);
  expect(new Set(watched.map(({ noun }) => noun))).toEqual(new Set(topics));
  // Which values a table allows does not matter here; that a row comes does.
  const { rows: rules } = await owner.query<{ name: string; rule: string }>(
    `select conrelid::regclass::text as name, conname as rule from pg_constraint join pg_class c on c.oid = conrelid
      where contype in ('c', 'f') and coninhcount = 0 and connamespace = 'public'::regnamespace and not c.relispartition`,
  );
  for (const { name, rule } of rules) await owner.query(`alter table ${name} drop constraint "${rule}"`);
  const heard: string[] = [];
  const tell = new pg.Client(store.ownerUrl);
  tell.on("error", () => {});
  tell.on("notification", ({ payload }) => heard.push(payload!));
  await tell.connect();
  await tell.query(`listen ${LIVE_CHANNEL}`);
  const hears = async (statement: string) => {
    heard.length = 0;
    await owner.query(statement);
    await tell.query("select 1");
    return [...heard];
  };
  for (const { name, noun } of watched) {
    const { rows: columns } = await owner.query<{ column: string; type: string }>(
      `select column_name as column, udt_name as type from information_schema.columns where table_schema = 'public' and table_name = $1
        and is_nullable = 'NO' and column_default is null and is_identity = 'NO'`,
      [name],
    );
    const list = columns.map(({ column }) => `"${column}"`).join(", ");
    const values = columns.map(({ type }) => filler[type] ?? "1").join(", ");
    expect([name, await hears(`insert into ${name} (${list}) values (${values})`)]).toEqual([name, [noun]]);
    if (name === "audit_entry") continue;
    const first = columns[0]!.column;
    // A round writes every zone's row, and tells those that found something.
    const change = name === "zone_status" ? `news = 'other'` : `"${first}" = "${first}"`;
    expect([name, await hears(`update ${name} set ${change}`)]).toEqual([name, [noun]]);
    expect([name, await hears(`update ${name} set "${first}" = "${first}" where false`)]).toEqual([name, []]);
    expect([name, await hears(`delete from ${name}`)]).toEqual([name, [noun]]);
  }
  await hears(
    "insert into zone_status (zone_id, verdict, verdict_since, facts, figures, causes, judged_at) values ('a', 'healthy', now(), '{}', '{}', '{}', now())",
  );
  expect(await hears("update zone_status set judged_at = now(), facts = '[]'")).toEqual([]);
  await owner.query("insert into source_status (source_id) values ('a')");
  expect(await hears("update source_status set observed_at = now(), poll_ms = 3")).toEqual([]);
  expect(await hears("update source_status set error = 'away'")).toEqual(["sources"]);
  await tell.end();
});
