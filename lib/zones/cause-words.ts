import { originEvidence, originNext, originTail } from "../dead-letters/origin-words";
import type { SagaTarget } from "../sagas/rules";
import { durationWords, type Instant, minutes } from "../time";
import { ageMs, type Uncompared } from "../verdicts/rules";
import { capitalized, code, counted, moment, type Part, plain } from "../words";
import { anomalyCause } from "./anomaly-words";
import { divergenceCause, keyPart } from "./diverged-words";
import { missedEvidence, missedHref, missedNext, missedTitle } from "./missed-words";
import { causeIds, type Known, rankedOf } from "./ranked-words";
import { type Anomaly, KEYS_COUNTED_MAX, type MissedCause, type StoredCauses } from "./rules";
import { countdownWords, nextToCompensate, sagaCause, targetOf } from "./saga-words";
import { type Silent, serviceOf, type Told } from "./told-words";
import { type Unwatched, uncomparedWords, unwatchedOf, unwatchedWords } from "./unknown-words";
import type { Cause } from "./views";
import { waitingWords } from "./waiting-words";

export { serviceOf, type Told } from "./told-words";
export type Parked = StoredCauses["parked"][number];
export type Waiting = StoredCauses["waiting"][number];
export type Saga = StoredCauses["sagas"][number];

/** How fast a group grows, `12 more each minute`, half a one is one; empty while it does not. Within its first minute its number is all that is known, and no rate. */
export function growthWords({ perMinute, firstAt }: Pick<Parked, "perMinute" | "firstAt">, at: Instant): string {
  if (perMinute <= 0) return "";
  if (at - firstAt < minutes(1)) return "all within the last minute";
  return `${Math.ceil(perMinute).toLocaleString("en-US")} more each minute`;
}

/** Causes with evidence and next step: roots first, each with what follows from it behind it. */
export function causesOf(zone: Told, now: Instant): Cause[] {
  const { causes, facts, judgement } = zone;
  const known = rankedOf(zone, now).map((ranked) => ({ ...causeOf(ranked, zone, now), follows: ranked.follows }));
  const unwatched = unwatchedOf(judgement);
  const unseen = [
    ...judgement.silent.map((source) => silentCause(source, zone, now)),
    ...(facts.uncompared ?? []).map((rule) => uncomparedCause(rule, zone, now)),
    ...(unwatched ? [unwatchedCause(unwatched, zone)] : []),
  ];
  // What is proven outranks what is not seen; where nothing is proven, that is the cause.
  const found = judgement.verdict === "unknown" ? [...unseen, ...known] : [...known, ...unseen];
  const anomalies = (causes.anomalies ?? []).filter((anomaly) => !isToldByGroup(anomaly, zone));
  return [...found, ...anomalies.map((anomaly) => ({ ...anomalyCause(anomaly, zone, now), follows: null }))];
}

/** A schema that no contract knows is told with the failures that it causes. */
const isToldByGroup = (anomaly: Anomaly, { causes }: Told): boolean =>
  anomaly.kind === "schema" &&
  causes.parked.some(
    ({ producer, eventType }) =>
      producer?.schema && producer.sourceId === anomaly.sourceId && anomaly.eventTypes.every((type) => type === eventType),
  );

function causeOf(ranked: Known, zone: Told, now: Instant): Omit<Cause, "follows"> {
  switch (ranked.kind) {
    case "parked":
      return parkedCause(ranked.one, zone, now);
    case "saga":
      return sagaCause(ranked.one, zone, now);
    case "waiting":
      return waitingCause(ranked.one, zone, now);
    case "missed":
      return missedCause(ranked.one, zone, now);
    case "divergence":
      return divergenceCause(ranked.one, zone, now);
  }
}

function missedCause(missed: MissedCause, zone: Told, now: Instant): Omit<Cause, "follows"> {
  return {
    id: causeIds.missed(missed.sourceId),
    kind: "missed",
    tone: ageMs(missed.oldest, now) > zone.facts.windowMs ? "breach" : "risk",
    title: [plain(missedTitle(missed, zone))],
    evidence: missedEvidence(missed, now),
    next: [plain(missedNext(missed, zone))],
    keysN: missed.keysN,
    ofKeysN: zone.facts.keysN,
    action: { label: "Open messages", href: missedHref(zone.zoneId) },
  };
}

function silentCause(source: Silent, { facts }: Told, now: Instant): Cause {
  const since = source.observedAt === null ? "yet" : `for ${durationWords(now - source.observedAt)}`;
  return {
    id: `source-${source.sourceId}`,
    kind: "source",
    tone: "risk",
    title: [plain(`${source.service} has not been seen ${since}`)],
    evidence: [plain(source.error ?? "No worker looks at it.")],
    next: [plain("see whether its database or Accord's worker is away. It is read again by itself.")],
    keysN: 0,
    ofKeysN: facts.keysN,
    follows: null,
    action: { label: "Check source", href: `/sources/${encodeURIComponent(source.sourceId)}` },
  };
}

function unwatchedCause(unwatched: Unwatched, { zoneId }: Told): Cause {
  return {
    id: "unwatched",
    kind: "unwatched",
    tone: "risk",
    title: [plain(capitalized(unwatchedWords(unwatched)))],
    evidence: [plain("Neither an inbox nor a rule would show it missing. What is watched agrees.")],
    next: [plain("add a reconciliation rule that compares both sides; the contract tells each delivery with what watches it.")],
    keysN: 0,
    ofKeysN: 0,
    follows: null,
    action: { label: "Open contract", href: `/zones/${zoneId}/contract` },
  };
}

function uncomparedCause(uncompared: Uncompared, { zoneId, keyName }: Told, now: Instant): Cause {
  return {
    id: `uncompared-${uncompared.rule}`,
    kind: "uncompared",
    tone: "risk",
    title: [plain(capitalized(uncomparedWords(uncompared, now)))],
    evidence: [plain(`${unended(uncompared.why)}. Whether both sides agree on each ${keyName} is not known.`)],
    next: [plain("let both sides be read as the reason says; the rule tries again by itself.")],
    keysN: 0,
    ofKeysN: 0,
    follows: null,
    action: { label: "See the rule", href: `/zones/${zoneId}/divergences` },
  };
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most).trimEnd()}…` : text);
const unended = (text: string): string => text.replace(/[.!?\s]+$/, "");

function parkedCause(parked: Parked, zone: Told, now: Instant): Omit<Cause, "follows"> {
  const growing = parked.perMinute > 0;
  const origin = originOf(parked, zone);
  return {
    id: causeIds.parked(parked.groupId),
    kind: "parked",
    tone: growing ? "breach" : "risk",
    title: [
      plain(
        `${parked.consumer} fails on ${parked.eventType}${parked.deploy ? ` since its deploy of ${parked.deploy.version}` : origin ? originTail(origin) : ""}`,
      ),
    ],
    evidence: [
      ...parkedEvidence(parked, zone.causes.at),
      ...(origin ? [plain(" "), ...originEvidence(origin, parked.eventType, now)] : []),
    ],
    next: [plain(parkedNext(parked, zone))],
    keysN: parked.keysN,
    keysAtLeast: parked.openN > KEYS_COUNTED_MAX,
    ofKeysN: zone.facts.keysN,
    action: { label: "Open dead letters", href: `/dead-letters/groups/${parked.groupId}` },
  };
}

const originOf = ({ producer }: Parked, zone: Told) => producer && { ...producer, service: serviceOf(zone, producer.sourceId) };

function parkedEvidence(parked: Parked, at: Instant): Part[] {
  const versions = Object.keys(parked.versions);
  // What the producer changed is no matter of the version that it meets.
  const only = versions.length === 1 && versions[0] && !parked.producer ? ` Seen on ${versions[0]} only.` : "";
  const counts = [
    `${counted(parked.openN, "message")} parked`,
    growthWords(parked, at),
    parked.busyN > 0 && `${parked.busyN.toLocaleString("en-US")} being retried`,
    parked.askedN && `${parked.askedN.toLocaleString("en-US")} waiting for a second person`,
  ].filter(Boolean);
  return [plain(`${counts.join(", ")}. `), ...errorParts(parked), plain(`.${only}`)];
}

/** What failed, as far as it is recorded. */
function errorParts({ errorType, frame, template }: Parked): Part[] {
  const words = unended(cut(template, 120));
  if (errorType === "") return [plain(words === "" ? "No error was recorded" : words)];
  return frame ? [code(errorType), plain(" in "), code(frame)] : [code(errorType), plain(`: ${words}`)];
}

function parkedNext(parked: Parked, zone: Told): string {
  const { consumer, deploy, perMinute, lastAt } = parked;
  const origin = originOf(parked, zone);
  if (perMinute === 0) return `no failure for ${durationWords(Math.max(0, zone.causes.at - lastAt))}: retry one, then the group.`;
  const first = deploy
    ? `roll back ${consumer} or fix it`
    : origin
      ? originNext(origin, consumer)
      : `find what fails in ${consumer}`;
  return `${first}, then retry. Retrying before that parks them again.`;
}

function waitingCause(waiting: Waiting, zone: Told, now: Instant): Omit<Cause, "follows"> {
  const past = ageMs(waiting.oldest, now) > zone.facts.windowMs;
  const calm = !past && zone.judgement.verdict !== "at_risk";
  const { title, evidence, next } = waitingWords(waiting, serviceOf(zone, waiting.sourceId));
  const wait = waiting.factsN === 1 ? "waits, that" : "wait, the oldest";
  return {
    id: causeIds.waiting(waiting.reason, waiting.sourceId, waiting.consumer),
    kind: waiting.reason,
    tone: past ? "breach" : calm ? "calm" : "risk",
    title: [plain(title)],
    evidence: [
      plain(`${counted(waiting.factsN, waiting.queue ? "job" : "event")} ${wait} of `),
      keyPart(waiting.oldestKey),
      plain(", from "),
      moment(waiting.oldest, now),
      plain(`. ${evidence}`),
    ],
    next: [plain(next)],
    keysN: waiting.keysN,
    ofKeysN: zone.facts.keysN,
    action: { label: "Open keys", href: `/zones/${zone.zoneId}/keys?reason=${waiting.reason}` },
  };
}

/** Why a zone needs attention, for its row: one line, and the way to the cause. Null while it is calm. */
export function whyOf(zone: Told, now: Instant): { text: Part[]; href: string; action: string; hold: SagaTarget | null } | null {
  if (zone.judgement.verdict === "healthy" || zone.judgement.verdict === "converging") return null;
  const first = causesOf(zone, now)[0];
  if (!first) return null;
  const text =
    first.kind === "source"
      ? [...first.title, plain(". "), ...first.evidence]
      : [...first.title.map((part) => ({ ...part, strong: true })), plain(". "), ...first.evidence];
  if (first.kind === "source") return { text, href: first.action!.href, action: "Check source", hold: null };
  const next = nextToCompensate(zone);
  return {
    text: next ? [...text, plain(" "), ...countdownWords(zone, now)] : text,
    href: first.action?.href ?? `/zones/${zone.zoneId}`,
    action: first.kind === "parked" ? "Open cause" : (first.action?.label ?? "Open keys"),
    hold: next ? targetOf(zone.zoneId, next) : null,
  };
}
