import type { UnresolvedReason } from "../verdicts/rules";
import type { Detail, Kind, Resolution } from "./rules";

export const kindWords: Record<Kind, string> = {
  missing: "Missing",
  unexpected: "Unexpected",
  mismatch: "Mismatch",
  duplicate: "Duplicate",
};

export const detailWords: Record<Detail, string> = {
  older: "older version",
  other_values: "same version, other values",
  newer: "newer than the authority",
};

export const resolutionWords: Record<Resolution, string> = {
  converged: "Converged",
  superseded: "The authority changed again before it was settled; it is judged anew",
  "rule gone": "The contract has no such rule any more",
};

/** What a look found, for the history of one divergence. */
export function seenWords({ kind, detail }: { kind: Kind; detail: Detail | null }): string {
  return `Seen: ${kind}${detail === null ? "" : `, ${detailWords[detail]}`}`;
}

const factWords: Record<Exclude<UnresolvedReason, "divergence">, (service: string) => string> = {
  unpublished: (service) => `not published by ${service}`,
  undelivered: (service) => `not processed by ${service}`,
  held: (service) => `held by ${service} for an earlier version`,
  parked: (service) => `parked at ${service}`,
  saga: (service) => `its saga at ${service} is late or could not be undone`,
};

/** What is known that explains a divergence, or why it cannot be judged; null when nothing is. */
export function explanationWords(
  explainedBy: string | null,
  fact: { reason: UnresolvedReason; service: string } | null,
): string | null {
  if (fact && fact.reason !== "divergence") return factWords[fact.reason](fact.service);
  if (explainedBy === "lag") return "the projection is behind as a whole";
  return explainedBy === "busy" ? "changes faster than two looks at it" : null;
}
