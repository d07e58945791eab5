import { createServer, type Server } from "node:net";
import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { rows } from "../db/rows";
import { type TestStore, testDatabase, testStore } from "../db/testing";
import { makeOperator } from "../operators/testing";
import { outcomeOf } from "../outcome";
import { discover } from "./discover";
import { lookAsAsked, readDiscovery, requestDiscovery } from "./discovery";
import { claimLook, recordLook } from "./discovery.sql";
import { fixtures } from "./presets/mapped/frameworks.testing";

const SECRET = "canary-of-a-password";
let store: TestStore;
let orders: Awaited<ReturnType<typeof testDatabase>>;
let anna: Ctx;
let env: Record<string, string | undefined>;
// Answers whoever connects as no PostgreSQL does.
let web: Server;
let n = 0;

beforeAll(async () => {
  store = await testStore();
  orders = await testDatabase("guided");
  await fixtures.find(({ preset, variant }) => preset === "pg-boss" && variant === "v10")!.make(orders.url);
  const client = new pg.Client({ connectionString: orders.url });
  await client.connect();
  await client.query(
    `drop role if exists guided_reader; create role guided_reader login password '${SECRET}'; create table customer (id bigint primary key, note text); insert into customer select i, 'row-canary-' || i from generate_series(1, 9) i; grant select on customer to guided_reader`,
  );
  await client.end();
  web = createServer((socket) => socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const at = (over: Record<string, string>) => Object.assign(new URL(orders.url), over).href;
  env = {
    DATABASE_URL: store.url,
    ORDERS_URL: at({ username: "guided_reader", password: SECRET }),
    WRONG_URL: at({ username: "guided_reader", password: `${SECRET}-wrong` }),
    GONE_URL: at({ username: "guided_reader", password: SECRET, pathname: "/gone" }),
    WEB_URL: `postgres://reader:${SECRET}@127.0.0.1:${(web.address() as { port: number }).port}/orders`,
    HTTP_URL: `https://reader:${SECRET}@127.0.0.1/orders`,
  };
  anna = (await makeOperator(store.db, Date.now(), { role: "administrator", name: "Anna" })).ctx;
});
afterAll(async () => {
  web?.close();
  await orders?.drop();
  await store?.close();
});

const ask = (ctx: Ctx, variables: string[], key = `press-${n++}`) => requestDiscovery(ctx, { variables, sources: [], key });
const work = (workerId = "w") => lookAsAsked(store.db, workerId, { env, sources: [] });
const lookNow = async () => (await readDiscovery(anna)).look!;
const entries = () =>
  rows<{ actor: string; result: string; target: string; detail: object }>(
    store.db,
    sql`select actor_name as actor, result, target_id as target, detail from audit_entry where action = 'source.discover' order by id`,
  );
const looked = async (variable: string) => {
  await ask(anna, [variable]);
  await work();
  return lookNow();
};

test("an administrator asks, a worker looks, and the page has what was recognised with the texts to copy; no value of a row, no password", async () => {
  expect((await readDiscovery(anna)).look).toBeNull();
  await ask(anna, ["ORDERS_URL"]);
  expect(await lookNow()).toMatchObject({ state: "waiting", askedBy: "Anna", found: null });
  await work();
  const look = await lookNow();
  expect(look).toMatchObject({ state: "done", problem: null });
  expect(look.found!.databases).toMatchObject([
    {
      variable: "ORDERS_URL",
      recognised: [
        {
          preset: "pg-boss",
          variant: "v10",
          confidence: "certain",
          seen: expect.arrayContaining([expect.stringMatching(/^Parked messages/)]),
        },
      ],
    },
  ]);
  expect(look.found!.databases[0]!.recognised[0]!.unseen).not.toEqual([]);
  expect(look.found!.accord).toMatch(/url: \$\{ORDERS_URL\}/);
  expect(look.found!.grants.join("\n")).toContain("accord_observer");
  expect(await entries()).toEqual([
    { actor: "Anna", result: "done", target: "ORDERS_URL", detail: { variables: ["ORDERS_URL"], sources: [] } },
  ]);
});

test("only administrators of all zones ask and read; who may not is written down, and nothing is looked at", async () => {
  const before = await lookNow();
  for (const [role, zones] of [
    ["viewer", null],
    ["operator", null],
    ["approver", null],
    ["administrator", ["sales"]],
  ] as const) {
    const { ctx } = await makeOperator(store.db, Date.now(), { role, zones: zones && [...zones], name: `${role} Bo` });
    await expect(ask(ctx, ["ORDERS_URL"])).rejects.toMatchObject({ kind: "forbidden" });
    await expect(readDiscovery(ctx)).rejects.toMatchObject({ kind: "forbidden" });
  }
  expect((await entries()).filter(({ result }) => result === "denied").map(({ actor }) => actor)).toEqual([
    "viewer Bo",
    "operator Bo",
    "approver Bo",
    "administrator Bo",
  ]);
  expect(await lookNow()).toEqual(before);
});

test("a double click is one look, and so are two people at once; the second is told", async () => {
  const [one, again] = await Promise.all([ask(anna, ["ORDERS_URL"], "same"), ask(anna, ["ORDERS_URL"], "same")]);
  expect(one.lookId).toBe(again.lookId);
  await work();
  const both = await Promise.all([outcomeOf(() => ask(anna, ["ORDERS_URL"])), outcomeOf(() => ask(anna, ["WRONG_URL"]))]);
  expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
  expect(both.find(({ ok }) => !ok)).toMatchObject({
    refusal: { kind: "conflict", message: "A look is under way. It ends within a minute; ask again then." },
  });
  // Two workers at once: one takes it.
  await Promise.all([work("a"), work("b")]);
  expect((await lookNow()).endedAt).not.toBeNull();
});

test("what keeps a look from its database is told by name, with what to change, and without what a variable holds", async () => {
  const told: Record<string, string> = {
    WRONG_URL: "WRONG_URL: The database does not accept the name or the password of this connection.",
    GONE_URL: "GONE_URL: The database does not exist.",
    NOWHERE_URL:
      "The worker's environment has no NOWHERE_URL: set it to the database's address where the worker runs, start the worker anew, and look again.",
    HTTP_URL:
      "HTTP_URL holds no address of a PostgreSQL database, as in postgres://reader:…@host/orders: correct it where the worker runs, start the worker anew, and look again.",
    WEB_URL:
      "WEB_URL: Nothing that speaks PostgreSQL answered within 3 s: see that host and port are the database's, and that it runs.",
  };
  for (const [variable, words] of Object.entries(told)) {
    const look = await looked(variable);
    expect(look).toMatchObject({ state: "failed", problem: expect.stringContaining(words), found: null });
  }
  await expect(ask(anna, ["DATABASE_URL"])).rejects.toThrow("leads to Accord's own store, which is no source");
  await expect(discover([{ called: "ORDERS_URL", url: env.ORDERS_URL!, variable: null }], AbortSignal.abort())).rejects.toThrow(
    "ORDERS_URL did not answer within 10 s, after which a look is given up.",
  );
});

test("a look whose worker died is taken by the next; one that nobody ends is lost, and another may be asked for", async () => {
  await ask(anna, ["ORDERS_URL"]);
  const taken = await claimLook(store.db, "dead");
  await work("next");
  expect(await lookNow()).toMatchObject({ state: "running" });
  await store.db.execute(sql`update discovery set taken_at = taken_at - interval '21 seconds'`);
  await work("next");
  expect(await lookNow()).toMatchObject({ state: "done" });
  // The dead one comes back late, and changes nothing.
  expect(await recordLook(store.db, { lookId: taken!.lookId, workerId: "dead" }, { problem: "late", found: null })).toBe(false);
  await ask(anna, ["ORDERS_URL"]);
  await store.db.execute(sql`update discovery set asked_at = asked_at - interval '61 seconds'`);
  expect(await lookNow()).toMatchObject({ state: "lost" });
  await work();
  expect((await ask(anna, ["ORDERS_URL"])).repeated).toBe(false);
  await work();
});

test("after all of this no password and no row of a source stands anywhere in the store", async () => {
  const tables = await rows<{ name: string }>(
    store.db,
    sql`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r' and has_table_privilege(c.oid, 'select')`,
  );
  for (const { name } of tables) {
    const held = await rows(
      store.db,
      sql`select 1 from ${sql.raw(name)} t where t::text like any(array['%canary%', '%reader:%'])`,
    );
    expect([name, held.length]).toEqual([name, 0]);
  }
});
