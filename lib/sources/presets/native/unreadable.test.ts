import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { testEnv } from "../../../db/testing";
import { installNative } from "./install";
import { nativeSource } from "./native";

const admin = async (statement: string, url = process.env[testEnv.adminUrl]!) => {
  const client = new pg.Client({ connectionString: url, client_encoding: "SQL_ASCII" } as pg.ClientConfig);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};
const made: string[] = [];
afterEach(async () => {
  for (const name of made.splice(0)) await admin(`drop database if exists ${name} with (force)`);
});

async function sourceIn(encoding: string) {
  const name = `t_bytes_${encoding.toLowerCase()}_${process.pid}`;
  made.push(name);
  await admin(`create database ${name} template template0 encoding '${encoding}' locale 'C'`);
  const url = Object.assign(new URL(process.env[testEnv.adminUrl]!), { pathname: `/${name}` }).href;
  await installNative(url);
  const park = (message: string, consumer = "'stock'") =>
    admin(
      `insert into messaging.dead_letter (consumer, message_id, event_type, business_key, payload, error_type, error_message, attempts, first_failed_at)
       values (${consumer}, gen_random_uuid(), 'Placed', 'S-1', '{}', 'Error', ${message}, 1, now())`,
      url,
    );
  const source = nativeSource({ url, actUrl: url, schema: "messaging", act: true });
  return { url, park, source };
}

test.each([
  ["SQL_ASCII", "E'caf\\xe9 \\xff'", "'Müller'"],
  ["WIN1252", "E'caf\\x81'", "E'M\\xfcller'"],
])(
  "T8: in a database of encoding %s an unreadable row costs one row, is counted, and every other is seen, by small pages too",
  async (encoding, bad, good) => {
    const { url, park, source } = await sourceIn(encoding);
    for (let n = 0; n < 7; n++) await park(n === 3 || n === 6 ? bad : good);
    for (const pageSize of [100, 2]) {
      const seen: string[] = [];
      let unreadableN = 0;
      let cursor: unknown = null;
      for (;;) {
        const poll = await source.poll(cursor, pageSize);
        seen.push(...poll.deadLetters.map((letter) => letter.errorMessage));
        unreadableN += poll.unreadableN;
        cursor = poll.cursor;
        if (!poll.more) break;
      }
      expect({ seen, unreadableN }).toEqual({ seen: Array(5).fill("Müller"), unreadableN: 2 });
      // What comes later is seen as ever, beside another such row.
      await park(bad);
      await park("'plain'");
      const next = await source.poll(cursor, 100);
      expect([next.deadLetters.map((letter) => letter.errorMessage), next.unreadableN]).toEqual([["plain"], 1]);
      await admin(
        "delete from messaging.dead_letter where error_message = 'plain'; delete from messaging.dead_letter where dead_letter_id = (select max(dead_letter_id) from messaging.dead_letter)",
        url,
      );
    }
    await source.close();
  },
);
