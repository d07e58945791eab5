import { afterAll, beforeAll, expect, test } from "vitest";
import { type Message, messageOf, selectMessage } from "../client/src";
import { type TestEstate, testEstate } from "./kit/testing";
import { requestPosting } from "./services/payment-service/postings";
import { changeCustomer } from "./services/profile-service/change-customer";

let estate: TestEstate;
beforeAll(async () => {
  estate = await testEstate();
});
afterAll(() => estate.close());

const ask = (account: string) => requestPosting(estate.of("payment-service").service, account, () => 100);
const booked = async (account: string) =>
  (
    await estate.rows<{ version: number }>(
      "ledger-service",
      "select version from posting where account_id = $1 order by booked_at",
      [account],
    )
  ).map((row) => row.version);
/** Hands the messages of a key to a consumer in this order of versions, past the relay. */
async function deliver(producer: string, consumer: string, key: string, versions: number[]): Promise<void> {
  const rows = await estate.rows<Message>(
    producer,
    `with told as (update messaging.outbox set published_at = now() where business_key = $1) select ${selectMessage} from messaging.outbox where business_key = $1`,
    [key],
  );
  for (const version of versions) {
    const message = messageOf(rows.find((row) => row.version === version)!);
    await estate.of(consumer).service.broker.enqueue(consumer, message);
    await estate.of(consumer).tick();
  }
}

test("postings that come early are held, and booked in order as soon as their predecessor is", async () => {
  for (let n = 0; n < 4; n++) await ask("ACC-1");
  await deliver("payment-service", "ledger-service", "ACC-1", [3, 2, 4]);
  const held = await estate.rows("ledger-service", "select version, waits_for from messaging.held_message order by version");
  expect(held).toEqual([2, 3, 4].map((version) => ({ version, waits_for: version - 1 })));
  expect(await booked("ACC-1")).toEqual([]);
  await deliver("payment-service", "ledger-service", "ACC-1", [1]);
  expect(await booked("ACC-1")).toEqual([1, 2, 3, 4]);
  expect(await estate.rows("ledger-service", "select 1 from messaging.held_message")).toEqual([]);
});

test("a crash between a predecessor and its release leaves nothing held for ever", async () => {
  for (let n = 0; n < 2; n++) await ask("ACC-2");
  await deliver("payment-service", "ledger-service", "ACC-2", [2]);
  const { service } = estate.of("ledger-service");
  // The predecessor is booked by somebody who dies before releasing.
  const inSequence = service.inSequence;
  service.inSequence = false;
  await deliver("payment-service", "ledger-service", "ACC-2", [1]);
  service.inSequence = inSequence;
  expect(await booked("ACC-2")).toEqual([1]);
  await estate.tickUntil(async () => (await booked("ACC-2")).length === 2);
});

test("a posting whose retry comes ahead of its turn is held, and its request says so", async () => {
  for (let n = 0; n < 2; n++) await ask("ACC-3");
  await deliver("payment-service", "ledger-service", "ACC-3", []);
  const [letter] = await estate.rows<{ dead_letter_id: number; message_id: string }>(
    "ledger-service",
    `insert into messaging.dead_letter (consumer, message_id, event_type, aggregate_type, business_key, version, payload, occurred_at,
       error_type, error_message, attempts, first_failed_at)
     values ('ledger-service', gen_random_uuid(), 'PostingRequested', 'account', 'ACC-3', 2,
       '{"posting_id": "PST-X", "account_id": "ACC-3", "amount_cents": 5}', now(), 'Error', 'no', 5, now()) returning dead_letter_id, message_id`,
  );
  const request = await estate.askAgain("ledger-service", letter!);
  const [row] = await estate.tickUntil(async () => {
    const rows = await estate.rows(
      "ledger-service",
      "select state from messaging.redelivery where redelivery_id = $1 and finished_at is not null",
      [request],
    );
    return rows.length > 0 && rows;
  }, [estate.of("ledger-service")]);
  expect(row).toEqual({ state: "held" });
  await deliver("payment-service", "ledger-service", "ACC-3", [1]);
  expect(await booked("ACC-3")).toEqual([1, 2]);
});

test("of a customer's versions the newest stays: an older one that comes late is stale, a copy is a duplicate", async () => {
  for (let n = 0; n < 3; n++) await changeCustomer(estate.of("profile-service").service, 7);
  await deliver("profile-service", "order-service", "CUS-10008", [1, 3, 2, 2]);
  const outcomes = await estate.rows(
    "order-service",
    "select version, outcome from messaging.inbox where business_key = 'CUS-10008' order by version",
  );
  expect(outcomes.map((row) => row.outcome)).toEqual(["applied", "stale", "applied"]);
  expect(await estate.rows("order-service", "select version from customer_view where customer_id = 'CUS-10008'")).toEqual([
    { version: 3 },
  ]);
  expect(await estate.rows("order-service", "select count(*)::int as n from messaging.inbox_duplicate")).toEqual([{ n: 1 }]);
});
