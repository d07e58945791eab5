import type pg from "pg";
import type { Database, Message, Payload } from "../../client/src";
import type { Broker } from "./broker";
import type { Tx } from "./cluster";
import type { Faults } from "./faults";

/** A service that was there before Accord: what it does lies in a framework's tables, and nothing of Accord's in its database. */
export type FrameworkDefinition = {
  name: string;
  database: string;
  /** Its own tables beside the framework's; applied at installation. */
  tables: string;
  /** Those of its relations that a contract compares; the observer may read no others. */
  compared: string[];
  version: (faults: Faults) => string;
  framework: Framework;
  /** What it does with each event that it takes, in the transaction that notes the event as handled. */
  handlers: Record<string, (tx: Tx, message: Message, service: FrameworkService) => Promise<void>>;
};

export type Framework = {
  /** How accord.yaml calls it. */
  preset: string;
  /** The shape of its tables here, as the preset names it. */
  variant: string;
  /** Makes the framework's tables, by the framework itself where it is a package; harmless when they are there. */
  install: (url: string) => Promise<void>;
  /** Rows that are still to be worked on, as they follow `from`. */
  underWay: string;
  /** Starts the framework's own worker. */
  work: (service: FrameworkService) => Promise<{ stop(): Promise<void> }>;
};

/** What a framework hands to its worker, and what the worker does with it. */
export type Job = { id: string; data: Payload };
export type JobWork = (tx: Tx, job: Job, service: FrameworkService) => Promise<void>;

/** A service at work. */
export type FrameworkService = {
  name: string;
  version: string;
  pool: pg.Pool;
  database: Database<Tx>;
  broker: Broker;
  faults: Faults;
  log: (line: string) => void;
};
