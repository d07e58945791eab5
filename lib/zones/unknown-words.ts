import { durationWords, type Instant } from "../time";
import { type Judgement, limits, type Reason, type Uncompared, type Verdict, type ZoneFacts } from "../verdicts/rules";
import { counted, listed, moment, type Part, plain, strong } from "../words";
import type { Silent, Told } from "./told-words";

/** Verdicts as the end of a sentence. */
export const verdictWords: Record<Verdict, string> = {
  breached: "breached",
  at_risk: "at risk",
  unknown: "unknown",
  converging: "converging",
  healthy: "healthy",
};

/** Which sources are not seen, behind what is known of the others. */
export function unseen({ judgement }: Told, now: Instant): Part[] {
  const [lost, never] = partedBySeen(judgement);
  const seen =
    lost.length > 0
      ? [plain(` ${listed(lost.map((s) => s.service))} ${has(lost)} not been seen since `), moment(earliest(lost), now)]
      : [];
  if (seen.length > 0) return [...seen, plain(never.length > 0 ? `, and ${listed(never.map((s) => s.service))} never.` : ".")];
  return never.length > 0 ? [plain(` ${listed(never.map((s) => s.service))} ${has(never)} not been seen yet.`)] : [];
}

/** The deliveries that keep a zone from being vouched for; undefined where none does. */
export const unwatchedOf = ({ reasons }: Judgement): Unwatched | undefined =>
  reasons.find((reason) => reason.code === "unwatched");

/** The rules that keep a zone from being vouched for; undefined where none does. */
const uncomparedOf = ({ reasons }: Judgement) => reasons.find((reason) => reason.code === "uncompared");

export type Unwatched = Extract<Reason, { code: "unwatched" }>;
type Seen = Silent & { observedAt: Instant };
const has = (sources: readonly unknown[]): string => (sources.length === 1 ? "has" : "have");
const earliest = (sources: readonly Seen[]): Instant => Math.min(...sources.map((source) => source.observedAt));
const partedBySeen = ({ silent }: Judgement): [Seen[], Silent[]] => [
  silent.filter((source): source is Seen => source.observedAt !== null),
  silent.filter((source) => source.observedAt === null),
];

/** Why a zone is unknown, and what it was before. */
export function unknownSentence(zone: Told, now: Instant): Part[] {
  const { title, facts, judgement } = zone;
  if (facts.judgedAt === null) return [strong(`${title} has not been measured yet.`)];
  if (isStale(facts, now))
    return [strong(`${title} has not been measured for ${durationWords(now - facts.judgedAt)}.`), ...before(zone)];
  if (facts.sources.length === 0) return [strong(`${title} cannot be measured: accord.yaml has none of its sources.`)];
  const uncompared = uncomparedOf(judgement);
  if (uncompared)
    return [
      strong(`${title} cannot be vouched for: ${uncomparedWords(uncompared.first, now)}.`),
      plain(` ${sentence(uncompared.first.why)} What the messages tell agrees.`),
    ];
  const unwatched = unwatchedOf(judgement);
  if (unwatched) return unwatchedSentence(title, unwatched);
  const [lost, never] = partedBySeen(judgement);
  const unmet = never.length > 0 ? `${listed(never.map((source) => source.service))} ${has(never)} not been seen yet` : "";
  if (lost.length === 0) return [strong(`${title} is unknown: ${unmet}.`), ...before(zone)];
  const silence = durationWords(now - earliest(lost));
  const gone = `${listed(lost.map((source) => source.service))} ${has(lost)} been silent for ${lost.length > 1 ? "up to " : ""}${silence}`;
  return [strong(`${title} is unknown: ${gone}${unmet ? `, and ${unmet}` : ""}.`), ...before(zone)];
}

/** What nothing records, `nothing records whether Charged reaches billing, nor 2 further deliveries`. */
export function unwatchedWords({ n, first }: Unwatched): string {
  const others = n > 1 ? `, nor ${counted(n - 1, "further delivery", "further deliveries")}` : "";
  return `nothing records whether ${first.eventType} reaches ${first.consumer}${others}`;
}

/** What no rule compares, `its rule stock-agrees has compared nothing for 5 min`. */
export const uncomparedWords = ({ rule, since }: Uncompared, now: Instant): string =>
  `its rule ${rule} has compared nothing for ${durationWords(now - since)}`;

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Everything that is watched agrees, and of the rest nobody can say so. */
function unwatchedSentence(title: string, reason: Unwatched): Part[] {
  return [
    strong(`${title} cannot be vouched for: ${unwatchedWords(reason)}.`),
    plain(" What is watched agrees; a rule that compares both sides would watch the rest."),
  ];
}

/** Whether the zone was judged too long ago for anybody to go by it. */
export const isStale = (facts: ZoneFacts, now: Instant): boolean =>
  facts.judgedAt !== null && now - facts.judgedAt > limits.observationAgeMsMax;

function before({ was }: Told): Part[] {
  if (was === null) return [];
  if (was === "breached") return [plain(" It was breached then; treat it as breached.")];
  return [plain(` It was ${verdictWords[was]} then; nobody can vouch for it now.`)];
}
