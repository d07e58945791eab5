import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { contractMap } from "../contracts/map.rules";
import { readContracts } from "../contracts/service";
import { rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { dispatchChunks } from "../operations/dispatch";
import { parseAct } from "../operations/input";
import { requestRetry } from "../operations/service";
import { watchOutcomes } from "../operations/watch";
import { makeOperator } from "../operators/testing";
import { days, hours, minutes } from "../time";
import { keepMsOf } from "./kept.rules";
import { missingWords } from "./kept-words";
import { forgetPayloads } from "./retention";
import { readMessage } from "./service";

let pair: TestPair;
let ctx: Ctx;
const NAME = "Anna Kanarek";

beforeAll(async () => {
  pair = await testPair();
  ctx = (await makeOperator(pair.store.db, Date.now())).ctx;
  await contractSays({ masking: ["$.customer.name"] });
});
afterAll(() => pair.close());

async function contractSays(part: object): Promise<void> {
  await pair.store.db.execute(
    sql`update contract_revision set body = body || ${JSON.stringify(part)}::jsonb where zone_id = 'sales'`,
  );
  const sources = pair.observed.map(({ sourceId, service }) => ({ sourceId, consumers: [service] }));
  Object.assign(pair.of("stock"), { map: contractMap(await readContracts(pair.store.db), sources) });
}

/** Stock put a sale aside so long ago; error, log and correlation quote the payload. */
async function park(key: string, ago: string): Promise<void> {
  await pair.stock.rows(
    `insert into messaging.dead_letter (consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version, payload, headers, correlation_id, occurred_at, error_type, error_message, error_stack, attempts, attempt_log, first_failed_at, parked_at)
     values ('stock-service', '1.0', $1, 'Placed', 'sale', $2, 1, $3, $4, $5, clock_timestamp() - $6::interval, 'Error', $7, $7, 5, $8, clock_timestamp() - $6::interval, clock_timestamp() - $6::interval)`,
    [
      ...[
        randomUUID(),
        key,
        JSON.stringify({ customer: { name: NAME }, n: 12345678901234567890n.toString() }),
        JSON.stringify({ to: NAME }),
      ],
      ...[`of ${NAME}`, ago, `nothing is left for ${NAME}`],
      JSON.stringify([{ at: "2026-06-18T03:00:00Z", error_message: `for ${NAME}`, duration_ms: 3 }]),
    ],
  );
}

/** Keys of messages of which something that the contract masks still lies in the store. */
const held = async () =>
  (
    await rows<{ key: string }>(
      pair.store.db,
      sql`select d.business_key as key from dead_letter d join dead_letter_body b using (id) where b::text like ${`%${NAME}%`}
        union all select h.business_key || ' closed' from dead_letter_history h where h::text like ${`%${NAME}%`} order by 1`,
    )
  ).map(({ key }) => key);
const messageOf = async (key: string) => {
  const letter = (await pair.letters()).find((one) => one.key === key)!;
  return readMessage(ctx, { id: letter.id });
};

test("S19: without a word in the contract payloads stay as long as their messages", async () => {
  await park("S-old", "40 days");
  await park("S-new", "2 days");
  await park("S-closed", "35 days");
  await pair.observe("stock");
  await pair.stock.rows("update messaging.dead_letter set state = 'discarded' where business_key = 'S-closed'");
  await pair.observe("stock");
  expect(await forgetPayloads(pair.store.db, Date.now())).toBe(0);
  expect(await held()).toEqual(["S-closed closed", "S-new", "S-old"]);
});

test("S19: past its time a payload is taken out, of open and closed messages; texts keep what the contract does not mask, and the screen says why", async () => {
  await contractSays({ payloads: { keepMs: days(30) } });
  expect(await forgetPayloads(pair.store.db, Date.now())).toBe(2);
  expect(await held()).toEqual(["S-new"]);
  expect(await forgetPayloads(pair.store.db, Date.now())).toBe(0);
  const view = await messageOf("S-old");
  expect(view).toMatchObject({ payload: null, headers: null, payloadRemoved: { keepMs: days(30) } });
  expect([view.errorMessage, view.correlationId, view.attempts[0]!.errorMessage]).toEqual([
    "nothing is left for [12 chars]",
    "of [12 chars]",
    "for [12 chars]",
  ]);
  expect(missingWords(view, "payload")).toBe(
    "The payload is no longer kept (contract: 30 days); what its service still has stands in stock.",
  );
  expect((await messageOf("S-new")).payloadRemoved).toBeNull();
});

test("S19: time goes on, and a message that comes late with an old time is found as well", async () => {
  const later = Date.now() + days(28) + hours(2);
  expect(await forgetPayloads(pair.store.db, later)).toBe(1);
  expect(await held()).toEqual([]);
  await park("S-late", "50 days");
  await pair.observe("stock");
  expect(await held()).toEqual(["S-late"]);
  expect(await forgetPayloads(pair.store.db, later + minutes(1))).toBe(1);
  expect(await held()).toEqual([]);
});

test("S19: under another masking nobody can tell what of the texts it hides: they are shown as their shape", async () => {
  await contractSays({ masking: ["$.customer.name", "$.note"] });
  expect((await messageOf("S-old")).errorMessage).toBe("[30 chars]");
  await contractSays({ masking: ["$.customer.name"] });
});

test("Trap 11, S19, a retry is offered of what is not stored: a message without its payload is retried as it stands in its service, and not called the same way or a new one", async () => {
  const letter = (await pair.letters()).find((one) => one.key === "S-old")!;
  await requestRetry(ctx, parseAct({ selection: { messages: [String(letter.id)] }, reason: "the fix is out", key: "r" }));
  await dispatchChunks(pair.store.db, "test", pair.observed);
  const [sent] = await pair.stock.rows<{ payload: unknown }>("select payload from messaging.redelivery");
  expect(sent).toEqual({ payload: null });
  await pair.answer("failed");
  await watchOutcomes(pair.store.db, pair.observed);
  expect(await rows(pair.store.db, sql`select detail from operation_outcome`)).toEqual([
    { detail: expect.stringMatching(/^Failed again: /) },
  ]);
});

test("S19: of several zones the shortest time counts", () => {
  expect(keepMsOf([{}, { payloads: null }])).toBeNull();
  expect(keepMsOf([{ payloads: { keepMs: days(30) } }, {}, { payloads: { keepMs: days(7) } }])).toBe(days(7));
});
