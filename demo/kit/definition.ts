import type pg from "pg";
import type { Backoff, Service as ClientService, Message, Verdict } from "../../client/src";
import type { Broker } from "./broker";
import type { Tx } from "./cluster";
import type { Faults } from "./faults";
import type { Disorder } from "./wire";

/** A handler that also knows its service. */
export type Handler = (tx: Tx, message: Message, service: Service) => Promise<Verdict>;

/** What one service is made of: its own tables, its handlers, its chores and its customers. */
export type Definition = {
  name: string;
  database: string;
  /** Its business tables; applied at installation. */
  tables: string;
  /** Those of its relations that a contract compares; the observer may read no others. */
  compared: string[];
  /** The deployed version, in the inbox, in dead letters and in headers. */
  version: (faults: Faults) => string;
  /** How far the clock of its host is ahead of its database's; right without it. */
  clockMs?: (faults: Faults) => number;
  handlers: Record<string, Handler>;
  /** Whether its handlers may answer that a message must wait for an earlier one. */
  inSequence?: boolean;
  /** Work besides messages, at each pass; answers how much there was. */
  chores?: ((service: Service) => Promise<number>)[];
  /** The share of the estate's traffic that begins here, and one action of it. */
  traffic?: { share: number; act: (service: Service, seed: number) => Promise<void> };
};

/** A service at work. */
export type Service = ClientService<Tx> & {
  pool: pg.Pool;
  broker: Broker;
  faults: Faults;
  /** What a message takes while its consumer is slow. */
  slowMs: number;
  /** Where the sweep over held messages stands: a business key. */
  sweptTo: string;
  /** Actions of traffic so far, in this process. */
  acts: number;
};

export type ServiceOptions = {
  url: string;
  brokerUrl: string;
  pollMs?: number;
  backoff?: Backoff;
  disorder?: Disorder;
  slowMs?: number;
  /** Actions a second over the whole estate; a service makes its share of them. */
  rate?: number;
  seed?: number;
  log?: (line: string) => void;
};
