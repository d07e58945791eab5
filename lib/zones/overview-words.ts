import type { Instant } from "../time";
import { ageMs, limits } from "../verdicts/rules";
import { counted, listed, moment, type Part, plain, strong } from "../words";
import { anomalySentence } from "./anomaly-words";
import type { Told } from "./cause-words";
import { isStale, verdictWords } from "./unknown-words";
import { ofWindow, ownSentence, zoneSentence } from "./words";

/** The sentence over all zones: what is worst and why, and what else; or that all keep their contracts. At most three sentences. */
export function overviewSentence(zones: readonly Told[], now: Instant): Part[] {
  const first = zones[0];
  if (!first) return [strong("No contract yet.")];
  if (zones.every((zone) => zone.judgement.verdict === "unknown" && isStale(zone.facts, now))) return unmeasured(zones, now);
  const { verdict } = first.judgement;
  if (verdict === "healthy" || verdict === "converging") {
    const anomaly = zones.map(anomalySentence).find((parts) => parts.length > 0) ?? [];
    return [strong(kept(zones)), plain(` ${oldestOf(zones, now)}`), ...anomaly];
  }
  const others = alsoWrong(zones);
  // The third sentence is for the other zones, where there are any.
  return others === "" ? zoneSentence(first, now) : [...ownSentence(first, now), plain(` ${others}`)];
}

function unmeasured(zones: readonly Told[], now: Instant): Part[] {
  const at = Math.max(...zones.map((zone) => zone.facts.judgedAt ?? 0));
  const breached = zones.filter((zone) => zone.was === "breached").map((zone) => zone.title);
  const then = breached.length > 3 ? counted(breached.length, "zone") : listed(breached);
  return [
    strong("Nothing has been measured since "),
    { ...moment(at, now), strong: true },
    strong("."),
    plain(
      breached.length > 0
        ? ` ${then} ${breached.length === 1 ? "was breached then; treat it" : "were breached then; treat them"} as breached.`
        : " We cannot vouch for any zone until a worker is back.",
    ),
  ];
}

function kept(zones: readonly Told[]): string {
  if (zones.length === 1) return `${zones[0]!.title} keeps its contract.`;
  return `${zones.length === 2 ? "Both" : `All ${zones.length}`} zones keep their contracts.`;
}

function oldestOf(zones: readonly Told[], now: Instant): string {
  const { facts } = [...zones].sort((a, b) => share(b, now) - share(a, now))[0]!;
  if (facts.oldest === null) return "Nothing is waiting.";
  // Younger than that a key converges all the time, and every look would find another age.
  if (ageMs(facts.oldest.since, now) <= facts.windowMs * limits.convergingRatio)
    return "No key has been open for longer than a fifth of its window.";
  return `The oldest open key is ${ofWindow(facts.oldest, facts, now)}.`;
}

function alsoWrong([first, ...rest]: readonly Told[]): string {
  for (const verdict of ["breached", "at_risk", "unknown"] as const) {
    const those = rest.filter((zone) => zone.judgement.verdict === verdict);
    const same = first!.judgement.verdict === verdict;
    if (those.length === 1) return `${those[0]!.title} is ${verdictWords[verdict]}${same ? " too" : ""}.`;
    if (those.length > 1) return `${those.length} ${same ? "more" : "other"} zones are ${verdictWords[verdict]}.`;
  }
  return "";
}

const share = (zone: Told, now: Instant): number =>
  zone.facts.oldest === null ? 0 : ageMs(zone.facts.oldest.since, now) / zone.facts.windowMs;
