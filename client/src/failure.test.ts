import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { consume, drizzleDatabase, emit, type Message, pgDatabase, redeliver, relay, type Service } from "./index.js";
import { effect, type TestClient, testClient } from "./service.testing";

let client: TestClient;
beforeAll(async () => {
  client = await testClient("client_failure");
});
afterAll(() => client.close());
beforeEach(() => client.empty());

const throwing = (thrown: unknown) => client.service({ handlers: { Placed: () => Promise.reject(thrown) } });
const letter = async () =>
  (await client.all("select error_type, error_message, error_stack, payload from messaging.dead_letter"))[0];

const cyclic: Record<string, unknown> = { code: 7 };
cyclic.self = cyclic;
const odd: [string, unknown, RegExp][] = [
  ["nothing", undefined, /^undefined$/],
  ["null", null, /^null$/],
  ["a symbol", Symbol("no"), /^Symbol\(no\)$/],
  ["an object without a prototype", Object.create(null), /null prototype/],
  ["an object that holds itself", cyclic, /code: 7/],
  ["a message with NUL and half a pair", new Error("a\0b\ud800c"), /^a\ufffdb\ufffdc$/],
  ["a megabyte", new Error("x".repeat(1_000_000)), /^x{8000}… \(992000 more characters\)$/],
  ["a frame on another host", Object.assign(new Error("far"), { stack: "Error: far\n at file://host/a.js:1:1" }), /^far$/],
  ["an error whose words are none", Object.assign(new Error("no"), { name: null, message: { a: 1 }, stack: 7 }), /a: 1/],
];
test.each(odd)("a handler that throws %s has its message parked, with what can be said", async (_, thrown, words) => {
  const [message] = await client.published(1);
  expect(await consume(throwing(thrown), message!)).toBe("parked");
  expect((await letter()).error_message).toMatch(words);
  await client.ask();
  expect(await redeliver(throwing(thrown))).toBe(1);
  expect(await client.all("select state from messaging.redelivery")).toEqual([{ state: "failed" }]);
});

test("a payload that jsonb cannot keep is handled all the same, and parked with a sign for what was lost", async () => {
  const [plain] = await client.published(1);
  const message: Message = { ...plain!, payload: { "a\0": ["b\0c", { d: "\udc00" }] } };
  expect(await consume(throwing(new Error("no")), message)).toBe("parked");
  expect((await letter()).payload).toEqual({ "a\ufffd": ["b\ufffdc", { d: "\ufffd" }] });
  expect(await consume(client.service(), message)).toBe("applied");
});

test("a refusal of the broker that cannot be written as it is holds up nobody", async () => {
  await client.published(1);
  await client.pool.query("update messaging.outbox set published_at = null, attempts = 0");
  await expect(relay(pgDatabase(client.pool), () => Promise.reject(new Error("no\0pe")))).rejects.toThrow("no\0pe");
  expect(await client.all("select last_error from messaging.outbox")).toEqual([{ last_error: "no\ufffdpe" }]);
});

const answers: [unknown, RegExp][] = [
  [undefined, /answered neither/],
  ["done", /answered neither/],
  [{ waitsFor: "soon" }, /something that is none/],
];
test.each(answers)("a handler that answers %o is a failure that says so, and nothing of it remains", async (answer, words) => {
  const [message] = await client.published(1);
  const service = client.service({
    handlers: {
      Placed: async (tx, each) => {
        await effect(tx, each);
        return answer as "applied";
      },
    },
  });
  expect(await consume(service, message!)).toBe("parked");
  expect((await letter()).error_message).toMatch(words);
  expect(await client.effects()).toEqual({});
});

test("an event that is called like a method of every object has no handler", async () => {
  const [message] = await client.published(1, "ORD-1", { event: "toString" });
  expect(await consume(client.service(), message!)).toBe("ignored");
});

test("what is no message is refused before anything is done, and a version that cannot be exact is not emitted", async () => {
  const [message] = await client.published(1);
  const broken: Partial<Record<keyof Message, unknown>>[] = [{ message_id: "7" }, { version: 2 ** 53 }, { payload: undefined }];
  for (const wrong of broken)
    await expect(consume(client.service(), { ...message!, ...wrong } as Message)).rejects.toThrow(
      `This is no message of an outbox: its ${Object.keys(wrong)[0]} is`,
    );
  const emitting = pgDatabase(client.pool).transaction((tx) =>
    emit(tx, client.orders, { event: "Placed", aggregate: "order", key: "ORD-1", version: 2 ** 53, payload: {} }),
  );
  await expect(emitting).rejects.toThrow("is no version");
});

test("a transaction whose failed statement was hushed up does not end as if it had been kept", async () => {
  const work = pgDatabase(client.pool).transaction(async (tx) => {
    await effect(tx, { business_key: "ORD-1" } as Message);
    await tx.query("select 1 / 0").catch(() => {});
  });
  await expect(work).rejects.toThrow("nothing of it was kept");
});

/** A pool as the README makes it, which listens to nothing but idle connections, of one connection and with a setting. */
function barePool(options: string): pg.Pool {
  return new pg.Pool({ connectionString: client.url, max: 1, options }).on("error", () => {});
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("a connection that is lost while the handler does something else ends neither the process nor counts as an attempt", async () => {
  const [message] = await client.published(1);
  const pool = barePool("");
  let kills = 1;
  const service: Service<pg.PoolClient> = {
    ...client.service({ database: pgDatabase(pool) }),
    handlers: {
      Placed: async (tx, each) => {
        const { rows } = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
        if (kills-- > 0) {
          await client.all("select pg_terminate_backend($1)", [rows[0]!.pid]);
          await pause(50);
        }
        await effect(tx, each);
        return "applied";
      },
    },
  };
  await expect(consume(service, message!)).rejects.toThrow();
  expect(await consume(service, message!)).toBe("applied");
  expect(await client.all("select attempts from messaging.inbox")).toEqual([{ attempts: 1 }]);
  await pool.end();
});

test.each(["idle_in_transaction_session_timeout", "statement_timeout"])(
  "a handler that always takes longer than %s allows is parked, and not tried for ever",
  async (setting) => {
    const [message] = await client.published(1);
    const pool = barePool(`-c ${setting}=60`);
    const service: Service<pg.PoolClient> = {
      ...client.service({ database: pgDatabase(pool) }),
      handlers: {
        Placed: async (tx) => {
          if (setting === "statement_timeout") await tx.query("select pg_sleep(1)");
          await pause(400);
          await tx.query("select 1");
          return "applied";
        },
      },
    };
    expect(await consume(service, message!)).toBe("parked");
    expect((await letter()).error_message).toMatch(/timeout/);
    await pool.end();
  },
);

test("messages are handled once and parked with a pool of a single connection, also in a transaction that is serializable", async () => {
  const [message, other] = await client.published(2);
  const pool = barePool("-c default_transaction_isolation=serializable");
  const drizzled = drizzleDatabase(drizzle(pool), sql);
  const service = { ...client.service(), database: drizzled, handlers: { Placed: async () => "applied" as const } };
  const ends = await Promise.all([1, 2, 3].map(() => consume(service, message!)));
  expect(ends.sort()).toEqual(["applied", "duplicate", "duplicate"]);
  expect(await consume({ ...service, handlers: { Placed: () => Promise.reject("no") } }, other!)).toBe("parked");
  await pool.end();
});
