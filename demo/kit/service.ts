import { openBroker } from "./broker";
import { openPool } from "./cluster";
import { consume } from "./consumer";
import type { Backoff, Definition, Service, ServiceOptions } from "./definition";
import { sweepHeld } from "./held";
import { type Loop, loop } from "./loop";
import { redeliver } from "./redelivery";
import { relay } from "./relay";
import { forgetPublished } from "./retention";
import { atRate } from "./traffic";

/** About six seconds from the first attempt to the last. */
export const demoBackoff: Backoff = { attempts: 5, firstMs: 400, maxMs: 30_000 };

const FAULTS_EVERY_MS = 400;
// A pass costs as much for a few messages as for many: it rests until some have come together.
const FEW = 10;

/** One service, to be started as a process's work, or ticked by hand in a test. Two connections to its database, one to the broker. */
export function runService(definition: Definition, options: ServiceOptions) {
  const { pollMs = 120, backoff = demoBackoff, slowMs = 2_000, rate = 0, seed = 1, log = () => {} } = options;
  const service: Service = {
    definition,
    name: definition.name,
    version: definition.version(new Set()),
    clockMs: 0,
    pool: openPool(options.url, 2, definition.name),
    broker: openBroker(options.brokerUrl, definition.name, options.disorder),
    backoff,
    faults: new Set(),
    slowMs,
    sweptTo: "",
    acts: 0,
  };
  const attempt = attempts(service.name, log);
  const loops: Loop[] = [];
  let trade: Loop | undefined;

  const look = () =>
    attempt("faults", async () => {
      service.faults = await service.broker.faults();
      service.version = definition.version(service.faults);
      service.clockMs = definition.clockMs?.(service.faults) ?? 0;
      return 0;
    });

  const pass = async (): Promise<number> => {
    let done = await attempt("relay", () => relay(service));
    done += await attempt("consumer", () => consume(service));
    done += await attempt("redelivery", () => redeliver(service));
    for (const chore of definition.chores ?? []) done += await attempt(chore.name, () => chore(service));
    return done;
  };

  const stop = async (): Promise<void> => {
    if (service.pool.ending) return;
    await Promise.all(loops.splice(0).map((each) => each.stop()));
    await Promise.all([service.pool.end(), service.broker.close()]);
  };

  return {
    name: service.name,
    service,
    start(): void {
      loops.push(
        loop(FAULTS_EVERY_MS, look),
        loop(pollMs, pass, FEW),
        loop(1_000, () => attempt("held", () => sweepHeld(service))),
      );
      loops.push(loop(60_000, () => attempt("retention", () => forgetPublished(service))));
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
      return (await pass()) + (await attempt("held", () => sweepHeld(service)));
    },
  };
}

export type RunningService = ReturnType<typeof runService>;

// One trouble must not stop the rest: without its database a service still waits, without the broker it still writes.
function attempts(name: string, log: (line: string) => void) {
  const troubles = new Map<string, string>();
  return async (what: string, work: () => Promise<number>): Promise<number> => {
    try {
      const done = await work();
      if (troubles.delete(what)) log(`${name}: ${what} works again`);
      return done;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (troubles.get(what) !== message) log(`${name}: ${what}: ${message}`);
      troubles.set(what, message);
      return 0;
    }
  };
}
