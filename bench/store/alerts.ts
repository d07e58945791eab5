import { sql } from "drizzle-orm";
import { evaluateAlerts, evaluateReadings, finishReadings } from "../../lib/alerting/evaluate";
import { alertLimits, type Reading } from "../../lib/alerts/rules";
import type { Contract } from "../../lib/contracts/rules";
import { readContracts } from "../../lib/contracts/service";
import { migrateStore } from "../../lib/db/migrate";
import { type Db, openStore } from "../../lib/db/pool";
import { judgeZones } from "../../lib/zones/judge";
import { openCluster } from "../cluster";
import { heading, number, once, table, timed, whole } from "../measure";
import type { Size } from "../size";
import { applyEstate, estateConfiguration, ZONES } from "./contracts";

const RUNS = 15;

/**
 * What an evaluation costs with nothing open, and while a storm of conditions begins, stands, becomes quiet and ends: 50 zones. What is more
 * than one transaction may change is done by the next: how many, the longest, and all of them.
 */
export async function benchAlerts(size: Size): Promise<void> {
  const storm = size.rows ?? 10_000;
  const cluster = await openCluster("alerts", size.keep);
  try {
    const url = await cluster.copy("template0", "alerts");
    await migrateStore(url, { runtimePassword: "bench" });
    const store = openStore(url, 4, "accord bench");
    try {
      await applyEstate(store.db, await estateConfiguration());
      await evaluations(store.db, storm);
    } finally {
      await store.close();
    }
  } finally {
    await cluster.close();
  }
}

const named: Contract["accountability"]["alerts"][number] = {
  when: { text: "new_groups > 0", metric: "new_groups", op: ">", value: 0, unit: "count", forMs: 0, overMs: null },
  notify: ["pager"],
};

async function evaluations(db: Db, storm: number): Promise<void> {
  const contracts = (await readContracts(db)).map((contract) => ({
    ...contract,
    accountability: { ...contract.accountability, alerts: [named] },
  }));
  let at = Math.floor(Date.now() / alertLimits.tickMs) * alertLimits.tickMs;
  const tick = async (causesN: number) => {
    at += alertLimits.tickMs;
    const each = Math.round(causesN / ZONES);
    const causes = Array.from({ length: each }, (_, i) => ({ id: String(i), value: 1 }));
    const reading: Reading = { at, ...(each === 0 ? {} : { causes: { new_groups: causes } }) };
    const readings = contracts.map(({ zoneId }) => ({ zoneId, reading }));
    const first = await once(() => evaluateReadings(db, contracts, readings, at));
    const took = [first.ms];
    for (let left = first.value; left; ) {
      const next = await once(() => finishReadings(db, contracts));
      left = next.value;
      if (left) took.push(next.ms);
    }
    return took;
  };
  const body: string[][] = [];
  const line = (what: string, ...took: number[]) =>
    body.push([what, whole(took.length), number(Math.max(...took)), number(took.reduce((sum, ms) => sum + ms, 0))]);
  heading(`Evaluating conditions of ${ZONES} zones`);
  await db.execute(sql`update source_status set observed_at = now()`);
  await judgeZones(db, Date.now());
  let clock = Date.now();
  line(
    "whole round, nothing wrong: readings taken, kept and evaluated",
    (
      await timed(RUNS, () => {
        clock += alertLimits.tickMs;
        return evaluateAlerts(db, clock);
      })
    ).p50,
  );
  at = clock + alertLimits.tickMs;
  line("nothing wrong", (await timed(RUNS, () => tick(0))).p50);
  const sixth = storm / 6;
  for (let i = 1; i <= 6; i++)
    line(`tick ${i} of a minute in which ${whole(storm)} begin, ${whole(sixth)} at each`, ...(await tick(sixth * i)));
  line(`${whole(storm)} stand, nothing changes`, (await timed(RUNS, () => tick(storm))).p50);
  line(`${whole(storm)} become quiet at once`, ...(await tick(0)));
  for (let i = 0; i < 2; i++) await tick(0);
  line(`${whole(storm)} end at once`, ...(await tick(0)));
  table(["what happened since the tick before", "transactions", "the longest, ms", "all, ms"], body);
}
