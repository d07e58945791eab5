import { sweep } from "./held.js";
import { type Loop, loop, patient, troubleTeller } from "./loop.js";
import { redeliver } from "./redelivery.js";
import { type Publish, relay } from "./relay.js";
import { forget, type Kept, usuallyKept } from "./retention.js";
import type { Service } from "./service.js";
import type { Sql } from "./sql.js";

export type StartOptions = {
  /** Gives events to whoever carries them; a service without it publishes nothing. */
  publish?: Publish;
  kept?: Kept;
  /** Further work, at each pass: `() => compensateDue(service, saga)`. Answers how much there was. */
  chores?: Record<string, () => Promise<number>>;
  /** How long to rest when there is nothing to do. */
  restMs?: number;
  /** Told of each trouble once, and once more when it is over; the console without it. */
  tell?: (line: string) => void;
};

const RETENTION_MS = 600_000;

// Two, so that what is refused for ever neither delays what is new nor is offered without end.
const relays = [
  { what: "relay", which: "fresh", mostMs: 5_000 },
  { what: "relay of refused events", which: "refused", mostMs: 30_000 },
] as const;

/** Begins what a service does beside its handlers: relay, redeliveries, what is held, chores and retention. Several processes may do it at once. */
export function start<Tx extends Sql>(service: Service<Tx>, options: StartOptions = {}): Loop {
  const { publish, kept = usuallyKept, chores = {}, restMs = 250, tell = console.error } = options;
  const attempt = troubleTeller((line) => tell(`${service.name}: ${line}`));
  const stopping = new AbortController();
  const repeat = (what: string, rest: number | (() => number), work: () => Promise<number>) =>
    loop(rest, () => attempt(what, work, stopping.signal));
  const loops = [
    repeat("redelivery", 4 * restMs, () => redeliver(service, stopping.signal)),
    repeat("retention", RETENTION_MS, () => forget(service, kept)),
    ...Object.entries(chores).map(([what, work]) => repeat(what, 4 * restMs, work)),
  ];
  if (publish)
    for (const { what, which, mostMs } of relays) {
      const { work, rest } = patient(restMs, mostMs, () => relay(service.database, publish, which));
      loops.push(repeat(what, rest, work));
    }
  let from = "";
  const sweepOn = async () => {
    const { released, to } = await sweep(service, from, stopping.signal);
    from = to;
    return released;
  };
  if (service.inSequence) loops.push(repeat("held", 4 * restMs, sweepOn));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops.map((each) => each.stop()));
    },
  };
}
