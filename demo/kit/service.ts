import {
  type Backoff,
  forget,
  type Loop,
  loop,
  type Message,
  pgDatabase,
  redeliver,
  relay,
  sweep,
  troubleTeller,
} from "../../client/src";
import { openBroker } from "./broker";
import { openPool, type Tx } from "./cluster";
import { consume } from "./consumer";
import type { Definition, Service, ServiceOptions } from "./definition";
import { atRate } from "./traffic";

/** About six seconds from the first attempt to the last. */
export const demoBackoff: Backoff = { attempts: 5, firstMs: 400, maxMs: 30_000 };

const FAULTS_EVERY_MS = 400;
const RETENTION_MS = 300_000;
// A pass costs as much for a few messages as for many: it rests until some have come together.
const FEW = 10;
// Two connections to a database: as many messages side by side.
const CONNECTIONS = 2;
/** An estate is seldom left alone for a day. */
export const retention = { outbox: "6 hours", inbox: "2 days" };

/** One service, to be started as a process's work, or ticked by hand in a test. Two connections to its database, one to the broker. */
export function runService(definition: Definition, options: ServiceOptions) {
  const { pollMs = 120, backoff = demoBackoff, slowMs = 2_000, rate = 0, seed = 1, log = () => {} } = options;
  const pool = openPool(options.url, CONNECTIONS, definition.name);
  const service: Service = {
    name: definition.name,
    version: definition.version(new Set()),
    pool,
    database: pgDatabase(pool),
    broker: openBroker(options.brokerUrl, definition.name, options.disorder),
    handlers: handlersOf(definition, () => service),
    inSequence: definition.inSequence,
    backoff,
    lanes: CONNECTIONS,
    faults: new Set(),
    slowMs,
    sweptTo: "",
    acts: 0,
  };
  const attempt = troubleTeller((line) => log(`${service.name}: ${line}`));
  const loops: Loop[] = [];
  let trade: Loop | undefined;

  const look = () =>
    attempt("faults", async () => {
      service.faults = await service.broker.faults();
      service.version = definition.version(service.faults);
      const aheadMs = definition.clockMs?.(service.faults) ?? 0;
      service.clock = aheadMs === 0 ? undefined : () => new Date(Date.now() + aheadMs);
      return 0;
    });

  const pass = async (): Promise<number> => {
    const { name, faults, broker, database } = service;
    let done = 0;
    if (!(faults.has("stopped-relay") && name === "order-service"))
      done += await attempt("relay", () => relay(database, (messages) => broker.publish(messages, faults)));
    if (!(faults.has("stopped-consumer") && name === "notification-service")) {
      done += await attempt("consumer", () => consume(service));
      done += await attempt("redelivery", () => redeliver(service));
    }
    for (const chore of definition.chores ?? []) done += await attempt(chore.name, () => chore(service));
    return done;
  };

  const held = () =>
    attempt("held", async () => {
      const { released, to } = await sweep(service, service.sweptTo);
      service.sweptTo = to;
      return released;
    });

  const stop = async (): Promise<void> => {
    if (service.pool.ending) return;
    await Promise.all(loops.splice(0).map((each) => each.stop()));
    await Promise.all([service.pool.end(), service.broker.close()]);
  };

  return {
    name: service.name,
    service,
    start(): void {
      loops.push(loop(FAULTS_EVERY_MS, look), loop(pollMs, pass, FEW), loop(1_000, held));
      loops.push(loop(RETENTION_MS, () => attempt("retention", () => forget(service, retention))));
      const { traffic } = definition;
      if (!traffic || rate <= 0) return;
      const act = async (): Promise<number> => {
        await traffic.act(service, seed);
        return 1;
      };
      trade = atRate(rate * traffic.share, () => attempt("traffic", act));
      loops.push(trade);
    },
    stop,
    /** Ends the traffic; what is under way is worked on. */
    closeShop: async (): Promise<void> => trade?.stop(),
    /** One look at the faults and one pass over everything that waits; answers how much there was. */
    async tick(): Promise<number> {
      await look();
      return (await pass()) + (await held());
    },
  };
}

export type RunningService = ReturnType<typeof runService>;

// A handler of the estate also knows its service, and through it the fault of the hour.
function handlersOf({ handlers }: Definition, service: () => Service): Service["handlers"] {
  const bound = Object.entries(handlers).map(([event, handler]) => [
    event,
    (tx: Tx, message: Message) => handler(tx, message, service()),
  ]);
  return Object.fromEntries(bound);
}
