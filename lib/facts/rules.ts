import type { Instant } from "../time";

/** Why a business key has not converged. */
export const unresolvedReasons = ["unpublished", "undelivered", "held", "parked", "saga", "divergence"] as const;
export type UnresolvedReason = (typeof unresolvedReasons)[number];
/** The bit by which the store keeps each reason of an open key. Rows have it: a bit never changes its meaning, a new reason gets a new bit. */
export const reasonBits: Readonly<Record<UnresolvedReason, number>> = {
  unpublished: 1,
  undelivered: 2,
  held: 4,
  parked: 8,
  saga: 16,
  divergence: 32,
};

/** One fact that has not converged, in one zone. */
export type Unresolved = {
  sourceId: string;
  reason: UnresolvedReason;
  consumer: string;
  ref: string;
  zoneId: string;
  businessKey: string;
  eventType: string;
  since: Instant;
  confirmed: boolean;
  flagged: boolean;
  /** Of a delivery: its event was perhaps met, and counted, before. */
  retold?: boolean;
  /** Of a held message. */
  waitsFor?: number | null;
};

/** A fact that most keys of something lack, and of how many that were looked at: what it follows from, if most is enough. */
export type Lacking = {
  reason: UnresolvedReason;
  sourceId: string;
  consumer: string;
  groupId: number | null;
  n: number;
  ofN: number;
};

export type ZoneKey = { zoneId: string; businessKey: string };

/** How a key differs: not in the projection · only in the projection · other values · several rows where one is meant. */
export const kinds = ["missing", "unexpected", "mismatch", "duplicate"] as const;
export type Kind = (typeof kinds)[number];
