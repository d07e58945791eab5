import path from "node:path";
import type { Ctx } from "../../lib/context";
import { loadConfiguration } from "../../lib/contracts/files";
import { contractMap } from "../../lib/contracts/map.rules";
import { type Configuration, publicSource } from "../../lib/contracts/rules";
import { applyConfiguration, readContracts } from "../../lib/contracts/service";
import { type TestStore, testStore } from "../../lib/db/testing";
import { observeSource } from "../../lib/observation/service";
import { makeOperator } from "../../lib/operators/testing";
import { followRules, reconcileRule, runnableRules } from "../../lib/reconciliation/reconcile";
import type { Observed } from "../../lib/sources/observed";
import { sourceRegistry } from "../../lib/sources/registry";
import { replaceSources } from "../../lib/sources/sql";
import { judgeZones } from "../../lib/zones/judge";
import { readZone } from "../../lib/zones/service";
import type { ZoneView } from "../../lib/zones/views";
import { type TestEstate, testEstate } from "./testing";

/** An estate that is looked at and judged under its own contracts, by hand: no worker does anything between two calls. */
export async function watchedEstate({ frameworks = false } = {}) {
  const [estate, store]: [TestEstate, TestStore] = await Promise.all([testEstate({ frameworks }), testStore(8)]);
  const loaded = await loadConfiguration(path.join(import.meta.dirname, "../accord.yaml"), estate.env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const configuration = frameworks ? loaded.configuration : withoutFrameworks(loaded.configuration);
  const worker: Ctx = { db: store.db, actor: { kind: "worker", workerId: "test" }, now: Date.now() };
  await applyConfiguration(worker, configuration, [], (tx) =>
    replaceSources(tx, configuration.sources.map(publicSource), worker.now),
  );
  const registry = sourceRegistry();
  const contracts = await readContracts(store.db);
  const map = contractMap(contracts, configuration.sources);
  const observed: Observed[] = configuration.sources.map((config) => ({
    sourceId: config.sourceId,
    service: config.service,
    source: registry.open(config),
    map,
  }));
  await followRules(store.db, contracts, Date.now());
  const rules = runnableRules(contracts, new Map(observed.map(({ sourceId, source }) => [sourceId, source])));
  const { ctx } = await makeOperator(store.db, Date.now(), { role: "administrator", name: "Ada" });
  const poll = async () => {
    for (const one of observed) while ((await observeSource({ db: store.db, workerId: "test" }, one)) === "more");
  };
  /** Runs every rule once, whether or not it is due, and looks again at its candidates. */
  const reconcile = async () => {
    await store.pool.query("update reconciliation_rule set next_run_at = now() - interval '1 second', retry_at = null");
    await store.pool.query("update divergence set due_at = now() - interval '1 second' where state <> 'resolved'");
    for (const rule of rules) while ((await reconcileRule({ db: store.db, workerId: "test", duty: 1 }, rule)) === "more");
  };
  return {
    estate,
    store,
    observed,
    reconcile,
    /** As if the candidates had been seen so long ago, soon after their keys had agreed. */
    candidatesFor: (span: string) =>
      store.pool.query("update divergence set first_seen_at = first_seen_at - $1::interval, since = since - $1::interval", [
        span,
      ]),
    /** An administrator, now. */
    ada: (): Ctx => ({ ...ctx, now: Date.now() }),
    poll,
    /** Polls everything, twice, since what lies between two sources is asked by the second; judges; and answers what the zone's screen shows. */
    async judged(zoneId: string) {
      await poll();
      await poll();
      await judgeZones(store.db);
      const view = await readZone({ ...ctx, now: Date.now() }, { zoneId });
      return shown(view);
    },
    async close(): Promise<void> {
      await registry.close();
      await estate.close();
      await store.close();
    },
  };
}

export type WatchedEstate = Awaited<ReturnType<typeof watchedEstate>>;

/** What is not installed is neither looked at nor judged. */
function withoutFrameworks(whole: Configuration): Configuration {
  const sources = whole.sources.filter(({ preset }) => preset === "native");
  const known = new Set(sources.map(({ sourceId }) => sourceId));
  const contracts = whole.contracts.filter(({ contract }) => contract.facts.every(({ authority }) => known.has(authority)));
  return { ...whole, sources, contracts };
}

/** What a person reads of a zone. */
function shown(view: ZoneView) {
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
      follows: cause.follows,
      next: cause.next.map((part) => part.text).join(""),
      kind: cause.kind,
      title: cause.title.map((part) => part.text).join(""),
      evidence: cause.evidence.map((part) => part.text).join(""),
      keysN: cause.keysN,
    })),
  };
}
