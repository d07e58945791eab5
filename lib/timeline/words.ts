import { durationWords, type Instant, windowWords } from "../time";
import { ageMs } from "../verdicts/rules";
import { openWords } from "../verdicts/words";
import { code, counted, listed, moment, type Part, plain, strong } from "../words";
import type { OpenFact } from "./rules";

/** What a key's sentence is made from. */
export type KeyFacts = {
  key: string;
  known: boolean;
  /** The oldest first. */
  open: readonly OpenFact[];
  /** Services whose source is silent. */
  unseen: readonly string[];
  /** The latest end of something that was open. */
  lastEnd: { at: Instant; text: string } | null;
  /** Operations that are not done with the key. */
  underway: readonly number[];
  /** Who asks sees some zones only. */
  limited: boolean;
};

/** What is true of a key, in at most three sentences. */
export function keySentence(facts: KeyFacts, now: Instant): Part[] {
  if (!facts.known) return unknownKey(facts);
  const [oldest, ...others] = facts.open;
  return oldest ? [...openKey(facts.key, oldest, now), ...also(others, oldest, now), ...underway(facts)] : calmKey(facts, now);
}

function openKey(key: string, oldest: OpenFact, now: Instant): Part[] {
  const age = ageMs(oldest.since, now);
  const past = oldest.windowMs !== null && age > oldest.windowMs;
  return [
    code(key),
    strong(" has not converged"),
    plain(`: ${openWords[oldest.reason](oldest.service)} since `),
    moment(oldest.since, now),
    plain(", "),
    { ...strong(durationWords(age)), ...(past ? { tone: "breach" as const } : {}) },
    plain(oldest.windowMs === null ? ", and no contract names it." : ` of ${windowWords(oldest.windowMs)}.`),
  ];
}

function also(others: readonly OpenFact[], oldest: OpenFact, now: Instant): Part[] {
  // A fact may stand in several zones; it is told once.
  const told = new Set([openWords[oldest.reason](oldest.service)]);
  const more = others.filter((fact) => {
    const words = openWords[fact.reason](fact.service);
    return !told.has(words) && told.add(words);
  });
  if (more.length === 0) return [];
  const named = more
    .slice(0, 2)
    .map((fact) => `${openWords[fact.reason](fact.service)} for ${durationWords(ageMs(fact.since, now))}`);
  const rest = more.length > 2 ? [`${more.length - 2} more`] : [];
  return [plain(` Also ${listed([...named, ...rest])}.`)];
}

function underway({ underway }: KeyFacts): Part[] {
  if (underway.length === 0) return [];
  const names = underway.slice(0, 3).map((id): Part => ({ text: `OP-${id}`, href: `/operations/${id}` }));
  const joined = names.flatMap((name, i) => (i === 0 ? [name] : [plain(i === names.length - 1 ? " and " : ", "), name]));
  return [plain(" "), ...joined, plain(underway.length === 1 ? " is not done with it." : " are not done with it.")];
}

function calmKey({ key, unseen, lastEnd, underway: ops, ...rest }: KeyFacts, now: Instant): Part[] {
  const lead: Part[] =
    unseen.length > 0
      ? [
          strong("We cannot vouch for "),
          code(key),
          plain(`: ${listed(unseen)} ${unseen.length === 1 ? "is" : "are"} silent. Nothing was open when last seen.`),
        ]
      : [strong("Nothing is open for "), code(key), plain(".")];
  const end = lastEnd === null ? [] : [plain(` ${lastEnd.text} at `), moment(lastEnd.at, now), plain(".")];
  return [...lead, ...end, ...underway({ key, unseen, lastEnd, underway: ops, ...rest })];
}

function unknownKey({ key, limited }: KeyFacts): Part[] {
  return [
    strong("Accord holds nothing of "),
    code(key),
    plain(
      `${limited ? " in your zones" : ""}. Either it never went wrong, or it has another name: only what was open or went wrong is kept.`,
    ),
  ];
}

/** How a closed dead letter ended, after "was". */
export const closedWords = (closedAs: string): string =>
  ({ gone: "removed from its source", "parked again": "parked anew", by_hand: "resolved by hand" })[closedAs] ?? closedAs;

/** How a person's request for one message ended. */
export const outcomeText: Record<string, string> = {
  succeeded: "applied on retry",
  failed_again: "failed again on retry",
  duplicate: "was already processed, the retry changed nothing",
  stale: "retry skipped: a later version was applied",
  held: "retry waits for an earlier version",
  discarded: "discarded",
  cancelled: "retry called off, still parked",
};

/** What a page of a key does not hold, and why. */
export function keyLimits(cut: readonly string[], most: number, keptDays: number): string[] {
  return [
    ...cut.map((what) => `This key has more than ${counted(most, what.replace(/s$/, ""), what)}; here are some of them.`),
    `Only what was open or went wrong is kept; what was processed between two looks is counted, not stored. What was closed is kept for ${keptDays} days, calm sagas leave when they complete.`,
  ];
}
