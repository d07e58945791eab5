import { randomBytes, randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase, testEnv, until } from "../../../db/testing";
import { installNative } from "./install";

const login = `t_${randomBytes(4).toString("hex")}`;
const observer = { user: `${login}_observer`, password: "o'b\\server" };
const actor = { user: `${login}_actor`, password: "actor" };
let database: Awaited<ReturnType<typeof testDatabase>>;
let owner: pg.Client;
let asObserver: pg.Client;
let asActor: pg.Client;

beforeAll(async () => {
  database = await testDatabase("native");
  await installNative(database.url, { observer, actor });
  owner = await connect(database.url);
  asObserver = await connect(database.url, observer);
  asActor = await connect(database.url, actor);
});

afterAll(async () => {
  for (const client of [owner, asObserver, asActor]) await client.end();
  await database.drop();
  const admin = await connect(process.env[testEnv.adminUrl]!);
  await admin.query(`drop role if exists ${observer.user}, ${actor.user}`);
  await admin.end();
});

test("installing twice is a no-op, and its second time locks nothing", async () => {
  const before = await shape(owner);
  await owner.query("begin");
  await addOutbox(owner);
  await installNative(database.url, { observer, actor });
  await owner.query("rollback");
  expect(await shape(owner)).toEqual(before);
  expect(before.tables).toEqual(
    ["dead_letter", "held_message", "inbox", "inbox_duplicate", "outbox", "redelivery", "saga", "saga_step"].sort(),
  );
  expect(before.mark).toMatch(/^accord native tables, version 1 /);
});

test("four installers of each of three databases at once: all succeed, in any schema", async () => {
  const databases = await Promise.all(["a", "b", "c"].map((name) => testDatabase(`race_${name}`)));
  await Promise.all(
    databases.flatMap(({ url }) => [1, 2, 3, 4].map(() => installNative(url, { schema: "Odd name", observer, actor }))),
  );
  for (const { url, drop } of databases) {
    const client = await connect(url, observer);
    expect((await client.query('select * from "Odd name".outbox')).rows).toEqual([]);
    await client.end();
    await drop();
  }
});

test("the observer reads every table and may write none", async () => {
  for (const table of (await shape(owner)).tables) {
    await asObserver.query(`select * from messaging.${table}`);
    await expect(asObserver.query(`delete from messaging.${table}`)).rejects.toThrow(/permission denied/);
  }
  await expect(addRedelivery(asObserver)).rejects.toThrow(/permission denied/);
  await expect(asObserver.query("update messaging.saga set hold_until = now()")).rejects.toThrow(/permission denied/);
  await expect(asObserver.query("create table messaging.mine ()")).rejects.toThrow(/permission denied/);
});

describe("the actor", () => {
  test("asks for a redelivery, once however often it is asked", async () => {
    const id = randomUUID();
    await addRedelivery(asActor, id);
    expect((await addRedelivery(asActor, id)).rowCount).toBe(0);
  });

  test("moves a dead letter's state and a saga's hold, and the triggers say who wrote", async () => {
    await owner.query(`insert into messaging.dead_letter (consumer, message_id, event_type, business_key, payload, error_type,
      error_message, attempts, first_failed_at) values ('c', gen_random_uuid(), 'E', 'K-1', '{}', 'TypeError', 'no', 5, now())`);
    await owner.query("insert into messaging.saga (saga_id, saga_type, business_key) values (gen_random_uuid(), 's', 'K-1')");
    for (const [table, change] of [
      ["dead_letter", "state = 'discarded', state_changed_at = now(), state_reason = 'by hand'"],
      ["saga", "hold_until = now()"],
    ]) {
      const { rows } = await asActor.query(
        `with was as (select written_by, inserted_by from messaging.${table})
         update messaging.${table} t set ${change} from was
         returning t.written_by > was.written_by as moved, t.inserted_by = was.inserted_by as kept`,
      );
      expect(rows).toEqual([{ moved: true, kept: true }]);
    }
  });

  test("may do nothing else", async () => {
    for (const refused of [
      "update messaging.dead_letter set payload = '{}'",
      "update messaging.saga set state = 'completed'",
      "update messaging.redelivery set state = 'applied'",
      "update messaging.outbox set published_at = now()",
      "insert into messaging.inbox (consumer) values ('x')",
      "delete from messaging.redelivery",
      "delete from messaging.dead_letter",
      "truncate messaging.saga",
    ])
      await expect(asActor.query(refused), refused).rejects.toThrow(/permission denied/);
  });
});

test("a row committed late is read by the snapshot cursor exactly once", async () => {
  const late = await connect(database.url);
  const seen: string[] = [];
  let cursor = await snapshot(owner);
  const poll = async () => {
    const next = await snapshot(owner);
    const { rows } = await owner.query(
      `select message_id from messaging.outbox
       where written_by::text::bigint >= pg_snapshot_xmin($1)::text::bigint
         and not pg_visible_in_snapshot(written_by, $1) and pg_visible_in_snapshot(written_by, $2)`,
      [cursor, next],
    );
    cursor = next;
    for (const row of rows) seen.push(row.message_id);
  };
  await late.query("begin");
  const slow = await addOutbox(late);
  const quick = await addOutbox(owner);
  await poll();
  expect(seen).toEqual([quick]);
  await late.query("commit");
  await poll();
  await poll();
  expect(seen).toEqual([quick, slow]);
  await owner.query("update messaging.outbox set published_at = now() where message_id = $1", [slow]);
  await poll();
  expect(seen).toEqual([quick, slow, slow]);
  await late.end();
});

test("a poll of a large outbox reads by the BRIN, in a few pages", async () => {
  // In many transactions, as services write: of a single one the planner would think that it is always recent.
  for (let batch = 0; batch < 100; batch++) {
    await owner.query(`insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, payload, occurred_at)
      select gen_random_uuid(), 'E', 'thing', 'K-' || n, jsonb_build_object('text', repeat('x', 400)), now() from generate_series(1, 200) n`);
    await owner.query("update messaging.outbox set published_at = now() where published_at is null");
  }
  await owner.query("vacuum analyze messaging.outbox");
  // As it is when nobody has a transaction open: others on this server do.
  const { rows: ends } = await owner.query("select pg_snapshot_xmax(pg_current_snapshot())::text as at");
  const from = `${ends[0].at}:${ends[0].at}:`;
  for (let n = 0; n < 5; n++) await addOutbox(owner);
  const plan = await until(async () => {
    const { rows } = await owner.query(
      `explain (analyze, buffers, format json) select * from messaging.outbox
       where written_by::text::bigint >= pg_snapshot_xmin('${from}'::pg_snapshot)::text::bigint
         and not pg_visible_in_snapshot(written_by, '${from}')`,
    );
    return rows[0]["QUERY PLAN"][0].Plan;
  });
  expect(plan["Actual Rows"]).toBe(5);
  expect(JSON.stringify(plan)).toContain("outbox_written_by");
  expect(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]).toBeLessThan(300);
});

test("C5, C6: an owner who may make no roles installs with those that are there, and the service's own role may work with the tables", async () => {
  const admin = await connect(process.env[testEnv.adminUrl]!);
  const [who, service] = [`${login}_owner`, `${login}_service`];
  const { url, drop } = await testDatabase("owned");
  const name = new URL(url).pathname.slice(1);
  try {
    await admin.query(
      `create role ${who} login password 'owner'; create role ${service} login password 'service'; alter database "${name}" owner to ${who}`,
    );
    const own = await connect(url);
    await own.query(`alter schema public owner to ${who}`);
    await own.end();
    const as = (user: string, password: string) => Object.assign(new URL(url), { username: user, password }).href;
    await installNative(as(who, "owner"), { observer, actor, serviceRoles: [service] });
    const asService = await connect(as(service, "service"));
    await addOutbox(asService);
    await asService.query("update messaging.outbox set published_at = now()");
    await expect(asService.query("alter table messaging.outbox add column odd int")).rejects.toThrow(/must be owner/);
    await asService.end();
    // And again, by whoever applies migrations.
    await installNative(as(who, "owner"), { observer, actor, serviceRoles: [service] });
    const asObserver = await connect(url, observer);
    expect((await asObserver.query("select 1 from messaging.outbox")).rowCount).toBe(1);
    await asObserver.end();
  } finally {
    await drop();
    await admin.query(`drop role if exists ${who}, ${service}`);
    await admin.end();
  }
});

async function connect(url: string, as?: { user: string; password: string }): Promise<pg.Client> {
  const { hostname, port, pathname } = new URL(url);
  const client = new pg.Client(
    as ? { ...as, host: hostname, port: Number(port), database: pathname.slice(1) } : { connectionString: url },
  );
  await client.connect();
  return client;
}

async function shape(client: pg.Client): Promise<{ tables: string[]; rest: unknown; mark: string }> {
  const { rows } = await client.query(`select
    (select array_agg(relname::text order by relname) from pg_class where relnamespace = 'messaging'::regnamespace and relkind = 'r') as tables,
    (select json_agg(row(relname, oid, relacl::text) order by relname) from pg_class where relnamespace = 'messaging'::regnamespace) as rest,
    obj_description('messaging'::regnamespace, 'pg_namespace') as mark`);
  return rows[0];
}

async function snapshot(client: pg.Client): Promise<string> {
  return (await client.query("select pg_current_snapshot()::text as now")).rows[0].now;
}

async function addOutbox(client: pg.Client): Promise<string> {
  const id = randomUUID();
  await client.query(
    `insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, payload, occurred_at)
     values ($1, 'E', 'thing', 'K-1', '{}', now())`,
    [id],
  );
  return id;
}

function addRedelivery(client: pg.Client, id: string = randomUUID()): Promise<pg.QueryResult> {
  return client.query(
    `insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by)
     values ($1, 1, 'c', gen_random_uuid(), 'jo') on conflict (redelivery_id) do nothing`,
    [id],
  );
}
