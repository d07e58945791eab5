import type { Kind, UnresolvedReason } from "../facts/rules";
import type { Detail } from "../reconciliation/rules";
import { days, type Instant, minutes, seconds } from "../time";

/**
 * Whether a key's services agree since its messages were delivered. proven: a rule read it on both sides and they agree, and nothing of
 * it is open · checking: not everything has answered yet · waits: something of it is still open · diverging: both sides were read and
 * differ · uncovered: nothing of it is open, and no rule compares it.
 */
export const proofStates = ["proven", "checking", "waits", "diverging", "uncovered"] as const;
export type ProofState = (typeof proofStates)[number];

/** Keys per state; `undelivered`: nothing of the key was delivered. They add up to `total`. */
export type ProofCounts = Record<ProofState | "undelivered", number> & { total: number };

/**
 * Where the proof of an operation's keys stands. before: nothing was delivered · now: under way · proven: every key is · uncovered: nothing
 * compares what was delivered · short: it is over, and some are not proven.
 */
export type ProofStage = "before" | "now" | "proven" | "uncovered" | "short";

/** Of an operation that goes on, or has ended. */
export function proofStage(counts: ProofCounts, ended: boolean): ProofStage {
  const delivered = counts.total - counts.undelivered;
  if (delivered === 0) return "before";
  if (counts.uncovered === delivered) return "uncovered";
  if (!ended || counts.checking > 0) return "now";
  return counts.proven === counts.total ? "proven" : "short";
}

/** Whether no key changes its state any more: what was not delivered never will be, and nothing compares the rest or it agrees. */
export const isProofOver = (counts: ProofCounts, ended: boolean): boolean =>
  ended && counts.checking + counts.waits + counts.diverging === 0;

/** A key that stands in several zones is told by the first of these. */
export const worstFirst = ["diverging", "waits", "checking", "uncovered", "proven"] as const satisfies readonly ProofState[];

/** How two sides of a rule differ. */
type Difference = { kind: Kind; detail: Detail | null };

/** What stands in the way of a proof; as facts, so that sentences are made when they are read. */
export type ProofReason =
  | {
      kind: "fact";
      reason: UnresolvedReason;
      service: string;
      consumer: string;
      eventType: string;
      since: Instant;
      waitsFor: number | null;
    }
  | { kind: "differs"; rule: string; difference: Difference }
  | { kind: "unread"; services: string[] }
  | { kind: "uncomparable"; rule: string; words: string };

/** What one look found of one key in one zone. */
export type Found = {
  /** Something of it that is open, the oldest; null when nothing is. */
  fact: Extract<ProofReason, { kind: "fact" }> | null;
  /** Services that were not looked at since the delivery. */
  unread: string[];
  /** Rules that have the key on a side; a rule that found it nowhere says nothing of it. */
  compared: { rule: string; difference: Difference | null }[];
  uncomparable: { rule: string; words: string }[];
};

export type Proof = { state: ProofState; why: ProofReason | null };

/** What a look makes of a key. A difference counts when it was seen by two looks: between the first of both reads and the second the key may just have changed. */
export function proofOf(found: Found, before: ProofReason | null): Proof {
  if (found.fact) return { state: "waits", why: found.fact };
  const differing = found.compared.find(({ difference }) => difference !== null);
  if (differing) {
    const again = before?.kind === "differs" && before.rule === differing.rule;
    const why = { kind: "differs" as const, rule: differing.rule, difference: differing.difference! };
    return { state: again ? "diverging" : "checking", why };
  }
  if (found.unread.length > 0) return { state: "checking", why: { kind: "unread", services: found.unread } };
  const [uncomparable] = found.uncomparable;
  if (uncomparable) return { state: "checking", why: { kind: "uncomparable", ...uncomparable } };
  return { state: found.compared.length > 0 ? "proven" : "uncovered", why: null };
}

export const limits = {
  /** Keys that are looked at in one turn. */
  keysPerTurn: 500,
  /** A turn that takes longer than this belongs to nobody: its worker died. */
  leaseMs: seconds(15),
  /** Beyond this an open key is the matter of its case. */
  followedMs: days(1),
} as const;

/** In how long a key is looked at again; null when it is settled, or is left to what follows open keys anyway. */
export function lookAgainIn(state: ProofState, sinceDeliveryMs: number): number | null {
  if (state === "proven" || state === "uncovered" || sinceDeliveryMs > limits.followedMs) return null;
  if (sinceDeliveryMs < minutes(1)) return seconds(1);
  return sinceDeliveryMs < minutes(10) ? seconds(5) : minutes(1);
}
