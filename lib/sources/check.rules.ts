import type { Instant } from "../time";

/** What is asked of a source before it is relied on, in the order in which it is shown. */
export const sourceChecks = [
  "observer",
  "actor",
  "version",
  "standby",
  "pooler",
  "tls",
  "clock",
  "encoding",
  "settings",
  "observer_rights",
  "actor_rights",
  "map",
  "row_security",
  "indexes",
  "compared",
  "capture",
  "call",
  "poll",
] as const;
export type SourceCheckName = (typeof sourceChecks)[number];

/** fail: something that stops Accord there · warn: it works, and somebody should know · unknown: it could not be asked. */
export type CheckState = "ok" | "warn" | "fail" | "unknown";

/** One check with its answer in a sentence, and what to do where there is something to do. */
export type SourceCheck = { check: SourceCheckName; state: CheckState; sentence: string; todo: string | null };

/** How one connection stands. `verified`: the server's certificate was checked; null without TLS. `own`: settings of the database or role; `pinned`: as they are in a transaction of ours. */
export type ConnectionFacts = {
  role: string;
  versionNum: number;
  version: string;
  standby: boolean;
  pooled: boolean;
  tls: { encrypted: boolean; verified: boolean; near: boolean };
  encoding: string;
  own: Record<string, string>;
  pinned: Record<string, string>;
  wanted: Record<string, string>;
  clock: { before: Instant; at: Instant; after: Instant };
};

/** A right that a role should have and lacks, or has and need not have; `grant` is the statement that mends it. */
export type RightFact = { right: string; grant: string };

/** What the tables of a preset say to a role. */
export type TableFacts = {
  missing: RightFact[];
  /** It may change what it only has to read. */
  beyond: string[];
  /** Tables whose policies would hide rows. */
  hidden: string[];
  /** Indexes that our reads go along and that are not there, or not valid. */
  indexes: { name: string; table: string }[];
  /** False: nobody installs them, and their owner gives the rights. */
  byInstaller?: boolean;
};

/** How a map fits the tables that it is for: which shape of its framework's was found, fields that do not fit, and what is not read as it could be. */
export type MapFacts = {
  variant: string | null;
  mistakes: { kind: string; field: string; why: string }[];
  notes: string[];
};

/** A logical replication slot of a database. `behindBytes`: what the whole database wrote since the connector last acknowledged, digits kept; null before there is anything to measure from. */
export type SlotFacts = {
  slot: string;
  active: boolean;
  walStatus: string | null;
  behindBytes: string | null;
  /** How long what it acknowledged last had waited; null: nothing waits, or `isTimed` is false. */
  lagMs: number | null;
  /** Whether this role may see how long its reader takes. */
  isTimed: boolean;
  /** For how long nobody has read it; null while somebody does, and before PostgreSQL 17. */
  unreadMs: number | null;
};

/** Everything that a source tells of itself; an Error where a connection or a question failed. */
export type SourceFacts = {
  observer: ConnectionFacts | Error;
  /** Null: the source is observed only. */
  actor: ConnectionFacts | Error | null;
  /** Null: the source has business tables only. */
  observerTables: TableFacts | Error | null;
  actorTables: TableFacts | Error | null;
  /** What keeps a rule of a contract from comparing a relation of this source. */
  compared: { relation: string; problem: string | null }[] | Error;
  /** The slots that change data capture may read by; null: no contract says that an event of this source is captured. */
  capture: SlotFacts[] | null | Error;
  /** Left out where the tables are Accord's own, or business tables. */
  map?: MapFacts | Error;
  /** Where its service is asked to retry: how, and why it would not be. Left out where nobody is asked. */
  call?: { call: string; problem: string | null };
  poll: { ms: number } | Error;
};

export const limits = {
  versionMin: 130_000,
  versionMax: 190_000,
  clockMsMax: 1_000,
  pollMsMax: 1_000,
} as const;

/** The majors that Accord's tests run on. */
export const testedVersions = [15, 18] as const;

/** Whether something stops Accord at this source. */
export const isStopped = (checks: readonly SourceCheck[]): boolean => checks.some(({ state }) => state === "fail");
