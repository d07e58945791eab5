import type { Instant } from "../time";
import type { SourceFigures } from "./rules";

export type SourceRow = {
  sourceId: string;
  service: string;
  preset: string;
  consumers: string[];
  act: boolean;
  state: "live" | "failing" | "silent" | "new";
  /** End of the last good look; null before the first. */
  observedAt: Instant | null;
  error: { message: string; since: Instant; nextLookAt: Instant | null } | null;
  heldBy: string | null;
  lookMs: number | null;
  /** Source's clock minus the store's; shown above 1 s. */
  clockOffsetMs: number | null;
  /** Its service's times are off its database's clock by so much, ahead above zero, as of `at`; null when they were not lately. */
  timesOff: { ms: number; at: Instant } | null;
  /** A look cannot move on because a transaction on the source has been open this long; null when none holds it. */
  longTransactionMs: number | null;
  backlog: boolean;
  figures: SourceFigures | null;
  /** Rows whose times or states made no sense, since the source was first seen. */
  oddRowsN: number;
  versions: { consumer: string; version: string; since: Instant }[];
  /** Rules of contracts that cannot compare a relation of this source, and why. */
  notCompared: { zoneId: string; rule: string; problem: string; since: Instant }[];
  rereadAt: Instant | null;
  rereadWhy: string | null;
};

export type ConfigurationProblem = {
  workerId: string;
  file: string;
  line: number;
  column: number;
  message: string;
  severity: "error" | "warning";
};

export type SourcesView = {
  now: Instant;
  sources: SourceRow[];
  configuration: { ok: boolean; at: Instant | null; problems: ConfigurationProblem[] };
  workers: { workerId: string; beatAt: Instant }[];
};
