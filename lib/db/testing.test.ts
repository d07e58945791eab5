import pg from "pg";
import { expect, test } from "vitest";
import { testDatabase, until } from "./testing";

test("a test database is empty, speaks UTF-8 and sorts the same on every system", async () => {
  const { url, drop } = await testDatabase("empty");
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(
    "select current_setting('server_encoding') as encoding, (select datlocale from pg_database where datname = current_database()) as locale, (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace) as relations",
  );
  await client.end();
  await drop();
  expect(rows[0]).toEqual({ encoding: "UTF8", locale: "C.UTF-8", relations: 0 });
});

test("until gives the first answer, and says what it waited for when there was none", async () => {
  let asked = 0;
  expect(await until(async () => ++asked === 3 && "third")).toBe("third");
  await expect(until(async () => null, { withinMs: 50 })).rejects.toThrow(/Not so within 50 ms: async \(\) => null/);
  await expect(until(() => Promise.reject(new Error("no server")), { withinMs: 50 })).rejects.toThrow(/no server/);
});
