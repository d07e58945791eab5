import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { contractMap } from "../contracts/map.rules";
import { readContracts } from "../contracts/service";
import { firstRow, rows } from "../db/rows";
import { parseGroupFilter } from "../dead-letters/input";
import { listGroups } from "../dead-letters/service";
import { parseAct } from "../operations/input";
import { requestRetry } from "../operations/service";
import { makeOperator } from "../operators/testing";
import { renameGroups } from "./rename";
import { type TestPair, testPair } from "./testing";

let pair: TestPair;
let ctx: Ctx;

beforeAll(async () => {
  pair = await testPair();
  ctx = (await makeOperator(pair.store.db, Date.now())).ctx;
});
afterAll(() => pair.close());

/** Stock puts a sale aside of which both error and payload name somebody. */
async function park(name: string, { key = "S-1" } = {}): Promise<string> {
  const messageId = randomUUID();
  await pair.stock.rows(
    `insert into messaging.dead_letter (consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version, payload, occurred_at, error_type, error_message, error_stack, attempts, first_failed_at)
     values ('stock-service', '1.0', $1, 'Placed', 'sale', $2, 1, $3, clock_timestamp(), $4, $5, $6, 5, clock_timestamp())`,
    [
      ...[messageId, key, JSON.stringify({ customer: { name } }), `No stock for ${name}`],
      ...[
        `nothing is left for ${name}`,
        `Error: nothing is left for ${name}\n    at take (/srv/stock.js:1:1)\nCaused by: Error: ${name} is unknown`,
      ],
    ],
  );
  return messageId;
}

/** Other files come into force, in which the zone masks these paths. */
async function mask(...paths: string[]): Promise<void> {
  await pair.store.db.execute(
    sql`update contract_revision set body = jsonb_set(body, '{masking}', ${JSON.stringify(paths)}::jsonb) where zone_id = 'sales'`,
  );
  await pair.store.db.execute(sql`update configuration_applied set content_hash = ${randomUUID()}`);
}

async function observe(): Promise<void> {
  const sources = pair.observed.map(({ sourceId, service }) => ({ sourceId, consumers: [service] }));
  const map = contractMap(await readContracts(pair.store.db), sources);
  Object.assign(pair.of("stock"), { map });
  await pair.observe("stock");
}

const groups = () =>
  rows<{ id: number; type: string; text: string; n: number }>(
    pair.store.db,
    sql`select group_id as id, error_type as type, g::text as text, open_n as n from dead_letter_group g order by group_id`,
  );

test("S6: a masking that is added later leaves no old name of a group, no scope of an operation and no fact of a case with what it masks", async () => {
  const letters = [await park("Anna Kanarek"), await park("Bert Kanarek")];
  await observe();
  expect((await groups()).filter(({ text }) => text.includes("Kanarek"))).toHaveLength(2);
  const [first, second] = await groups();
  await requestRetry(ctx, parseAct({ selection: { groups: [String(first!.id)] }, reason: "the fix is out", key: "k" }));
  await pair.store.db.execute(sql`insert into case_file (zone_id, cause_kind, cause_ref, title, facts, opened_at, opened_by_name, due_at)
    values ('sales', 'group', ${String(first!.id)}, 'stock cannot process Placed', jsonb_build_object('kind', 'group', 'errorType', ${first!.type}::text), now(), 'Accord', now())`);
  // One whose letters are gone: nobody can tell any more what of its words came from a payload.
  await pair.store.db.execute(sql`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, cause, zones, first_at, last_at)
    values ('gone', 'stock', 'stock-service', 'Placed', 'No stock', 'nothing is left for Zoe Kanarek', 'Zoe Kanarek is unknown', '{sales}', now(), now())`);
  const soFar = { contentHash: null };
  expect(await renameGroups(pair.store.db, soFar)).toBe(1);
  expect((await groups()).filter(({ text }) => text.includes("Kanarek"))).toHaveLength(3);

  await mask("$.customer.name");
  expect(await renameGroups(pair.store.db, soFar)).toBe(3);
  for (const table of ["dead_letter_group", "operation", "case_file", "approval"])
    expect([
      table,
      await rows(pair.store.db, sql`select t::text as row from ${sql.raw(table)} t where t::text like '%Kanarek%'`),
    ]).toEqual([table, []]);
  const named = await listGroups(ctx, parseGroupFilter({}));
  expect(named.groups.map(({ template }) => template)).toEqual([
    "nothing is left for [<n> chars]",
    "nothing is left for [<n> chars]",
  ]);
  expect(
    await firstRow(
      pair.store.db,
      sql`select template, cause, error_type as type from dead_letter_group where consumer = 'stock-service' and open_n = 0`,
    ),
  ).toEqual({
    template: "[31 chars]",
    cause: "[22 chars]",
    type: "[8 chars]",
  });
  expect(letters).toHaveLength(2);
  // Nothing changed since: nothing is looked at.
  expect(await renameGroups(pair.store.db, soFar)).toBe(0);
  // What fails so from now on comes to a group that is there, under the same words.
  const before = (await groups()).length;
  await park("Cleo Kanarek", { key: "S-3" });
  await observe();
  const after = await groups();
  expect(after.map(({ text }) => text).filter((text) => text.includes("Cleo"))).toEqual([]);
  expect([before, second!.id]).toEqual([3, after[1]!.id]);
});

test("S6: a masking that is taken away gives the words back, as far as letters hold them", async () => {
  const soFar = { contentHash: null };
  await mask();
  await renameGroups(pair.store.db, soFar);
  const texts = (await groups()).map(({ text }) => text);
  expect(texts.some((text) => text.includes("nothing is left for Anna Kanarek"))).toBe(true);
});
