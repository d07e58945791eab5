import type { Instant } from "../time";
import type { AuditResult } from "./rules";

/** One entry as people read it: the target with the way to it, and of its zones those that the reader sees. */
export type AuditRow = {
  id: number;
  at: Instant;
  actorKind: string;
  operatorId: string | null;
  actorName: string;
  action: string;
  /** The action in words: "retry messages". */
  words: string;
  target: { kind: string; id: string; zones: string[] };
  targetText: string;
  href: string | null;
  zones: { zoneId: string; title: string }[];
  result: AuditResult;
  reason: string | null;
  detail: Record<string, unknown>;
};

/** A page of the audit and the cursor of the next one; null on the last page. */
export type AuditPage = {
  now: Instant;
  entries: AuditRow[];
  next: string | null;
  /** What the last walk along the chain found; null before the first. */
  verification: { at: Instant; holds: boolean; sentence: string } | null;
};
