import type { Ordering } from "../contracts/rules";
import { isQuiet } from "../dead-letters/triage/rules";
import type { Instant } from "../time";
import { isFresh } from "../verdicts/rules";

/** What somebody asks themselves before they retry. */
export const readinessQuestions = ["cause", "version", "idempotent", "order", "effects"] as const;
export type ReadinessQuestion = (typeof readinessQuestions)[number];
export type ReadinessAnswer = "yes" | "no" | "unknown";

/** What is known of a group of the selection. */
export type ReadyGroup = {
  groupId: number;
  consumer: string;
  lastAt: Instant;
  /** When all that its source knew was last seen; null while nobody has, or more waits to be read. */
  seenAt: Instant | null;
  /** The version of its consumer that is live; null: nobody knows. */
  live: string | null;
  /** Whether it failed so on that version; null: too much was closed to tell, or is kept no longer. */
  failsOnLive: boolean | null;
  /** The version that should bring the fix, when it waits for one, and whether that is live by what its triage says. */
  waitsFor: string | null;
  ready: boolean;
};

/** What is known of a source of the selection. */
export type ReadySource = {
  sourceId: string;
  /** It is in accord.yaml no more, and nothing is known of it. */
  gone?: true;
  /** Its consumers drop what they have processed, by their own tables. */
  drops: boolean;
  /** It names the key of a message. */
  keyed: boolean;
  /** Messages that lately had their effect twice. */
  twiceN: number;
};

/** What a consumer publishes when it handles a message, as contracts say; `to` are those who read it. */
export type Effect = { eventType: string; to: string[] };

export type ReadyFacts = {
  groups: readonly ReadyGroup[];
  /** There are more groups than were looked at. */
  moreGroups: boolean;
  sources: readonly ReadySource[];
  orderings: readonly Ordering[];
  /** Null: no contract names what is retried. */
  effects: readonly Effect[] | null;
  /** It stands in zones of others as well, whose contracts are not shown. */
  hidden?: boolean;
};

/** An answer with the fact that it rests on; `of` is what names the fact: a group, a version, a source. */
export type Readiness = { question: ReadinessQuestion; answer: ReadinessAnswer; fact: ReadinessFact };
export type ReadinessFact =
  | { code: "comes in" | "unseen"; group: ReadyGroup }
  | { code: "stopped" | "quiet, unproven" | "too many groups" | "no contract" | "no effects" | "hidden" }
  | { code: "not live"; version: string; group: ReadyGroup }
  | { code: "fails there"; version: string; group: ReadyGroup }
  | { code: "live"; version: string }
  | { code: "not alone"; version: string; group: ReadyGroup }
  | { code: "no version" }
  | { code: "twice"; source: ReadySource }
  | { code: "drops" }
  | { code: "not told" | "gone"; source: ReadySource }
  | { code: "in order" | "no order asked" }
  | { code: "no key"; source: ReadySource }
  | { code: "effects"; effects: readonly Effect[] };

/** Five questions, each answered by facts alone: what nobody knows is said to be unknown, and one no of several is a no. */
export function readinessOf(facts: ReadyFacts, now: Instant): Readiness[] {
  return [
    { question: "cause", ...causeOf(facts, now) },
    { question: "version", ...versionOf(facts, now) },
    { question: "idempotent", ...idempotentOf(facts) },
    { question: "order", ...orderOf(facts) },
    { question: "effects", ...effectsOf(facts) },
  ];
}

/** What the answers come to: one no outweighs all else, a repeat that does harm most; and what is not known is not safe. */
export type Safety = "safe" | "harmful" | "not yet" | "not known";

export function safetyOf(answers: readonly { question: ReadinessQuestion; answer: ReadinessAnswer }[]): Safety {
  const not = answers.filter(({ answer }) => answer === "no");
  if (not.some(({ question }) => question === "idempotent")) return "harmful";
  if (not.length > 0) return "not yet";
  return answers.every(({ answer }) => answer === "yes") ? "safe" : "not known";
}

type Answered = Omit<Readiness, "question">;
const yes = (fact: ReadinessFact): Answered => ({ answer: "yes", fact });
const no = (fact: ReadinessFact): Answered => ({ answer: "no", fact });
const unknown = (fact: ReadinessFact): Answered => ({ answer: "unknown", fact });

/** Silence alone says nothing, least of all where nobody looks: the version that is live must never have failed so. */
function causeOf({ groups, moreGroups }: ReadyFacts, now: Instant): Answered {
  const coming = groups.find(({ lastAt }) => !isQuiet(lastAt, now));
  if (coming) return no({ code: "comes in", group: coming });
  if (moreGroups) return unknown({ code: "too many groups" });
  const unseen = unseenOf(groups, now);
  if (unseen) return unknown({ code: "unseen", group: unseen });
  return groups.length > 0 && groups.every(({ live, failsOnLive }) => live !== null && failsOnLive === false)
    ? yes({ code: "stopped" })
    : unknown({ code: "quiet, unproven" });
}

function versionOf({ groups, moreGroups }: ReadyFacts, now: Instant): Answered {
  const waiting = groups.find(({ waitsFor, ready }) => waitsFor !== null && !ready);
  if (waiting) return no({ code: "not live", version: waiting.waitsFor!, group: waiting });
  const failing = groups.find(({ live, failsOnLive }) => live !== null && failsOnLive === true);
  if (failing) return no({ code: "fails there", version: failing.live!, group: failing });
  const coming = groups.find(({ live, lastAt }) => live !== null && !isQuiet(lastAt, now));
  if (coming) return unknown({ code: "not alone", version: coming.live!, group: coming });
  if (moreGroups) return unknown({ code: "too many groups" });
  const unseen = unseenOf(groups, now);
  if (unseen) return unknown({ code: "unseen", group: unseen });
  const [first] = groups;
  return first && groups.every(({ live, failsOnLive }) => live !== null && failsOnLive === false)
    ? yes({ code: "live", version: [...new Set(groups.map(({ live }) => live))].join(", ") })
    : unknown({ code: "no version" });
}

const unseenOf = (groups: readonly ReadyGroup[], now: Instant) => groups.find(({ seenAt }) => !isFresh(seenAt, now));

function idempotentOf({ sources }: ReadyFacts): Answered {
  const twice = sources.find(({ twiceN }) => twiceN > 0);
  if (twice) return no({ code: "twice", source: twice });
  const gone = goneOf(sources);
  if (gone) return unknown({ code: "gone", source: gone });
  const silent = sources.find(({ drops }) => !drops);
  return silent ? unknown({ code: "not told", source: silent }) : yes({ code: "drops" });
}

/** Accord sends the next message of a key when the one before has ended; where no key is named it cannot. */
function orderOf({ sources, orderings }: ReadyFacts): Answered {
  if (orderings.length > 0 && orderings.every((ordering) => ordering === "none")) return yes({ code: "no order asked" });
  const keyless = sources.find(({ keyed, gone }) => !keyed && !gone);
  if (keyless) return no({ code: "no key", source: keyless });
  const gone = goneOf(sources);
  return gone ? unknown({ code: "gone", source: gone }) : yes({ code: "in order" });
}

const goneOf = (sources: readonly ReadySource[]) => sources.find(({ gone }) => gone);

function effectsOf({ effects, hidden }: ReadyFacts): Answered {
  if (effects === null) return unknown({ code: "no contract" });
  if (hidden) return unknown({ code: "hidden" });
  return effects.length === 0 ? unknown({ code: "no effects" }) : yes({ code: "effects", effects });
}
