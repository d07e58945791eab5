import { capitalized, listed, plural } from "../words";
import type { CaseFacts } from "./rules";

/** The services that a cause lies between, by the names that people know. */
export type Sides = { wrong: string; right: string | null };

/** Who is wrong, not that something differs. */
export function titleOf(
  facts: Exclude<CaseFacts, { kind: "manual" }>,
  sides: Sides,
  businessKey: string | null,
  keyName = "key",
): string {
  switch (facts.kind) {
    case "group":
      return `${sides.wrong} cannot process ${facts.eventType}`;
    case "saga":
      return facts.failedN > 0
        ? `${facts.sagaType} could not undo what it did`
        : `${facts.sagaType} is stuck${facts.step ? ` at ${facts.step}` : ""}`;
    case "divergence": {
      const key = businessKey ?? facts.key;
      if (key === null) return differTitle(facts, sides, keyName);
      if (facts.differs === "missing") return `${key} is missing in ${sides.wrong}`;
      if (facts.differs === "unexpected") return `${key} should not be in ${sides.wrong}`;
      if (facts.differs === "duplicate") return `${key} is more than once in ${sides.wrong}`;
      return `${key} is wrong in ${sides.wrong}`;
    }
    case "lag":
      return `${sides.wrong} lags behind ${sides.right ?? "its authority"}`;
    case "missed":
      return `Events of ${sides.right} did not reach ${missedBy(facts.consumers)}`;
    case "mass":
      return `${sides.wrong} differs from ${sides.right ?? "its authority"} in nearly every key`;
  }
}

/** A title for all keys of a kind: which rule found them tells two cases of one projection apart. */
function differTitle({ rule, differs }: { rule: string; differs: string }, { wrong }: Sides, keyName: string): string {
  const keys = capitalized(plural(keyName));
  const what: Record<string, string> = {
    missing: `are missing in ${wrong}`,
    unexpected: `should not be in ${wrong}`,
    duplicate: `are more than once in ${wrong}`,
  };
  return `${keys} ${what[differs] ?? `are wrong in ${wrong}`}, by ${rule}`;
}

/** Each event is missed by one of them at least: `a or b`, `all of a, b and c`. */
export const missedBy = (consumers: readonly string[]): string =>
  consumers.length > 2 ? `all of ${listed(consumers)}` : consumers.join(" or ");

/** What tells a cause from another that has the same title, the shortest first. */
export function apartWords(facts: CaseFacts, causeRef: string): string[] {
  switch (facts.kind) {
    case "group":
      return [`with ${facts.errorType}`, `with ${facts.errorType}, group ${causeRef}`];
    case "saga":
      return facts.step === null ? [] : [`at ${facts.step}`];
    case "lag":
    case "mass":
      return [`by ${facts.rule}`];
    default:
      return [];
  }
}
