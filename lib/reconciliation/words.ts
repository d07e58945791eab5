import type { Kind, UnresolvedReason } from "../facts/rules";
import type { Instant } from "../time";
import { openWords } from "../verdicts/words";
import { capitalized, counted, listed, moment, type Part, plain, strong } from "../words";
import { type Compared, isAgreed } from "./compared.rules";
import type { Detail, Resolution } from "./rules";
import type { DivergenceRow, DivergencesView } from "./views";

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

/** What is known that explains a divergence, or why it cannot be judged; null when nothing is. */
export function explanationWords(
  explainedBy: string | null,
  fact: { reason: UnresolvedReason; service: string } | null,
): string | null {
  if (fact) return openWords[fact.reason](fact.service);
  if (explainedBy === "lag") return "the projection is behind as a whole";
  return explainedBy === "busy" ? "changes faster than two looks at it" : null;
}

type Stated = Pick<DivergencesView, "counts" | "openKeysN" | "candidatesN" | "failing" | "compared">;

/** What is open over all that is shown, what is being checked, and what was compared at all. */
export function divergencesSentence({ counts, openKeysN, candidatesN, failing, compared }: Stated): Part[] {
  const openN = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const checked =
    candidatesN > 0
      ? [plain(` ${counted(candidatesN, openN > 0 ? "more key" : "key")} ${candidatesN === 1 ? "is" : "are"} being checked.`)]
      : [];
  if (openN > 0)
    return [
      strong(`${counted(openKeysN, "key")} ${openKeysN === 1 ? "does" : "do"} not agree with the authority.`),
      ...(openN > openKeysN ? [plain(` ${counted(openN, "difference")}, since several rules see the same key.`)] : []),
      ...checked,
    ];
  if (failing.length > 0) return [strong("Nothing is known to differ, and not every rule can run."), ...checked];
  if (compared.silentN > 0) return [strong("Nothing is known to differ yet."), plain(" Not every rule has run."), ...checked];
  if (isAgreed({ compared, openN, candidatesN }))
    return [strong("Every projection agrees with its authority."), plain(` ${comparedWords(compared)}`)];
  return [strong("Nothing is known to differ."), plain(` ${comparedWords(compared)}`), ...checked];
}

/** `5 rules compared 12,300 rows at their last runs.` With what did not agree then, and what was not reached. */
export function comparedWords({ rulesN, silentN, stoppedN, rowsN, matchedN, partlyN }: Compared): string {
  const n = (value: number) => value.toLocaleString("en-US");
  const off = rowsN - matchedN;
  return [
    `${counted(rulesN - silentN, "rule")} compared ${counted(rowsN, "row")} at their last runs`,
    off > 0 &&
      `, of which ${n(off)} did not agree then and ${off === 1 ? "is" : "are"} younger than the window, accepted or explained`,
    partlyN > 0 && `; ${n(partlyN)} did not reach every key`,
    stoppedN > 0 && `; ${n(stoppedN)} stopped, since more differs than is read key by key`,
    ".",
  ]
    .filter((words) => words !== false)
    .join("");
}

/** Who says what about one key, since when, and what comes of it. */
export function divergenceSentence(divergence: DivergenceRow, now: Instant): Part[] {
  const { kind, detail, state, columns, authority, projection, explainedBy, since } = divergence;
  const [a, p] = [authority?.service ?? "the authority", projection?.service ?? "the projection"];
  const verb = state === "resolved" ? "differed" : "differs";
  const what = {
    missing: `${a} has it, and ${p} does not.`,
    unexpected: `${p} has it, and ${a} does not.`,
    duplicate: `${p} has several rows where one is meant.`,
    mismatch: `${listed(columns)} ${columns.length === 1 ? verb : verb.replace("differs", "differ")}${detail === null ? "" : `: ${p} holds ${heldWords[detail]}`}.`,
  }[kind];
  const end = {
    candidate: [plain(" It counts once it is older than the window and was seen twice.")],
    open: explainedBy === null ? [plain(" It ends by itself when both agree.")] : [plain(` ${capitalized(explainedBy)}.`)],
    accepted: [plain(" People accepted it, with an end.")],
    resolved: [plain(" It is settled.")],
  }[state];
  return [strong(what), plain(" It has been so since "), moment(since, now), plain("."), ...end];
}

const heldWords: Record<Detail, string> = {
  older: "an older version",
  other_values: "the same version with other values",
  newer: "a newer version than the authority",
};
