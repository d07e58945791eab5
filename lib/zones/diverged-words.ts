import { kinds } from "../facts/rules";
import type { Instant } from "../time";
import { ageMs } from "../verdicts/rules";
import { counted, listed, moment, type Part, plain } from "../words";
import { behindAt, causeIds } from "./ranked-words";
import type { StoredCauses } from "./rules";
import type { Told } from "./told-words";
import type { Cause } from "./views";

export type Diverged = StoredCauses["divergences"][number];

/** What a rule found, after the projection's name. */
export function divergedWords({ authority, keysN, lagN, mass }: Diverged, keyName: string): string {
  if (mass) return `differs from ${authority} almost everywhere`;
  if (lagN >= keysN && lagN > 0) return `has applied nothing of ${authority} since ${counted(keysN, keyName)} changed`;
  return `does not agree with ${authority} on ${counted(keysN, keyName)}`;
}

export function divergenceCause(diverged: Diverged, zone: Told, now: Instant): Omit<Cause, "follows"> {
  const past = ageMs(diverged.oldest, now) > zone.facts.windowMs;
  const filter = new URLSearchParams({ zone: zone.zoneId, rule: diverged.rule });
  return {
    id: causeIds.divergence(diverged.rule),
    kind: "divergence",
    tone: past ? "breach" : "risk",
    title: [plain(`${diverged.projection} ${divergedWords(diverged, zone.keyName)}`)],
    evidence: divergedEvidence(diverged, now),
    next: [plain(divergedNext(diverged, zone))],
    keysN: diverged.keysN,
    ofKeysN: zone.facts.keysN,
    action: { label: "View divergences", href: `/divergences?${filter}` },
  };
}

const kindCounts: Record<keyof Diverged["byKind"], (n: number) => string> = {
  missing: (n) => `${n.toLocaleString("en-US")} missing`,
  unexpected: (n) => `${n.toLocaleString("en-US")} unexpected`,
  mismatch: (n) => counted(n, "mismatch"),
  duplicate: (n) => counted(n, "duplicate"),
};

/** A business key in a sentence: leads to all that is known of it. */
export const keyPart = (key: string): Part => ({ text: key, href: `/keys/${encodeURIComponent(key)}` });

function divergedEvidence({ projection, byKind, rule, mass, oldest, oldestKey, openN }: Diverged, now: Instant): Part[] {
  const counts = kinds.filter((kind) => byKind[kind] > 0).map((kind) => kindCounts[kind](byKind[kind]));
  const first =
    mass === null
      ? `${listed(counts)} at ${projection}, found by ${rule}. The oldest is `
      : `At least ${mass.n.toLocaleString("en-US")} of ${counted(mass.ofN, "compared key")} differ, so ${rule} stopped; of a sample ${openN.toLocaleString("en-US")} are confirmed. The oldest is `;
  return [plain(first), keyPart(oldestKey), plain(", from "), moment(oldest, now), plain(".")];
}

function divergedNext({ projection, repair, lagN, keysN, mass }: Diverged, zone: Told): string {
  const behind = behindAt(zone, projection);
  if (mass && behind) return `wait until ${behind.consumer} has caught up, and run the rule again: what is behind differs.`;
  if (mass) return "find what changed everywhere: a restore, a migration, a new mapping. Then run the rule again.";
  if (lagN >= keysN && lagN > 0) return `see what keeps ${projection} from applying; it agrees again by itself.`;
  return repair === "case"
    ? `compare both sides and repair ${projection}; what agrees again is closed by itself.`
    : `see why ${projection} does not repair itself; what agrees again is closed by itself.`;
}
