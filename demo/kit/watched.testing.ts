import path from "node:path";
import type { Ctx } from "../../lib/context";
import { loadConfiguration } from "../../lib/contracts/files";
import { publicSource } from "../../lib/contracts/rules";
import { applyConfiguration, readContracts } from "../../lib/contracts/service";
import { type TestStore, testStore } from "../../lib/db/testing";
import { contractMap } from "../../lib/observation/rules";
import { type Observed, observeSource } from "../../lib/observation/service";
import { makeOperator } from "../../lib/operators/testing";
import { sourceRegistry } from "../../lib/sources/registry";
import { replaceSources } from "../../lib/sources/sql";
import { judgeZones } from "../../lib/zones/judge";
import { readZone } from "../../lib/zones/service";
import { type TestEstate, testEstate } from "./testing";

/** An estate that is looked at and judged under its own contracts, by hand: no worker does anything between two calls. */
export async function watchedEstate() {
  const [estate, store]: [TestEstate, TestStore] = await Promise.all([testEstate(), testStore(8)]);
  const loaded = await loadConfiguration(path.join(import.meta.dirname, "../accord.yaml"), estate.env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { configuration } = loaded;
  const worker: Ctx = { db: store.db, actor: { kind: "worker", workerId: "test" }, now: Date.now() };
  await applyConfiguration(worker, configuration, [], (tx) =>
    replaceSources(tx, configuration.sources.map(publicSource), worker.now),
  );
  const registry = sourceRegistry();
  const map = contractMap(await readContracts(store.db), configuration.sources);
  const observed: Observed[] = configuration.sources.map((config) => ({
    sourceId: config.sourceId,
    service: config.service,
    source: registry.open(config),
    map,
  }));
  const { ctx } = await makeOperator(store.db, Date.now(), { role: "administrator", name: "Ada" });
  const look = async () => {
    for (const one of observed) while ((await observeSource({ db: store.db, workerId: "test" }, one)) === "more");
  };
  return {
    estate,
    store,
    observed,
    /** An administrator, now. */
    ada: (): Ctx => ({ ...ctx, now: Date.now() }),
    look,
    /** Looks at everything, twice, since what lies between two sources is asked by the second; judges; and answers what the zone's screen shows. */
    async judged(zoneId: string) {
      await look();
      await look();
      await judgeZones(store.db);
      const view = await readZone({ ...ctx, now: Date.now() }, { zoneId });
      return {
        verdict: view.zone.verdict,
        was: view.zone.was,
        sentence: view.sentence.map((part) => part.text).join(""),
        keysN: view.zone.keysN,
        parkedN: view.zone.parkedN,
        oldest: view.zone.oldest,
        compensations: view.zone.compensations,
        lastHour: view.zone.lastHour,
        causes: view.causes.map((cause) => ({
          kind: cause.kind,
          title: cause.title.map((part) => part.text).join(""),
          evidence: cause.evidence.map((part) => part.text).join(""),
          keysN: cause.keysN,
        })),
      };
    },
    async close(): Promise<void> {
      await registry.close();
      await estate.close();
      await store.close();
    },
  };
}

export type WatchedEstate = Awaited<ReturnType<typeof watchedEstate>>;
