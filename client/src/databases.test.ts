import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { CompiledQuery, Kysely, PostgresDialect } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  beginSaga,
  compensateDue,
  consume,
  type Database,
  drizzleDatabase,
  emit,
  endStep,
  forget,
  kyselyDatabase,
  type Message,
  nextVersion,
  pgDatabase,
  redeliver,
  relay,
  type Sql,
  standing,
  sweep,
} from "./index.js";
import { hasty, type TestClient, testClient } from "./service.testing";

let client: TestClient;
beforeAll(async () => {
  client = await testClient("client_databases");
});
afterAll(() => client.close());
beforeEach(() => client.empty());

const databases: Record<string, () => Database<Sql>> = {
  pg: () => pgDatabase(client.pool),
  drizzle: () => drizzleDatabase(drizzle(client.pool), sql),
  kysely: () => kyselyDatabase(new Kysely({ dialect: new PostgresDialect({ pool: client.pool }) }), CompiledQuery),
};
const names = Object.keys(databases);

test.each(names)(
  "with %s, everything that a service writes fits: emit, relay, hold, park, redeliver, saga, retention",
  async (name) => {
    const database = databases[name]!();
    let broken = true;
    const service = {
      ...client.service({ inSequence: true }),
      database,
      handlers: {
        Placed: async (tx: Sql, message: Message) => {
          const early = await standing(tx, "stock-service", message);
          if (early) return early;
          if (broken) throw new TypeError("no such sku");
          await tx.query("insert into effect (key, n) values ($1, $2::int)", [
            `${message.business_key} ${message.payload.list}`,
            1,
          ]);
          return "applied" as const;
        },
      },
    };
    for (const list of [
      [1, "it's"],
      [2, '"$1"'],
    ])
      await database.transaction(async (tx) => {
        const version = await nextVersion(tx, "ORD-1");
        await emit(tx, service, {
          event: "Placed",
          aggregate: "order",
          key: "ORD-1",
          version,
          payload: { list },
          occurredAt: new Date(),
        });
      });
    const out: Message[] = [];
    expect(await relay(database, async (messages) => out.push(...messages))).toBe(2);
    expect(out.map(({ version, payload }) => [version, payload.list])).toEqual([
      [1, [1, "it's"]],
      [2, [2, '"$1"']],
    ]);
    expect(await consume(service, out[1]!)).toBe("held");
    expect(await consume(service, out[0]!)).toBe("parked");
    broken = false;
    await client.ask();
    expect(await redeliver(service)).toBe(1);
    expect(await client.all("select state from messaging.redelivery")).toEqual([{ state: "applied" }]);
    expect(Object.keys(await client.effects())).toEqual(["ORD-1 1,it's", 'ORD-1 2,"$1"']);
    expect(await consume(service, out[0]!)).toBe("duplicate");
    expect(await sweep(service)).toEqual({ released: 0, to: "" });
    const saga = {
      ...{ type: "order", deadlineMs: 1, steps: [{ name: "pay", compensation: "refund", withinMs: 1 }] },
      undo: async () => {},
    };
    await database.transaction((tx) => beginSaga(tx, saga, "ORD-1", null));
    expect(
      await database.transaction((tx) => endStep(tx, "order", "ORD-1", "pay", "failed", { type: "E", message: "no" })),
    ).toBeNull();
    expect(await compensateDue({ database }, saga)).toBe(1);
    expect(await forget(service, { outbox: "0 s", inbox: "0 s" })).toBeGreaterThanOrEqual(5);
  },
);

test.each(names)("with %s, nothing of a failed attempt remains, and a killed connection is no attempt", async (name) => {
  const [message] = await client.published(1);
  let kills = 1;
  const service = {
    ...client.service({ backoff: hasty }),
    database: databases[name]!(),
    handlers: {
      Placed: async (tx: Sql) => {
        await tx.query("insert into effect (key) values ('ORD-1')");
        const { rows } = await tx.query("select pg_backend_pid() as pid");
        if (kills-- > 0) {
          await client.all("select pg_terminate_backend($1)", [(rows[0] as { pid: number }).pid]);
          await tx.query("select 1");
        }
        throw new Error("no");
      },
    },
  };
  await expect(consume(service, message!)).rejects.toThrow();
  expect(await client.all("select 1 from messaging.dead_letter")).toEqual([]);
  expect(await consume(service, message!)).toBe("parked");
  expect(await client.effects()).toEqual({});
});

test("with drizzle and kysely, a handler has the mapper's own transaction beside the statements", async () => {
  const rollback = new Error("rolled back");
  const viaDrizzle = drizzleDatabase(drizzle(client.pool), sql).transaction(async (tx) => {
    await tx.orm.execute(sql`insert into effect (key) values ('drizzle')`);
    expect((await tx.query("select key from effect")).rows).toEqual([{ key: "drizzle" }]);
    throw rollback;
  });
  await expect(viaDrizzle).rejects.toBe(rollback);
  type Tables = { effect: { key: string } };
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: client.pool }) });
  await kyselyDatabase(kysely, CompiledQuery).transaction(async (tx) => {
    await tx.orm.insertInto("effect").values({ key: "kysely" }).execute();
    expect((await tx.query("select key from effect")).rows).toEqual([{ key: "kysely" }]);
  });
  expect(await client.effects()).toEqual({ kysely: 0 });
});
