import { causeWords } from "../sagas/words";
import { durationWords, type Instant, minutes, windowWords } from "../time";
import { ageMs, isSilent, limits, type ZoneFacts } from "../verdicts/rules";
import { counted, moment, type Part, plain, strong } from "../words";
import { anomalySentence } from "./anomaly-words";
import { growthWords, type Parked, type Saga, serviceOf, type Told, type Waiting } from "./cause-words";
import { type Diverged, divergedWords } from "./diverged-words";
import { missedHref, missedTitle } from "./missed-words";
import { type Known, rankedOf } from "./ranked-words";
import { KEYS_COUNTED_MAX, type MissedCause } from "./rules";
import { countdownWords } from "./saga-words";
import { unknownSentence, unseen } from "./unknown-words";
import { throughputTail } from "./waiting-words";

export { causesOf, type Told, whyOf } from "./cause-words";

/** The zone's verdict sentence: subject, measure against the promise, because, trend, and what else somebody should know. At most three sentences. */
export function zoneSentence(zone: Told, now: Instant): Part[] {
  return [...ownSentence(zone, now), ...(isSilent(zone.judgement) ? [] : alsoOf(zone, now))];
}

/** What a zone's third sentence tells: what starts by itself and cannot be undone, what is not seen, else what it calls anomalous; of a healthy one also what it holds back. */
function alsoOf(zone: Told, now: Instant): Part[] {
  const countdown = countdownWords(zone, now);
  if (countdown.length > 0) return [plain(" "), ...countdown];
  const lost = zone.judgement.verdict === "breached" ? unseen(zone, now) : [];
  if (lost.length > 0) return lost;
  const anomaly = anomalySentence(zone);
  const held = zone.causes.waiting.find(({ reason }) => reason === "held");
  if (anomaly.length > 0 || zone.judgement.verdict !== "healthy" || !held) return anomaly;
  return [plain(" "), ...waitingBecause(zone, held, now)];
}

/** The first two sentences: how the zone does and why. */
export function ownSentence(zone: Told, now: Instant): Part[] {
  switch (zone.judgement.verdict) {
    case "unknown":
      return unknownSentence(zone, now);
    case "breached":
      return [strong(breachLead(zone)), ...because(zone, now)];
    case "at_risk":
      return [strong(riskLead(zone)), ...because(zone, now)];
    case "converging":
      return [strong(convergingLead(zone, now)), ...because(zone, now)];
    case "healthy":
      return [strong(`${zone.title} keeps its contract.`), plain(` ${inFlight(zone, now)}`)];
  }
}

/** Whether more came in the last minute than went: an age grows while anything is open, and says nothing of that. */
const isGrowing = ({ parked, waiting }: Told["causes"]): boolean =>
  parked.some(({ perMinute }) => perMinute > 0) || waiting.some(({ throughput }) => isFallingBehind(throughput));

/** A consumer that passed older events over keeps up with what comes; where nothing says what comes, nothing is said to grow. */
const isFallingBehind = (throughput: Waiting["throughput"]): boolean =>
  (throughput?.state === "slow" || throughput?.state === "stopped") && throughput.camePerMinute > throughput.donePerMinute;

function breachLead({ facts, judgement, title, causes }: Told): string {
  const past = judgement.reasons.find((reason) => reason.code === "past_window");
  const failed = judgement.reasons.find((reason) => reason.code === "compensation_failed");
  const late = judgement.reasons.find((reason) => reason.code === "compensation_late");
  if (past) {
    return `${title} is ${durationWords(past.ageMs - facts.windowMs)} past its ${windowWords(facts.windowMs)} window${isGrowing(causes) ? " and still growing" : ""}.`;
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
  // Younger than that it converges all the time, and every look would find another age.
  const calmMs = facts.windowMs * limits.convergingRatio;
  const flight = `${counted(facts.keysN, keyName)} ${facts.keysN === 1 ? "is" : "are"} in flight`;
  return ageMs(facts.oldest.since, now) <= calmMs
    ? `${flight}, none for longer than ${durationWords(calmMs)} of ${windowWords(facts.windowMs)}.`
    : `${flight}, the oldest ${ofWindow(facts.oldest, facts, now)}.`;
}

/** How old a key is, against the promise. */
export const ofWindow = (oldest: { since: Instant }, facts: ZoneFacts, now: Instant): string =>
  `${durationWords(ageMs(oldest.since, now))} of ${windowWords(facts.windowMs)}`;

/** Why, from the first of the roots. Empty when nothing stands out. */
function because(zone: Told, now: Instant): Part[] {
  const first = rankedOf(zone, now)[0];
  return first ? [plain(" "), ...becauseOf(first, zone, now)] : [];
}

function becauseOf(cause: Known, zone: Told, now: Instant): Part[] {
  switch (cause.kind) {
    case "parked":
      return parkedBecause(zone, cause.one, now);
    case "saga":
      return sagaBecause(zone, cause.one);
    case "waiting":
      return waitingBecause(zone, cause.one, now);
    case "missed":
      return missedBecause(zone, cause.one, now);
    case "divergence":
      return divergedBecause(zone, cause.one);
  }
}

function missedBecause(zone: Told, missed: MissedCause, now: Instant): Part[] {
  return [
    { text: missedTitle(missed, zone), href: missedHref(zone.zoneId) },
    plain(missed.eventsN === 1 ? ", from " : ", the oldest from "),
    moment(missed.oldest, now),
    plain("."),
  ];
}

function parkedBecause(zone: Told, parked: Parked, now: Instant): Part[] {
  const { deploy, producer } = parked;
  const whose = deploy ? "its" : producer?.deploy ? `${serviceOf(zone, producer.sourceId)}'s` : null;
  const change = deploy ?? producer?.deploy;
  const since = change
    ? [plain(` since ${whose} `), moment(change.at, now), plain(` deploy of ${change.version}`)]
    : [plain(" since "), moment(parked.firstAt, now)];
  return [
    { text: parked.consumer, href: `/dead-letters/groups/${parked.groupId}` },
    plain(` has parked ${parkedKeys(parked, zone.keyName)}`),
    ...since,
    plain(`${parkedTrend(parked, now)}.`),
  ];
}

const parkedKeys = (parked: Parked, keyName: string): string =>
  `${parked.openN > KEYS_COUNTED_MAX ? "at least " : ""}${counted(parked.keysN, keyName)}`;

function parkedTrend(parked: Parked, now: Instant): string {
  const growth = growthWords(parked, now);
  if (growth) return `, ${growth}`;
  const asked = parked.askedN ?? 0;
  if (parked.busyN > 0) return `, ${ofThem(parked.busyN, parked)} being retried`;
  if (asked > 0) return `; an operation on ${ofThem(asked, parked)} waits for a second person`;
  return now - parked.lastAt > minutes(2) ? ", none in the last two minutes" : "";
}

/** How many of the keys that were named before: where those are a bound, no exact number stands beside it. */
function ofThem(n: number, { openN }: Parked): string {
  if (openN <= KEYS_COUNTED_MAX) return `${n.toLocaleString("en-US")} of them`;
  return n >= openN ? "all of them" : "some of them";
}

function sagaBecause({ zoneId, keyName }: Told, saga: Saga): Part[] {
  return [plain("The "), { text: saga.sagaType, href: `/zones/${zoneId}` }, plain(` saga ${causeWords(saga, keyName)}.`)];
}

function waitingBecause(zone: Told, waiting: Waiting, now: Instant): Part[] {
  const events = counted(waiting.factsN, waiting.queue ? "job" : "event");
  const what = {
    unpublished: waiting.queue ? ` has not done ${events}` : ` has not published ${events}`,
    undelivered: ` has not processed ${events}`,
    held: ` holds ${events} back for an earlier version`,
  }[waiting.reason];
  const who = waiting.reason === "unpublished" ? serviceOf(zone, waiting.sourceId) : waiting.consumer;
  const oldest = waiting.factsN === 1 ? ", from " : ", the oldest from ";
  return [
    { text: who, href: `/zones/${zone.zoneId}` },
    plain(`${what}${oldest}`),
    moment(waiting.oldest, now),
    plain(`${throughputTail(waiting)}.`),
  ];
}

function divergedBecause({ zoneId, keyName }: Told, diverged: Diverged): Part[] {
  const filter = new URLSearchParams({ zone: zoneId, rule: diverged.rule });
  return [{ text: diverged.projection, href: `/divergences?${filter}` }, plain(` ${divergedWords(diverged, keyName)}.`)];
}
