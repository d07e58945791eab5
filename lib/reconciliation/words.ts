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
