import type { Now } from "../postgres/now.sql";
import type { Told } from "./memory";

/** Where observation stands: which memory it speaks of, and from which transactions on the next round reads what was written. */
export type Cursor = {
  identity: string;
  token: string;
  since: string | null;
  at: number;
  reached: string;
  xmin: string;
  xminSince: number;
  next: { since: string; at: number } | null;
  /** Left out by versions that kept it in the process alone. */
  told?: Told;
};

/** Why what a cursor says holds no longer; null where it does. */
export function rereadReason(previous: Cursor | null, now: Now): string | null {
  if (previous === null) return null;
  if (previous.identity !== now.identity) return "another database answers under this address: restored, cloned or failed over";
  if (BigInt(previous.reached) > BigInt(now.xmax)) return "its transactions went backwards: restored from a copy";
  // Beyond half of all numbers a transaction's age says nothing any more.
  if (previous.since !== null && BigInt(now.xmax) - BigInt(previous.since) > 2n ** 30n)
    return "it was not read for more than a billion transactions";
  return null;
}
