import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { changeCustomer } from "../../demo/services/profile-service/change-customer";
import { selectRules } from "../reconciliation/rule.sql";
import { type FaultyEstate, faultyEstate, healthy } from "./faults.testing";

let faulty: FaultyEstate;
let watched: FaultyEstate["watched"];
let estate: FaultyEstate["estate"];
beforeAll(async () => {
  faulty = await faultyEstate();
  ({ watched, estate } = faulty);
});
afterEach(() => faulty.stopAll());
afterAll(() => faulty.close());

/** As if all that is stored had been there for an hour. */
async function ageTables(): Promise<void> {
  const tables: Record<string, string[]> = {
    "order-service": ["order_view", "stock_view", "customer_view"],
    "payment-service": ["payment"],
    "inventory-service": ["stock_reservation"],
    "notification-service": ["customer_view"],
    "profile-service": ["customer"],
  };
  for (const [service, names] of Object.entries(tables))
    for (const name of names) await estate.rows(service, `update ${name} set updated_at = updated_at - interval '1 hour'`);
  await estate.rows("order-service", "update customer_order set submitted_at = submitted_at - interval '1 hour'");
}

/** Keys whose rows differ between two services, in these columns. */
async function differing(
  key: string,
  authority: [string, string, string],
  projection: [string, string, string],
): Promise<Set<string>> {
  const read = async ([service, relation, columns]: [string, string, string]) =>
    new Map(
      (
        await estate.rows<{ key: string; row: string }>(
          service,
          `select ${key} as key, (${columns})::text as row from ${relation}`,
        )
      ).map((each) => [each.key, each.row]),
    );
  const [theirs, ours] = await Promise.all([read(authority), read(projection)]);
  return new Set([...theirs].filter(([each, row]) => ours.get(each) !== row).map(([each]) => each));
}

test("silent-drift: no message tells of it; compared with its authority it is a divergence, and projected anew it is none", async () => {
  await faulty.place(6);
  for (let n = 0; n < 4; n++) await changeCustomer(estate.of("profile-service").service, n);
  await faulty.settle();
  await ageTables();
  await watched.reconcile();
  expect(await faulty.judged()).toMatchObject(healthy);

  await faulty.start("silent-drift");
  await watched.reconcile();
  // A difference that was seen once is a candidate, and counts for nothing.
  expect(await faulty.judged()).toMatchObject(healthy);
  await watched.candidatesFor("31 minutes");
  await watched.reconcile();

  const orders = new Set([
    ...(await differing(
      "order_id",
      ["payment-service", "payment", "amount_cents"],
      ["order-service", "order_view", "amount_cents"],
    )),
    ...(await differing(
      "order_id",
      ["inventory-service", "stock_reservation", "quantity"],
      ["order-service", "stock_view", "quantity"],
    )),
  ]);
  const customers = await differing(
    "customer_id",
    ["profile-service", "customer", "city"],
    ["notification-service", "customer_view", "city"],
  );
  expect([orders.size, customers.size]).toEqual([6, 4]);
  const commitment = await watched.judged("order-commitment");
  expect(commitment).toMatchObject({ verdict: "breached", keysN: orders.size, parkedN: 0 });
  expect(commitment.sentence).toMatch(
    // X4: since it was seen to agree, not since the authority's last change an hour ago.
    /^Order Commitment is 2\dm \d\ds past its 5 min window\. order-service does not agree with (payment|inventory)-service on 6 orders\.$/,
  );
  expect(commitment.causes.map(({ kind, evidence, keysN }) => [kind, keysN, evidence.split(". ")[0]]).sort()).toEqual([
    ["divergence", 6, "6 mismatches at order-service, found by payment-agrees"],
    ["divergence", 6, "6 mismatches at order-service, found by stock-agrees"],
  ]);
  const profile = await watched.judged("customer-profile");
  expect(profile).toMatchObject({ verdict: "breached", keysN: customers.size });
  expect(profile.sentence).toMatch(
    /past its 30 min window\. notification-service does not agree with profile-service on 4 customers\.$/,
  );
  expect(profile.causes).toMatchObject([{ kind: "divergence", keysN: 4 }]);

  await faulty.stop("silent-drift");
  await watched.reconcile();
  expect(await faulty.judged()).toMatchObject(healthy);
  expect(await watched.judged("customer-profile")).toMatchObject({ verdict: "healthy", keysN: 0 });
});

test("revoked-read: what cannot be compared says so, its last comparison grows old, and after a minute nothing vouches for its zone; granted again it is compared", async () => {
  const rule = async () =>
    (await selectRules(watched.store.db, ["customer-profile"])).find((one) => one.rule === "notifications-know-customer")!;
  await watched.reconcile();
  const { coveredAt } = await rule();
  const said =
    "notifications: The observer may not read customer_id, name, email, city, version, updated_at of customer_view: grant select on customer_view to it.";
  await faulty.start("revoked-read");
  await watched.reconcile();
  expect(await rule()).toMatchObject({ coveredAt, error: said });
  expect(await watched.judged("customer-profile")).toMatchObject({ verdict: "healthy" });
  await watched.store.db.execute(sql`update reconciliation_rule set error_since = error_since - interval '61 seconds'`);
  expect(await watched.judged("customer-profile")).toMatchObject({ verdict: "unknown", keysN: 0 });
  await faulty.stop("revoked-read");
  await watched.reconcile();
  expect(await watched.judged("customer-profile")).toMatchObject({ verdict: "healthy" });
  expect((await rule()).error).toBeNull();
  expect((await rule()).coveredAt).toBeGreaterThan(coveredAt!);
});

test("lost-events: what was lost is missing at its projections, also to an Accord that never saw it sent; published again it is not", async () => {
  await faulty.start("lost-events");
  do {
    await faulty.place(15);
    await faulty.settle();
  } while ((await faulty.missing("inventory-service", "stock_reservation")) === 0);
  await ageTables();
  // A store that was made anew reads the newest events only: as if these had not been among them.
  await watched.poll();
  await watched.store.pool.query("delete from unresolved");
  await watched.store.pool.query("delete from open_key");
  await watched.reconcile();
  await watched.candidatesFor("6 minutes");
  await watched.reconcile();
  const placed = await keysOf("order-service", "customer_order");
  for (const [rule, service, relation] of [
    ["order-charged", "payment-service", "payment"],
    ["order-reserved", "inventory-service", "stock_reservation"],
  ] as const) {
    const there = new Set(await keysOf(service, relation));
    const missing = placed.filter((key) => !there.has(key));
    expect(missing.length).toBeGreaterThan(0);
    const found = await watched.store.pool.query(
      "select key from divergence where state = 'open' and kind = 'missing' and rule = $1 order by key",
      [rule],
    );
    expect(found.rows.map(({ key }) => key)).toEqual(missing);
  }
  const view = await watched.judged("order-commitment");
  expect(view).toMatchObject({ verdict: "breached", parkedN: 0 });
  expect(view.causes.filter(({ kind }) => kind === "divergence").map(({ evidence }) => evidence.split(". ")[0])).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^\d+ missing at inventory-service, found by order-reserved$/),
      expect.stringMatching(/^\d+ missing at payment-service, found by order-charged$/),
    ]),
  );
  await faulty.stop("lost-events");
  await faulty.settle();
  await watched.reconcile();
  expect(await faulty.judged()).toMatchObject(healthy);
});

const keysOf = async (service: string, relation: string): Promise<string[]> =>
  (await estate.rows<{ key: string }>(service, `select order_id as key from ${relation} order by order_id`)).map(
    ({ key }) => key,
  );
