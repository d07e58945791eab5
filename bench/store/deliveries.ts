import { randomUUID } from "node:crypto";
import { contractMap } from "../../lib/contracts/map.rules";
import type { Contract } from "../../lib/contracts/rules";
import { migrateStore } from "../../lib/db/migrate";
import { type Db, openStore } from "../../lib/db/pool";
import { lockZones, refreshOpenKeys } from "../../lib/facts/sql";
import { addSamples } from "../../lib/lag/sql";
import { ObjectiveTally } from "../../lib/objectives/tally";
import { recordDeliveries } from "../../lib/observation/deliveries";
import { LagTally } from "../../lib/observation/lags";
import { limits } from "../../lib/observation/rules";
import type { InboxRow, OutboxRow, Poll } from "../../lib/sources/observable";
import { minutes } from "../../lib/time";
import { openCluster } from "../cluster";
import { heading, number, once, table, timingOf, whole } from "../measure";
import type { Size } from "../size";

const PAGE = 1_000;
// A poll of a backlog reads as many, and only with the last of them judges what is missed.
const PAGES = limits.pagesPerPoll;
const ZONES = 4;
const TYPES = 8;
const window = minutes(5);

/** Zones that share a producer and a consumer, each with event types of its own. */
const contracts = Array.from({ length: ZONES }, (_, zone) => ({
  zoneId: `z${zone}`,
  facts: [],
  masking: [],
  expectation: { windowMs: window },
  semantics: {
    propagation: "outbox",
    events: Array.from({ length: TYPES }, (_, type) => ({
      eventType: `E${zone}-${type}`,
      from: "shop",
      to: ["stock"],
      schema: null,
      propagation: "outbox",
    })),
  },
  recovery: { sagas: [], reconciliation: [] },
})) as unknown as Contract[];
const sources = ["shop", "stock"].map((sourceId) => ({ sourceId, consumers: [sourceId] }));
const map = contractMap(contracts, sources);

/** Counts nothing: what deliveries cost without their promises. */
class Uncounted extends ObjectiveTally {
  override converged(): void {}
  override async missed(): Promise<void> {}
  override async write(): Promise<void> {}
}

/** What counting the promises costs: pages of deliveries through the path that a poll takes, with the counts and without, in turns. */
export async function benchDeliveries(size: Size): Promise<void> {
  const rounds = size.full ? 100 : 30;
  const cluster = await openCluster("deliveries", size.keep);
  try {
    const url = await cluster.database("deliveries", (at) => migrateStore(at, { runtimePassword: "bench" }).then(() => {}));
    const store = openStore(url, 4, "accord bench");
    const samples = { with: [] as number[], without: [] as number[] };
    try {
      for (let round = -4; round < rounds * 2; round++) {
        const how = round % 2 === 0 ? "with" : "without";
        const ms = await pageOf(store.db, how === "with" ? ObjectiveTally : Uncounted, Math.floor(round / 2) % PAGES === 0);
        if (round >= 0) samples[how].push(ms);
      }
    } finally {
      await store.close();
    }
    print(samples);
  } finally {
    await cluster.close();
  }
}

/** A page of messages as they are sent, then as they are processed, a tenth of them too late: two polls, each in its transaction. */
async function pageOf(db: Db, Tally: typeof ObjectiveTally, last: boolean): Promise<number> {
  const now = Date.now();
  const sent = Array.from({ length: PAGE }, (_, i): OutboxRow => {
    const at = now - (i % 10 === 0 ? window * 2 : 2_000);
    const eventType = `E${i % ZONES}-${i % TYPES}`;
    return {
      ...{ messageId: randomUUID(), eventType, businessKey: `K-${i % 700}`, occurredAt: at, writtenAt: at },
      ...{ publishedAt: at + 5, producerVersion: null, schemaVersion: null, seen: "new" },
    };
  });
  const taken = sent.map(({ messageId, eventType, businessKey, occurredAt }): InboxRow => {
    return {
      ...{ consumer: "stock", messageId, eventType, businessKey, occurredAt, processedAt: now - 1_000 },
      ...{ consumerVersion: null, outcome: "applied", semanticDuplicate: false },
    };
  });
  const poll = async (sourceId: string, rows: Pick<Poll, "outbox" | "inbox">) =>
    db.transaction(async (tx) => {
      const promises = new Tally(map.windowMs);
      await lockZones(tx, map.zonesOfSource(sourceId));
      const tally = new LagTally();
      const about = { sourceId, map, offsets: { own: 0, of: () => 0 }, now, promises, last };
      const { changed } = await recordDeliveries(tx, about, { held: [], heldAll: true, ...rows } as unknown as Poll, tally);
      if (last) await promises.missed(tx, sourceId, map.zonesOfSource(sourceId), now);
      await promises.write(tx);
      await refreshOpenKeys(tx, changed);
      await addSamples(tx, now, tally.all());
    });
  return (
    await once(async () => {
      await poll("shop", { outbox: sent, inbox: [] });
      await poll("stock", { outbox: [], inbox: taken });
    })
  ).ms;
}

function print(samples: { with: number[]; without: number[] }): void {
  heading("Deliveries, with and without their promises");
  const line = (name: string, of: number[]) => {
    const { p50, p95 } = timingOf(of);
    return [name, whole(PAGE / (p50 / 1_000)), `${number(p50)} / ${number(p95)}`];
  };
  table(["path", "deliveries/s", "a page, p50 / p95 ms"], [line("counted", samples.with), line("not counted", samples.without)]);
  const cost = timingOf(samples.with).p50 / timingOf(samples.without).p50 - 1;
  console.log(`Counting costs ${number(cost * 100)} % of what the store does.`);
}
