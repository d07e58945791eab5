import type { Actor } from "../context";
import type { Instant } from "../time";

/** done: the change is in the same transaction. denied: an attempt that was refused, by permission or by a rule. result: how an operation ended. */
export type AuditResult = "done" | "denied" | "result";

/** What an action is done to; zones decide who may act and who reads the entry. */
export type Target = { kind: string; id: string; zones: readonly string[] };

/** Who did what, to which target, why, when, with which result. */
export type AuditEntry = {
  id: number;
  at: Instant;
  actorKind: "operator" | "service" | "link" | "worker" | "stranger";
  operatorId: string | null;
  actorName: string;
  action: string;
  target: { kind: string; id: string; zones: string[] };
  result: AuditResult;
  reason: string | null;
  detail: Record<string, unknown>;
};

/** What is appended: an entry that has not got its number yet. `entryKey` makes a repeat the same entry. */
export type NewEntry = {
  at: Instant;
  actor: Actor | { kind: "stranger" };
  action: string;
  target: Target;
  result: AuditResult;
  reason?: string | undefined;
  detail?: Record<string, unknown> | undefined;
  entryKey?: string | undefined;
};

/** Denials of one actor that are written down in a minute, over all targets: a flood must not fill the table. */
export const DENIALS_PER_MINUTE_MAX = 60;

// A refused target is whatever a caller typed, and an index entry holds 2,700 bytes.
const TARGET_ID_MAX = 300;

/** A target as it is stored: its id cut to what an index can hold. */
export function storable(target: Target): Target {
  return { ...target, id: target.id.slice(0, TARGET_ID_MAX) };
}

/** One denial per actor, action, target and minute. */
export function denialKey(actorId: string, action: string, target: Target, at: Instant): string {
  return `denied:${actorId}:${action}:${target.kind}:${storable(target).id}:${Math.floor(at / 60_000)}`;
}

/** What the audit is narrowed by. `who` is the name that somebody had; `operatorId` stays when the name changes. */
export type AuditNarrowing = {
  operatorId?: string | undefined;
  who?: string | undefined;
  action?: string | undefined;
  result?: AuditResult | undefined;
  zone?: string | undefined;
  targetKind?: string | undefined;
  targetId?: string | undefined;
  since?: Instant | undefined;
  until?: Instant | undefined;
  /** Back from now, in milliseconds. */
  last?: number | undefined;
};

/** The narrowing as of now: a span back from it becomes an instant. */
export function asOf<N extends AuditNarrowing>({ last, ...rest }: N, now: Instant): Omit<N, "last"> {
  if (last === undefined) return rest;
  return { ...rest, since: Math.max(rest.since ?? 0, now - last) };
}

/** A place in the audit: the entry that was read last. */
export type AuditPlace = { at: Instant; id: number };

/** A page of the narrowed audit; `before` is the cursor of the page that was read last. */
export type AuditFilter = AuditNarrowing & { before?: AuditPlace | undefined; limit: number };

export const exportFormats = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof exportFormats)[number];
export type AuditExport = AuditNarrowing & { format: ExportFormat; key: string };

/** Entries of one export; more is a matter of narrowing the range, or of a copy of the database. */
export const EXPORT_ROWS_MAX = 100_000;

/** Why the chain does not hold: an entry or a link was changed or taken away · an entry was put in beside it · its time is not when it was taken. */
export const chainFaults = ["changed", "unlinked", "misdated"] as const;
export type ChainFault = (typeof chainFaults)[number];

/** What a walk along the chain found: how many entries it went over, the hash of the last link, and the first entry that does not fit. */
export type Verification = {
  at: Instant;
  entriesN: number;
  head: string | null;
  brokenEntry: number | null;
  why: ChainFault | null;
};
