import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { expect } from "vitest";
import { type Keys, makeRelations, startTraffic, type Traffic } from "../../bench/reconcile/live";
import { until } from "../db/testing";
import { seconds } from "../time";
import { keyTypes } from "./live-keys.testing";
import { contractOf, type Listed, type TestReconciliation, testReconciliation } from "./testing";

const windowMs = seconds(3);

// Every kind of keys is compared with versions, and once more without: what is unsure there is begun anew.
const ruleOf = ({ tables }: Keys, i: number, versioned: boolean): string => {
  const side = (source: string, relation: string) =>
    `{ source: ${source}, relation: ${relation}, key: order_id, columns: [amount], changed_at: updated_at${versioned ? ", version: version" : ""} }`;
  return `    - rule: ${versioned ? "versioned" : "unversioned"}-${i}
      every: 10s
      authority: ${side("payments", tables[0])}
      projection: ${side("orders", tables[1])}`;
};

/** Settings of a database that shape text, other than those that a server comes with. */
const unusual = {
  datestyle: "SQL, DMY",
  intervalstyle: "iso_8601",
  extra_float_digits: "0",
  bytea_output: "escape",
  timezone: "Asia/Kolkata",
  quote_all_identifiers: "on",
};

async function makeUnusual(pool: pg.Pool): Promise<void> {
  const { name } = (await pool.query<{ name: string }>("select current_database() as name")).rows[0]!;
  for (const [setting, value] of Object.entries(unusual))
    await pool.query(`alter database "${name}" set ${setting} = '${value}'`);
}

type Story = Omit<Traffic, "seed" | "plantMs" | "lagMs"> & { seed: number; keys: Keys[]; unusual: boolean; rowSecurity: boolean };

async function openEstate({ keys, keysN, unusual, rowSecurity }: Story) {
  const rules = keys.flatMap((one, i) => [ruleOf(one, i, true), ruleOf(one, i, false)]);
  const estate = await testReconciliation(contractOf(rules.join("\n")));
  for (const pool of [estate.payments, estate.orders]) {
    if (unusual) await makeUnusual(pool);
    await pool.query(keyTypes);
  }
  for (const one of keys) {
    await makeRelations(estate.payments, estate.orders, keysN, one);
    // The observer of these tests reads through it; one who may not says so instead of seeing less.
    if (rowSecurity)
      for (const [side, pool] of [estate.payments, estate.orders].entries())
        await pool.query(`alter table ${one.tables[side]} enable row level security`);
  }
  return estate;
}

const of = (listed: Listed[], i: number, name: string) => listed.filter((one) => one.rule === `${name}-${i}`);

/** For each kind the keys that both of its rules have open. */
const openAtBoth = (listed: Listed[], keys: Keys[]): string[][] =>
  keys.map((_, i) => {
    const other = new Set(of(listed, i, "unversioned").map(({ key }) => key));
    return of(listed, i, "versioned").flatMap(({ key }) => (other.has(key) ? [key] : []));
  });

/**
 * Services at work whose every loss is known, and two workers who compare them: each loss that stays is found while all else is being
 * written, nothing opens that was not wrong, and at rest the list is the truth.
 */
export async function liveStory(story: Story): Promise<void> {
  const { seed, keys, ...load } = story;
  const estate = await openEstate(story);
  const traffics = keys.map((one, i) =>
    startTraffic(estate.payments, estate.orders, { ...load, lagMs: 1_000, plantMs: seconds(4), seed: seed + i }, one),
  );
  let working = true;
  const reconcile = async (workerId: string) => {
    while (working) {
      await estate.run({ workerId, everyMs: seconds(1) });
      await sleep(100);
    }
  };
  const workers = [reconcile("one"), reconcile("two")];
  try {
    await estate.makeDue();
    await judged(estate, story, traffics);
  } finally {
    working = false;
    await Promise.all(traffics.map((traffic) => traffic.stop()));
    await Promise.all(workers);
    await estate.close();
  }
}

async function judged(
  estate: TestReconciliation,
  { seed, keys, plantedN, perSecond }: Story,
  traffics: ReturnType<typeof startTraffic>[],
): Promise<void> {
  const judge = { seed, types: keys.map(({ types }) => types.join(" and ")) };
  // While all of this is being written, every planted loss opens, though each key beside it is under way most of the time.
  const isFound = (found: string[][]) =>
    traffics.every(({ planted }, i) => planted.size === plantedN && [...planted].every((key) => found[i]!.includes(key)));
  const open = await until(
    async () => {
      const listed = await estate.list(["open"]);
      return isFound(openAtBoth(listed, keys)) && listed;
    },
    { withinMs: seconds(40), everyMs: 200 },
  );
  await Promise.all(traffics.map((traffic) => traffic.stop()));
  const kinds = traffics.map(
    ({ planted }, i) => new Set(of(open, i, "versioned").flatMap(({ key, kind }) => (planted.has(key) ? [kind] : []))),
  );
  expect({ ...judge, kinds }).toEqual({ ...judge, kinds: keys.map(() => new Set(["missing", "mismatch", "unexpected"])) });

  // Everything that ever opened was wrong when it did.
  const ever = (await estate.list(["open", "resolved"])).filter((one) => one.confirmedAt !== null);
  const wrongly = ever.filter((one) => !traffics[Number(one.rule.split("-")[1])]!.wasWrong(one.key, one.confirmedAt!, windowMs));
  expect({ ...judge, wrongly }).toEqual({ ...judge, wrongly: [] });

  // At rest the list is the truth: nothing is missed, and what a later write made good is gone.
  const wrong = traffics.map((traffic) => traffic.wrongNow().sort());
  const reported = await until(
    async () => {
      const listed = await estate.list(["open"]);
      const found = openAtBoth(listed, keys).map((some) => some.sort());
      return listed.length === 2 * wrong.flat().length && JSON.stringify(found) === JSON.stringify(wrong) && found;
    },
    { withinMs: seconds(30), everyMs: 200 },
  );
  expect({ ...judge, reported }).toEqual({ ...judge, reported: wrong });
  expect({ ...judge, keys: (await estate.openKeys()).sort() }).toEqual({ ...judge, keys: [...new Set(wrong.flat())].sort() });
  for (const { writtenN } of traffics) expect(writtenN).toBeGreaterThan(perSecond * 2);
}
