import type { Instant } from "../time";
import type { Contract, Problem } from "./rules";

/** A contract with its text and how it came to be: what the contract tab is given. */
export type ContractTab = {
  now: Instant;
  zoneId: string;
  title: string;
  revision: number;
  retiredAt: Instant | null;
  warnings: Problem[];
  contract: Contract;
  yaml: string;
  revisions: { revision: number; contentHash: string; appliedAt: Instant; appliedBy: string }[];
  /** The channels of the installation that are told of alerts. */
  channels: string[];
  /** Revision null: the zone was retired. */
  applications: { revision: number | null; at: Instant; workerId: string }[];
};
