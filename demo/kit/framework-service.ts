import { type Loop, loop, pgDatabase, troubleTeller } from "../../client/src";
import { openBroker } from "./broker";
import { openPool } from "./cluster";
import type { ServiceOptions } from "./definition";
import type { FrameworkDefinition, FrameworkService } from "./framework";
import { note } from "./handled";

const FAULTS_EVERY_MS = 400;
const RETENTION_MS = 300_000;
const BATCH = 40;
// It is in no hurry: as many messages as come together within it cost one transaction.
const TAKE_MS = 400;
// One listens for jobs where the framework does so.
const CONNECTIONS = 4;

/** One service on a framework, to be started as a process's work. A tick takes what the broker has; jobs are the framework's worker's. */
export function runFrameworkService(definition: FrameworkDefinition, options: ServiceOptions) {
  const { pollMs = TAKE_MS, log = () => {} } = options;
  const tell = (line: string) => log(`${definition.name}: ${line}`);
  const pool = openPool(options.url, CONNECTIONS, definition.name);
  const service: FrameworkService = {
    name: definition.name,
    version: definition.version(new Set()),
    pool,
    database: pgDatabase(pool),
    broker: openBroker(options.brokerUrl, definition.name, options.disorder),
    faults: new Set(),
    log: tell,
  };
  const attempt = troubleTeller(tell);
  const loops: Loop[] = [];
  let working: Promise<{ stop(): Promise<void> }> | undefined;

  const look = () =>
    attempt("faults", async () => {
      service.faults = await service.broker.faults();
      service.version = definition.version(service.faults);
      return 0;
    });
  const pass = () => attempt("consumer", () => take(service, definition.handlers));

  return {
    name: service.name,
    service,
    start(): void {
      loops.push(loop(FAULTS_EVERY_MS, look), loop(pollMs, pass, BATCH - 1));
      loops.push(loop(RETENTION_MS, () => attempt("retention", () => forget(service))));
      working = definition.framework.work(service);
    },
    async stop(): Promise<void> {
      if (pool.ending) return;
      await Promise.all([...loops.splice(0).map((each) => each.stop()), working?.then((worker) => worker.stop())]);
      await Promise.all([pool.end(), service.broker.close()]);
    },
    /** Nothing of the traffic begins here. */
    closeShop: async (): Promise<void> => {},
    async tick(): Promise<number> {
      await look();
      return pass();
    },
  };
}

export type RunningFrameworkService = ReturnType<typeof runFrameworkService>;

/** Handles a batch in one transaction: its handlers only write, so they fail together, when the database is away, and all of it comes again. */
async function take(service: FrameworkService, handlers: FrameworkDefinition["handlers"]): Promise<number> {
  // Asked before taking anything: messages wait better in the broker than in a service without a database.
  await service.pool.query("select 1");
  const deliveries = await service.broker.take(service.name, BATCH);
  if (deliveries.length === 0) return 0;
  const messages = new Map(deliveries.map(({ message }) => [message.message_id, message]));
  await service.database.transaction(async (tx) => {
    const all = [...messages.values()].map((each) => ({
      id: each.message_id,
      type: each.event_type,
      key: each.business_key,
      occurredAt: each.occurred_at,
    }));
    for (const id of await note(tx, service, service.name, all)) {
      const message = messages.get(id)!;
      await handlers[message.event_type]!(tx, message, service);
    }
  });
  await service.broker.acknowledge(deliveries.map(({ id }) => id));
  return deliveries.length;
}

async function forget(service: FrameworkService): Promise<number> {
  await service.pool.query("delete from handled where handled_at < now() - interval '2 days'");
  return 0;
}
