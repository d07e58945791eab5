import type { Instant } from "../time";
import type { Verdict } from "../verdicts/rules";
import type { ZoneTag } from "../verdicts/views";
import type { Part } from "../words";
import type { HitKind } from "./rules";

export { type HitKind, hitKinds } from "./rules";

/** One thing that a text names, and the way to it. */
export type Hit = {
  kind: HitKind;
  /** Unique within its kind. */
  id: string;
  title: string;
  /** What it is and how it stands, in a few words. */
  note: string;
  /** Open since; null for what is not open, or has no age. */
  since: Instant | null;
  href: string;
  /** The text is its whole id or name, not only the beginning of it. */
  exact: boolean;
};

/** What a text names, the likeliest first. */
export type FindView = { now: Instant; text: string; hits: Hit[] };

/** What kind of thing happened, for the sign beside it. */
export type EntryKind =
  | "waiting"
  | "failed"
  | "parked"
  | "closed"
  | "saga"
  | "undo"
  | "divergence"
  | "case"
  | "person"
  | "outcome"
  | "verdict"
  | "deploy";

/** One thing that Accord knows of a key. */
export type KeyEntry = {
  id: string;
  at: Instant;
  /** Who it happened at: a service, or a person. */
  service: string;
  kind: EntryKind;
  tone: "breach" | "risk" | "ok" | "plain" | "accent";
  text: string;
  note: string | null;
  href: string | null;
};

/** What is known of the key at one service. `since` is the age of what is open there. */
export type KeyHolding = {
  service: string;
  verdict: Verdict;
  text: string;
  since: Instant | null;
  /** When its source was looked at last; null when it never was. */
  observedAt: Instant | null;
};

/** Everything that Accord knows of a business key, in the zones of who asks. */
export type KeyView = {
  now: Instant;
  key: string;
  /** False: nothing is stored of it; `near` and `looked` help. */
  known: boolean;
  verdict: Verdict;
  sentence: Part[];
  zones: ZoneTag[];
  /** The oldest open fact against the tightest promise; null when nothing is open. */
  open: { since: Instant; windowMs: number | null; factsN: number } | null;
  entries: KeyEntry[];
  /** The list goes on: the place of its next page. */
  older: string | null;
  holdings: KeyHolding[];
  near: { key: string; since: Instant | null }[];
  /** Where was looked, in words. */
  looked: string[];
  /** What the list does not hold, in words. */
  limits: string[];
};
