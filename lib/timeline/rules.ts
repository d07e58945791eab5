import type { UnresolvedReason } from "../facts/rules";
import type { Instant } from "../time";
import { ageMs, type Verdict } from "../verdicts/rules";

/** What can be found by an id or a name, in the order in which hits are listed. */
export const hitKinds = [
  "key",
  "zone",
  "operation",
  "message",
  "dead_letter",
  "group",
  "saga",
  "divergence",
  "case",
  "correlation",
  "source",
  "consumer",
  "event",
  "operator",
] as const;
export type HitKind = (typeof hitKinds)[number];

/** Hits of one kind that an answer holds at most: more is a list's work, and each kind leads to one. */
export const HITS_MAX = 8;

/** What a text may name, as far as its shape tells. `number` is a bare one, which may be of anything that is counted. */
export type Question = {
  text: string;
  /** What may be the id of a message or a saga: their services choose its form. */
  id: string | null;
  number: number | null;
  operation: number | null;
  divergence: number | null;
  case: number | null;
  prefixes: KeyPrefix[];
};

/** Where keys are looked for: everything that begins so. Rank 0 is the text itself, higher ones are nearer guesses. */
export type KeyPrefix = { prefix: string; rank: number };

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

const ID = /^\S{4,200}$/;

/** Reads a pasted id or a typed name: what it can be, decided without asking the store. */
export function questionOf(text: string): Question {
  const number = /^#?(\d{1,15})$/.exec(text);
  const named = (letters: string) => {
    const match = new RegExp(`^${letters}[- #]?(\\d{1,15})$`, "i").exec(text) ?? number;
    return match ? Number(match[1]) : null;
  };
  return {
    text,
    id: UUID.test(text) ? text.toLowerCase() : number === null && ID.test(text) ? text : null,
    number: number ? Number(number[1]) : null,
    operation: named("OP"),
    divergence: named("D"),
    case: named("CASE"),
    prefixes: keyPrefixes(text),
  };
}

/** The text, and the text in capitals: keys are mostly written so, and typed otherwise. */
export function keyPrefixes(text: string): KeyPrefix[] {
  const capitals = text.toUpperCase();
  return [{ prefix: text, rank: 0 }, ...(capitals === text ? [] : [{ prefix: capitals, rank: 1 }])];
}

/** What an unknown key may have been meant to be: itself begun, in capitals, or with its last one or two characters mistyped. */
export function nearPrefixes(key: string): KeyPrefix[] {
  const letters = [...key];
  const shorter = [1, 2].filter((n) => letters.length - n >= 4).map((n) => letters.slice(0, -n).join(""));
  return [...keyPrefixes(key), ...shorter.map((prefix, i) => ({ prefix, rank: i + 3 }))];
}

/** One open fact about a key, with the bounds of the zone that it stands in; null where no contract names it. */
export type OpenFact = {
  reason: UnresolvedReason;
  zoneId: string | null;
  service: string;
  eventType: string;
  since: Instant;
  windowMs: number | null;
  atRiskRatio: number | null;
};

/** Without what another fact explains: a message that is parked is undelivered as well, and is told once. */
export function told<F extends { reason: UnresolvedReason; zoneId: string | null; consumer: string; ref: string }>(
  facts: readonly F[],
): F[] {
  const place = (fact: F) => `${fact.zoneId} ${fact.consumer} ${fact.ref}`;
  const parked = new Set(facts.filter((fact) => fact.reason === "parked").map(place));
  return facts.filter((fact) => fact.reason !== "undelivered" || !parked.has(place(fact)));
}

// These do not end by themselves.
const waitsForSomebody: readonly UnresolvedReason[] = ["parked", "saga"];

/**
 * How one key is doing, the first that holds: past a window, near it or in need of somebody, on its way, not seen, nothing open.
 * Nothing open counts only while every zone of the key is seen: `unseen` makes it unknown.
 */
export function keyVerdict(facts: readonly OpenFact[], unseen: boolean, now: Instant): Verdict {
  const share = (fact: OpenFact) => (fact.windowMs === null ? 0 : ageMs(fact.since, now) / fact.windowMs);
  if (facts.some((fact) => share(fact) > 1)) return "breached";
  if (facts.some((fact) => waitsForSomebody.includes(fact.reason) || share(fact) >= (fact.atRiskRatio ?? 1))) return "at_risk";
  if (facts.length > 0) return "converging";
  return unseen ? "unknown" : "healthy";
}

/** A place in the list of a key: entries before it are older. `id` settles equal times. */
export type Place = { at: Instant; id: string };

/** Newest first; the id settles equal times, so that no page repeats or leaves out an entry. */
export const newestFirst = (a: Place, b: Place): number => b.at - a.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** A page of a key's list after a place. */
export function pageAfter<T extends Place>(
  entries: readonly T[],
  after: Place | null,
  most: number,
): { page: T[]; older: T | null } {
  const sorted = entries.filter((entry) => after === null || newestFirst(after, entry) < 0).sort(newestFirst);
  return { page: sorted.slice(0, most), older: sorted.length > most ? sorted[most - 1]! : null };
}
