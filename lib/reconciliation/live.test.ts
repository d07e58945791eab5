import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRelations, startTraffic } from "../../bench/reconcile/live";
import { until } from "../db/testing";
import { seconds } from "../time";
import { contractOf, paymentAgrees, type TestReconciliation, testReconciliation } from "./testing";

const windowMs = seconds(3);
const rules = ["payment-agrees", "unversioned"];
/** Keys that both rules have open; null while they do not say the same. */
const openAtBoth = async () => {
  const listed = await estate.list(["open"]);
  const [one, other] = rules.map((rule) => listed.filter((each) => each.rule === rule));
  return {
    listed,
    keys: (one ?? []).map(({ key }) => key).filter((key) => other!.some((each) => each.key === key)),
    all: listed.length,
  };
};
let estate: TestReconciliation;
beforeAll(async () => {
  // The same once more without versions: what is unsure there is begun anew.
  const unversioned = paymentAgrees.replace("payment-agrees", "unversioned").replaceAll(", version: version", "");
  estate = await testReconciliation(contractOf(`${paymentAgrees}\n${unversioned}`));
  await makeRelations(estate.payments, estate.orders, 3_000);
});
afterAll(() => estate.close());

test("under live writes the list of open divergences has no false entry, and every loss that was planted, hot keys or not", async () => {
  const seed = Number(process.env.ACCORD_SEED ?? Date.now() % 1_000_000);
  const traffic = startTraffic(estate.payments, estate.orders, {
    keysN: 3_000,
    hotN: 20,
    perSecond: 400,
    lagMs: 1_000,
    plantedN: 60,
    plantMs: seconds(4),
    dropOneOf: 300,
    seed,
  });
  const judge = { of: `seed ${seed}` };
  let working = true;
  const reconcile = async (workerId: string) => {
    while (working) {
      await estate.turn({ workerId, everyMs: seconds(1) });
      await sleep(100);
    }
  };
  const workers = [reconcile("one"), reconcile("two")];
  try {
    await estate.makeDue();
    // While all of this is being written, every planted loss opens, though each key beside it is under way most of the time.
    const open = await until(
      async () => {
        const { listed, keys: both } = await openAtBoth();
        const keys = new Set(both);
        return [...traffic.planted].every((key) => keys.has(key)) && traffic.planted.size === 60 && listed;
      },
      { withinMs: seconds(25), everyMs: 200 },
    );
    await traffic.stop();
    const kinds = new Set(open.filter((one) => traffic.planted.has(one.key)).map((one) => one.kind));
    expect({ ...judge, kinds }).toEqual({ ...judge, kinds: new Set(["missing", "mismatch", "unexpected"]) });

    // Everything that ever opened was wrong when it did.
    const ever = (await estate.list(["open", "resolved"])).filter((one) => one.confirmedAt !== null);
    const wrongly = ever.filter((one) => !traffic.wasWrong(one.key, one.confirmedAt!, windowMs));
    expect({ ...judge, wrongly }).toEqual({ ...judge, wrongly: [] });

    // At rest the list is the truth: nothing is missed, and what a later write made good is gone.
    const wrong = traffic.wrongNow().sort();
    const told = await until(
      async () => {
        const { keys, all } = await openAtBoth();
        return all === 2 * wrong.length && keys.sort().join() === wrong.join() && keys;
      },
      { withinMs: seconds(20), everyMs: 200 },
    );
    expect({ ...judge, told, keys: await estate.openKeys() }).toEqual({ ...judge, told: wrong, keys: wrong });
    expect(traffic.writtenN).toBeGreaterThan(1_000);
  } finally {
    working = false;
    await traffic.stop();
    await Promise.all(workers);
  }
}, 60_000);
