import { causeWords } from "../sagas/words";
import { durationWords, type Instant, minutes, windowWords } from "../time";
import { counted, listed, moment, type Part, plain, strong } from "../words";
import {
  type Diverged,
  divergedWords,
  more,
  type Parked,
  type Saga,
  type Silent,
  serviceOf,
  type Told,
  type Waiting,
} from "./cause-words";
import { remarkSentence } from "./remark-words";
import { ageMs, type Judgement, KEYS_COUNTED_MAX, limits, type Verdict, type ZoneFacts } from "./rules";
import { countdownWords } from "./saga-words";
import { paceTail } from "./waiting-words";

export { causesOf, type Told, whyOf } from "./cause-words";

const verdictWords: Record<Verdict, string> = {
  breached: "breached",
  at_risk: "at risk",
  unknown: "unknown",
  converging: "converging",
  healthy: "healthy",
};

/** The zone's verdict sentence: subject, measure against the promise, because, trend, and what else somebody should know. At most three sentences. */
export function zoneSentence(zone: Told, now: Instant): Part[] {
  const unknown = zone.judgement.verdict === "unknown";
  return [...ownSentence(zone, now), ...(unknown ? [] : alsoOf(zone, now))];
}

/** What a zone's third sentence tells: what starts by itself and cannot be undone, what is not seen, else what it remarks on; of a healthy one also what it holds back. */
function alsoOf(zone: Told, now: Instant): Part[] {
  const countdown = countdownWords(zone, now);
  if (countdown.length > 0) return [plain(" "), ...countdown];
  const lost = zone.judgement.verdict === "breached" ? unseen(zone, now) : [];
  if (lost.length > 0) return lost;
  const remarked = remarkSentence(zone);
  const held = zone.causes.waiting.find(({ reason }) => reason === "held");
  if (remarked.length > 0 || zone.judgement.verdict !== "healthy" || !held) return remarked;
  return [plain(" "), ...waitingBecause(zone, held, now)];
}

function ownSentence(zone: Told, now: Instant): Part[] {
  switch (zone.judgement.verdict) {
    case "unknown":
      return unknownSentence(zone, now);
    case "breached":
      return [strong(breachLead(zone, now)), ...because(zone, now)];
    case "at_risk":
      return [strong(riskLead(zone)), ...because(zone, now)];
    case "converging":
      return [strong(convergingLead(zone, now)), ...because(zone, now)];
    case "healthy":
      return [strong(`${zone.title} keeps its contract.`), plain(` ${inFlight(zone, now)}`)];
  }
}

function breachLead({ facts, judgement, title }: Told, now: Instant): string {
  const past = judgement.reasons.find((reason) => reason.code === "past_window");
  const failed = judgement.reasons.find((reason) => reason.code === "compensation_failed");
  const late = judgement.reasons.find((reason) => reason.code === "compensation_late");
  if (past) {
    const before = facts.oldestAgeMsMinuteAgo;
    const growing = before !== null && facts.oldest !== null && ageMs(facts.oldest.since, now) > before;
    return `${title} is ${durationWords(past.ageMs - facts.windowMs)} past its ${windowWords(facts.windowMs)} window${growing ? " and still growing" : ""}.`;
  }
  if (failed) return `${title} is breached: ${counted(failed.n, "compensation")} failed.`;
  if (late) return `${title} is breached: ${counted(late.n, "compensation")} ${late.n === 1 ? "is" : "are"} late.`;
  return `${title} is breached.`;
}

function riskLead({ facts, judgement, causes, title, keyName }: Told): string {
  const trend = judgement.reasons.find((reason) => reason.code === "trend");
  const aged = judgement.reasons.find((reason) => reason.code === "age_at_risk");
  const parked = judgement.reasons.find((reason) => reason.code === "parked");
  const awaits = judgement.reasons.find((reason) => reason.code === "awaits_person");
  const window = windowWords(facts.windowMs);
  if (trend) return `${title} passes its ${window} window in about ${durationWords(trend.inMs)} at this rate.`;
  if (aged) return `${title} has used ${durationWords(aged.ageMs)} of its ${window} window.`;
  if (parked && causes.parked.length > 0) return `${title} cannot converge by itself.`;
  if (parked)
    return `${title} cannot converge by itself: ${counted(parked.n, "message")} ${parked.n === 1 ? "is" : "are"} parked.`;
  if (awaits)
    return causes.divergences.length > 0
      ? `${title} waits for a person.`
      : `${title} waits for a person: ${counted(awaits.n, "divergence")} ${awaits.n === 1 ? "is" : "are"} open.`;
  return `${title} is at risk with ${counted(facts.keysN, keyName)} to settle.`;
}

function convergingLead({ facts, judgement, title, keyName }: Told, now: Instant): string {
  const more = judgement.reasons.find((reason) => reason.code === "more_waiting");
  const usual = more ? `, where ${counted(more.usualN, keyName)} ${more.usualN === 1 ? "is" : "are"} usual` : "";
  const oldest = facts.oldest === null ? "" : `, the oldest ${ofWindow(facts.oldest, facts, now)}`;
  return `${title} has ${counted(facts.keysN, keyName)} to settle${usual}${oldest}.`;
}

function inFlight({ facts, keyName }: Told, now: Instant): string {
  if (facts.oldest === null) return "Nothing is waiting.";
  return `${counted(facts.keysN, keyName)} ${facts.keysN === 1 ? "is" : "are"} in flight, the oldest ${ofWindow(facts.oldest, facts, now)}.`;
}

const ofWindow = (oldest: { since: Instant }, facts: ZoneFacts, now: Instant): string =>
  `${durationWords(ageMs(oldest.since, now))} of ${windowWords(facts.windowMs)}`;

/** Why, from what explains most keys of those that are past the window. Empty when nothing stands out. */
function because(zone: Told, now: Instant): Part[] {
  const { causes, facts, judgement } = zone;
  const codes = new Set(judgement.reasons.map((reason) => reason.code));
  const undone = causes.sagas.find((saga) => saga.failedN > 0 || saga.lateN > 0);
  if (undone && !codes.has("past_window") && judgement.verdict === "breached") return [plain(" "), ...sagaBecause(zone, undone)];
  // Who says that it cannot converge by itself says by what, whatever else waits and will.
  const [stuck] = causes.parked;
  if (stuck && judgement.verdict === "at_risk" && !codes.has("trend") && !codes.has("age_at_risk"))
    return [plain(" "), ...parkedBecause(zone, stuck, now)];
  const all = [
    ...causes.parked.map((parked) => ({
      keysN: parked.keysN,
      since: parked.firstAt,
      words: () => parkedBecause(zone, parked, now),
    })),
    ...causes.sagas
      .filter(({ n }) => n > 0)
      .map((saga) => ({ keysN: saga.n, since: saga.oldest, words: () => sagaBecause(zone, saga) })),
    ...causes.waiting.map((waiting) => ({
      keysN: waiting.keysN,
      since: waiting.oldest,
      words: () => waitingBecause(zone, waiting, now),
    })),
    ...causes.divergences.map((one) => ({ keysN: one.keysN, since: one.oldest, words: () => divergedBecause(zone, one) })),
  ].sort((a, b) => b.keysN - a.keysN);
  const past = codes.has("past_window") ? all.find(({ since }) => ageMs(since, now) > facts.windowMs) : undefined;
  const first = past ?? all[0];
  return first ? [plain(" "), ...first.words()] : [];
}

function parkedBecause({ keyName }: Told, parked: Parked, now: Instant): Part[] {
  const since = parked.deploy
    ? [plain(" since its "), moment(parked.deploy.at, now), plain(` deploy of ${parked.deploy.version}`)]
    : [plain(" since "), moment(parked.firstAt, now)];
  return [
    { text: parked.consumer, href: `/dead-letters/groups/${parked.groupId}` },
    plain(` has parked ${parkedKeys(parked, keyName)}`),
    ...since,
    plain(`${parkedTrend(parked, now)}.`),
  ];
}

const parkedKeys = (parked: Parked, keyName: string): string =>
  `${parked.openN > KEYS_COUNTED_MAX ? "at least " : ""}${counted(parked.keysN, keyName)}`;

function parkedTrend(parked: Parked, now: Instant): string {
  if (parked.perMinute > 0) return `, ${more(parked.perMinute)}`;
  if (parked.busyN > 0) return `, ${parked.busyN.toLocaleString("en-US")} of them being retried`;
  return now - parked.lastAt > minutes(2) ? ", none in the last two minutes" : "";
}

function sagaBecause({ zoneId, keyName }: Told, saga: Saga): Part[] {
  return [plain("The "), { text: saga.sagaType, href: `/zones/${zoneId}` }, plain(` saga ${causeWords(saga, keyName)}.`)];
}

function waitingBecause(zone: Told, waiting: Waiting, now: Instant): Part[] {
  const events = counted(waiting.factsN, "event");
  const what = {
    unpublished: ` has not published ${events}`,
    undelivered: ` has not processed ${events}`,
    held: ` holds ${events} back for an earlier version`,
  }[waiting.reason];
  const who = waiting.reason === "unpublished" ? serviceOf(zone, waiting.sourceId) : waiting.consumer;
  const oldest = waiting.factsN === 1 ? ", from " : ", the oldest from ";
  return [
    { text: who, href: `/zones/${zone.zoneId}` },
    plain(`${what}${oldest}`),
    moment(waiting.oldest, now),
    plain(`${paceTail(waiting)}.`),
  ];
}

function divergedBecause({ zoneId, keyName }: Told, diverged: Diverged): Part[] {
  const filter = new URLSearchParams({ zone: zoneId, rule: diverged.rule });
  return [{ text: diverged.projection, href: `/divergences?${filter}` }, plain(` ${divergedWords(diverged, keyName)}.`)];
}

function unseen({ judgement }: Told, now: Instant): Part[] {
  const [lost, never] = partedBySight(judgement);
  const seen =
    lost.length > 0
      ? [plain(` ${listed(lost.map((s) => s.service))} ${has(lost)} not been seen since `), moment(earliest(lost), now)]
      : [];
  if (seen.length > 0) return [...seen, plain(never.length > 0 ? `, and ${listed(never.map((s) => s.service))} never.` : ".")];
  return never.length > 0 ? [plain(` ${listed(never.map((s) => s.service))} ${has(never)} not been seen yet.`)] : [];
}

type Seen = Silent & { observedAt: Instant };
const has = (sources: readonly unknown[]): string => (sources.length === 1 ? "has" : "have");
const earliest = (sources: readonly Seen[]): Instant => Math.min(...sources.map((source) => source.observedAt));
const partedBySight = ({ silent }: Judgement): [Seen[], Silent[]] => [
  silent.filter((source): source is Seen => source.observedAt !== null),
  silent.filter((source) => source.observedAt === null),
];

function unknownSentence(zone: Told, now: Instant): Part[] {
  const { title, facts, judgement } = zone;
  if (facts.judgedAt === null) return [strong(`${title} has not been measured yet.`)];
  if (isStale(facts, now))
    return [strong(`${title} has not been measured for ${durationWords(now - facts.judgedAt)}.`), ...before(zone)];
  if (facts.sources.length === 0) return [strong(`${title} cannot be measured: accord.yaml has none of its sources.`)];
  const [lost, never] = partedBySight(judgement);
  const unmet = never.length > 0 ? `${listed(never.map((source) => source.service))} ${has(never)} not been seen yet` : "";
  if (lost.length === 0) return [strong(`${title} is unknown: ${unmet}.`), ...before(zone)];
  const silence = durationWords(now - earliest(lost));
  const gone = `${listed(lost.map((source) => source.service))} ${has(lost)} been silent for ${lost.length > 1 ? "up to " : ""}${silence}`;
  return [strong(`${title} is unknown: ${gone}${unmet ? `, and ${unmet}` : ""}.`), ...before(zone)];
}

const isStale = (facts: ZoneFacts, now: Instant): boolean =>
  facts.judgedAt !== null && now - facts.judgedAt > limits.observationAgeMsMax;

function before({ was }: Told): Part[] {
  if (was === null) return [];
  if (was === "breached") return [plain(" It was breached then; treat it as breached.")];
  return [plain(` It was ${verdictWords[was]} then; nobody can vouch for it now.`)];
}

/** The sentence over all zones: what is worst and why, and what else; or that all keep their contracts. At most three sentences. */
export function overviewSentence(zones: readonly Told[], now: Instant): Part[] {
  const first = zones[0];
  if (!first) return [strong("No contract yet.")];
  if (zones.every((zone) => zone.judgement.verdict === "unknown" && isStale(zone.facts, now))) return unmeasured(zones, now);
  const { verdict } = first.judgement;
  if (verdict === "healthy" || verdict === "converging") {
    const remarked = zones.map(remarkSentence).find((parts) => parts.length > 0) ?? [];
    return [strong(kept(zones)), plain(` ${oldestOf(zones, now)}`), ...remarked];
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
  return facts.oldest === null ? "Nothing is waiting." : `The oldest open key is ${ofWindow(facts.oldest, facts, now)}.`;
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
