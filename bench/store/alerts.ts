import { sql } from "drizzle-orm";
import { evaluateAlerts, evaluateReadings } from "../../lib/alerting/evaluate";
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

/** What an evaluation costs with nothing open, and while a storm of conditions begins, stands, becomes quiet and ends: 50 zones. */
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
  const tick = (causesN: number) => {
    at += alertLimits.tickMs;
    const each = Math.round(causesN / ZONES);
    const causes = Array.from({ length: each }, (_, i) => ({ id: String(i), value: 1 }));
    const reading: Reading = { at, ...(each === 0 ? {} : { causes: { new_groups: causes } }) };
    return evaluateReadings(
      db,
      contracts,
      contracts.map(({ zoneId }) => ({ zoneId, reading })),
      at,
    );
  };
  const body: string[][] = [];
  const line = (what: string, ms: number) => body.push([what, number(ms)]);
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
    line(`tick ${i} of a minute in which ${whole(storm)} begin, ${whole(sixth)} at each`, (await once(() => tick(sixth * i))).ms);
  line(`${whole(storm)} stand, nothing changes`, (await timed(RUNS, () => tick(storm))).p50);
  line(`${whole(storm)} become quiet at once`, (await once(() => tick(0))).ms);
  for (let i = 0; i < 2; i++) await tick(0);
  line(`${whole(storm)} end at once`, (await once(() => tick(0))).ms);
  table(["what happened since the tick before", "ms"], body);
}
