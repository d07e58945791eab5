import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFault, stopFault } from "./faults";
import { type TestEstate, testEstate } from "./kit/testing";
import { basket, type Line, placeOrder } from "./services/order-service/place-order";

type DeadLetter = { dead_letter_id: number; message_id: string; state: string; attempts: number; [column: string]: unknown };

const inventory = "inventory-service";
let estate: TestEstate;
beforeAll(async () => {
  estate = await testEstate();
});
afterAll(() => estate.close());

const siteless: Line[] = [{ sku: "SKU-2007", quantity: 2, unit_cents: 900 }];
const place = (lines = siteless) =>
  placeOrder(estate.of("order-service").service, (id) => ({ ...basket(id, 1), pan: "4000 0000 1111 2222", lines }));
const letterOf = async (id: string) =>
  (await estate.rows<DeadLetter>(inventory, "select * from messaging.dead_letter where business_key = $1", [id]))[0]!;
const stateOf = async (redelivery: string) =>
  (
    await estate.rows<{ state: string }>(inventory, "select state from messaging.redelivery where redelivery_id = $1", [
      redelivery,
    ])
  )[0]!.state;
const reserved = () =>
  estate
    .rows<{ taken: number; reserved: number }>(
      inventory,
      `select (select 50000000 - on_hand from stock where sku = 'SKU-2007') as taken,
         (select coalesce(sum(quantity), 0)::int from stock_reservation where state = 'reserved') as reserved`,
    )
    .then((rows) => rows[0]!);

async function poisoned(): Promise<string> {
  await startFault("poison", estate.adminUrl, estate);
  const id = await place();
  await estate.tickUntil(() => letterOf(id));
  await stopFault("poison", estate.adminUrl, estate);
  return id;
}

test("a poisoned version parks what it cannot read, with all that a person needs to judge", async () => {
  const id = await poisoned();
  expect(await letterOf(id)).toMatchObject({
    consumer: inventory,
    consumer_version: "2.41.0",
    state: "parked",
    attempts: 5,
    error_type: "TypeError",
    error_message: "Cannot read properties of undefined (reading 'split')",
    error_stack: expect.stringMatching(/at zoneOf \(demo\/services\/inventory-service\/picking\.ts:\d+:\d+\)/),
    payload: { order_id: id },
    headers: { producer_version: "5.12.0" },
  });
  expect((await letterOf(id)).attempt_log).toHaveLength(5);
  expect(await reserved()).toEqual({ taken: 0, reserved: 0 });
});

test("a retry before the fix fails the same way and parks the same row again", async () => {
  const id = await poisoned();
  await startFault("poison", estate.adminUrl, estate);
  const request = await estate.askAgain(inventory, await letterOf(id));
  await estate.tickUntil(async () => (await stateOf(request)) === "failed");
  expect(await letterOf(id)).toMatchObject({ state: "parked", attempts: 6, error_type: "TypeError" });
  await stopFault("poison", estate.adminUrl, estate);
});

test("after the fix a retry reserves exactly once, however often it is asked for, and the order is committed", async () => {
  const before = await reserved();
  const id = await poisoned();
  const letter = await letterOf(id);
  const requests = [await estate.askAgain(inventory, letter), await estate.askAgain(inventory, letter)];
  const states = await estate.tickUntil(async () => {
    const now = await Promise.all(requests.map(stateOf));
    return now.every((state) => state !== "waiting" && state !== "taken") && now;
  });
  expect(states.sort()).toEqual(["applied", "duplicate"]);
  expect(await letterOf(id)).toMatchObject({ state: "resolved" });
  expect(await reserved()).toEqual({ taken: before.taken + 2, reserved: before.reserved + 2 });
  await estate.tickUntil(
    async () => (await estate.rows("notification-service", "select 1 from confirmation where order_id = $1", [id]))[0],
  );
});

test("a retry of an order that was undone meanwhile is stale, and revives nothing", async () => {
  const before = await reserved();
  const id = await poisoned();
  await estate.rows("order-service", "update messaging.saga set deadline_at = now() where business_key = $1", [id]);
  await estate.tickUntil(async () => {
    const [saga] = await estate.rows("order-service", "select state from messaging.saga where business_key = $1", [id]);
    return saga!.state === "compensated";
  });
  const request = await estate.askAgain(inventory, await letterOf(id));
  await estate.tickUntil(async () => (await stateOf(request)) === "stale");
  expect(await letterOf(id)).toMatchObject({ state: "resolved", state_reason: "redelivered: stale" });
  expect(await reserved()).toEqual(before);
  expect(await estate.rows("payment-service", "select state from payment where order_id = $1", [id])).toEqual([
    { state: "voided" },
  ]);
});

test("an edited message replaces the original: neither acts beside the other", async () => {
  const before = await reserved();
  const id = await poisoned();
  const letter = await letterOf(id);
  const payload = { ...(letter.payload as object), lines: [{ ...siteless[0], site: "BER-2", quantity: 1 }] };
  const edited = await estate.askAgain(inventory, letter, { payload, message_id: randomUUID() });
  await estate.tickUntil(async () => (await stateOf(edited)) === "applied");
  const original = await estate.askAgain(inventory, letter);
  await estate.tickUntil(async () => (await stateOf(original)) === "duplicate");
  expect(await reserved()).toEqual({ taken: before.taken + 1, reserved: before.reserved + 1 });
});

test("what a consumer took before it died is taken again after 30 s, not before", async () => {
  const id = await poisoned();
  const request = await estate.askAgain(inventory, await letterOf(id));
  const take = (ago: string) =>
    estate.rows(
      inventory,
      "update messaging.redelivery set state = 'taken', taken_at = now() - $2::interval where redelivery_id = $1",
      [request, ago],
    );
  await take("25 s");
  for (let n = 0; n < 3; n++) await estate.of(inventory).tick();
  expect(await stateOf(request)).toBe("taken");
  await take("31 s");
  await estate.tickUntil(async () => (await stateOf(request)) === "applied");
});

test("two inventory-services at once, messages and requests twice: no order is reserved twice", async () => {
  await startFault("poison", estate.adminUrl, estate);
  const ids: string[] = [];
  for (let n = 0; n < 30; n++) ids.push(await place());
  await estate.tickUntil(async () => (await Promise.all(ids.map(letterOf))).every(Boolean));
  await stopFault("poison", estate.adminUrl, estate);
  // Every message a second time by the wire, and asked for twice by operators.
  await estate.rows("order-service", "update messaging.outbox set published_at = null where business_key = any($1)", [ids]);
  await estate.of("order-service").tick();
  for (const id of ids) for (let n = 0; n < 2; n++) await estate.askAgain(inventory, await letterOf(id));
  const both = [estate.open(inventory, { pollMs: 1 }), estate.open(inventory, { pollMs: 1 })];
  for (const each of both) each.start();
  await estate.tickUntil(async () => {
    const open = await estate.rows(inventory, "select 1 from messaging.redelivery where state in ('waiting', 'taken')");
    const queued = await estate.rows(inventory, "select count(*)::int as n from messaging.inbox_duplicate");
    return open.length === 0 && (queued[0]!.n as number) >= 60;
  }, []);
  const now = await reserved();
  expect(now.taken).toBe(now.reserved);
  expect(
    await estate.rows(inventory, "select order_id from stock_reservation where order_id = any($1) and state = 'reserved'", [ids]),
  ).toHaveLength(30);
});
