import type { Instant } from "../time";
import type { Part } from "../words";
import type { Basis } from "./rules";

/** How a promise stands over its period: what crosses the wire of it with every zone. Null where nothing was judged, which is not 100 %. */
export type ObjectiveRow = {
  basis: Basis;
  /** A part of one; null where the contract promises no share. */
  target: number | null;
  periodMs: number;
  keptN: number;
  missedN: number;
  converged: number | null;
  /** What of the error budget is left; below zero when more was used than there was. */
  budgetLeft: number | null;
};

export type BurnView = { spanMs: number; n: number; missedN: number; burn: number | null };
export type DayView = { at: Instant; keptN: number; missedN: number };
/** What used the budget up: of the missed ones how many, and where it is looked at. */
export type CauseView = { title: Part[]; href: string; missedN: number; share: number };

export type ObjectiveView = ObjectiveRow & {
  now: Instant;
  zoneId: string;
  title: string;
  owner: string;
  windowMs: number;
  from: Instant;
  sentence: Part[];
  nines: number | null;
  /** Of the missed ones: converged since, and still open. */
  lateN: number;
  openN: number;
  /** Parts of one that had converged by a fifth of the window, by its end and by twice of it; null where nothing was judged or deliveries are not followed. */
  by: { fifth: number; window: number; double: number } | null;
  burns: BurnView[];
  /** When the budget is gone at the rate of the last hour. */
  goneInMs: number | null;
  causes: CauseView[];
  /** Of the missed ones that no cause in the list explains. */
  otherN: number;
  /** A year, the oldest first; days on which nothing was judged are left out. Days are those of UTC. */
  days: DayView[];
  daysFrom: Instant;
};

export type ReportZone = ObjectiveRow & {
  zoneId: string;
  title: string;
  owner: string;
  windowMs: number;
  nines: number | null;
  lateN: number;
  /** Days on which something was judged, and of these on which less was kept than is promised. */
  daysN: number;
  missedDaysN: number;
  worst: DayView | null;
  causes: CauseView[];
};

/** A month, zone by zone and owner by owner. */
export type ReportView = {
  now: Instant;
  /** `2026-11` */
  month: string;
  from: Instant;
  to: Instant;
  owner: string | null;
  /** Everybody who owns one of the zones that one sees. */
  owners: string[];
  sentence: Part[];
  byOwner: {
    owner: string;
    zonesN: number;
    brokenN: number;
    keptN: number;
    missedN: number;
    converged: number | null;
  }[];
  zones: ReportZone[];
};
