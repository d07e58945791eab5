import { durationWords, type Instant, windowWords } from "../time";
import { code, counted, listed, type Part, plain, strong } from "../words";
import { ageMs, type Judgement, type StoredCauses, type Verdict, type ZoneFacts } from "./rules";
import type { Cause } from "./views";

/** A zone as its sentences need it. */
export type Told = {
  zoneId: string;
  title: string;
  keyName: string;
  facts: ZoneFacts;
  judgement: Judgement;
  was: Verdict | null;
  causes: StoredCauses;
};

/** What an operator calls many keys: `order` becomes `orders`. */
const keys = (n: number, keyName: string): string => counted(n, keyName);
const clock = (at: Instant): string => new Date(at).toISOString().slice(11, 16);
const verdictWords: Record<Verdict, string> = {
  breached: "breached",
  at_risk: "at risk",
  unknown: "unknown",
  converging: "converging",
  healthy: "healthy",
};

/** The zone's verdict sentence: subject, measure against the promise, because, trend. At most three sentences. */
export function zoneSentence(zone: Told, now: Instant): Part[] {
  const { facts, judgement, title } = zone;
  switch (judgement.verdict) {
    case "unknown":
      return unknownSentence(zone, now);
    case "breached":
      return [breachLead(zone, now), ...because(zone), ...unseen(zone, now)];
    case "at_risk":
      return [riskLead(zone, now), ...because(zone)];
    case "converging": {
      const oldest =
        facts.oldest === null
          ? ""
          : `, the oldest ${durationWords(ageMs(facts.oldest.since, now))} of ${windowWords(facts.windowMs)}`;
      return [strong(`${title} has ${keys(facts.keysN, zone.keyName)} to settle${oldest}.`), ...because(zone)];
    }
    case "healthy":
      return facts.oldest === null
        ? [strong(`${title} keeps its contract.`), plain(" Nothing is waiting.")]
        : [
            strong(`${title} keeps its contract.`),
            plain(
              ` ${keys(facts.keysN, zone.keyName)} in flight, the oldest ${durationWords(ageMs(facts.oldest.since, now))} of ${windowWords(facts.windowMs)}.`,
            ),
          ];
  }
}

function breachLead({ facts, judgement, title }: Told, now: Instant): Part {
  const past = judgement.reasons.find((reason) => reason.code === "past_window");
  const failed = judgement.reasons.find((reason) => reason.code === "compensation_failed");
  const late = judgement.reasons.find((reason) => reason.code === "compensation_late");
  const age = facts.oldest === null ? 0 : ageMs(facts.oldest.since, now);
  const growing = facts.oldestAgeMsMinuteAgo !== null && age > facts.oldestAgeMsMinuteAgo ? " and still growing" : "";
  if (past)
    return strong(
      `${title} is ${durationWords(Math.max(past.ageMs, age) - facts.windowMs)} past its ${windowWords(facts.windowMs)} window${growing}.`,
    );
  if (failed) return strong(`${title} is breached: ${counted(failed.n, "compensation")} failed.`);
  if (late) return strong(`${title} is breached: ${counted(late.n, "compensation")} ${late.n === 1 ? "is" : "are"} late.`);
  return strong(`${title} is breached.`);
}

function riskLead({ facts, judgement, title, keyName }: Told, now: Instant): Part {
  const trend = judgement.reasons.find((reason) => reason.code === "trend");
  const aged = judgement.reasons.find((reason) => reason.code === "age_at_risk");
  const parked = judgement.reasons.find((reason) => reason.code === "parked");
  const left = facts.oldest === null ? null : facts.windowMs - ageMs(facts.oldest.since, now);
  if (trend || (aged && left !== null))
    return strong(`${title} passes its ${windowWords(facts.windowMs)} window in about ${durationWords(left ?? 0)} at this rate.`);
  if (parked)
    return strong(`${title} cannot converge by itself: ${counted(parked.n, "message")} ${parked.n === 1 ? "is" : "are"} parked.`);
  return strong(`${title} is at risk with ${keys(facts.keysN, keyName)} to settle.`);
}

/** Why, from what explains most keys. Empty when nothing stands out. */
function because({ causes, zoneId, keyName }: Told): Part[] {
  const parked = causes.parked[0];
  const waiting = causes.waiting[0];
  const saga = causes.sagas[0];
  const href = `/zones/${zoneId}`;
  if (parked) {
    const since = parked.deploy
      ? `since its ${clock(parked.deploy.at)} deploy of ${parked.deploy.version}`
      : `since ${clock(parked.firstAt)}`;
    const trend =
      parked.perMinute > 0 ? `, ${Math.round(parked.perMinute).toLocaleString("en-US")} more a minute` : "; no more since";
    return [
      plain(" "),
      { text: parked.consumer, href: `/dead-letters/groups/${parked.groupId}` },
      plain(` has parked ${keys(parked.keysN, keyName)} ${since}${trend}.`),
    ];
  }
  if (saga && (saga.failedN > 0 || !waiting)) return [plain(" "), { text: saga.sagaType, href }, plain(` ${sagaWords(saga)}.`)];
  if (!waiting) return [];
  const place = { text: waiting.consumer || waiting.sourceId, href };
  if (waiting.reason === "unpublished")
    return [
      plain(" "),
      { ...place, text: waiting.sourceId },
      plain(` has not published ${counted(waiting.factsN, "event")}, the first of ${clock(waiting.oldest)}.`),
    ];
  if (waiting.reason === "held")
    return [plain(" "), place, plain(` holds ${counted(waiting.factsN, "event")} that wait for an earlier version.`)];
  return [plain(" "), place, plain(` has not processed ${counted(waiting.factsN, "event")} since ${clock(waiting.oldest)}.`)];
}

function unseen({ judgement, facts }: Told, now: Instant): Part[] {
  if (judgement.silent.length === 0) return [];
  const names = listed(judgement.silent.map((source) => source.service));
  const since = Math.min(
    ...facts.sources
      .filter((source) => judgement.silent.some((s) => s.sourceId === source.sourceId))
      .map((source) => source.observedAt ?? now),
  );
  return [plain(` ${names} ${judgement.silent.length === 1 ? "is" : "are"} not seen since ${clock(since)}.`)];
}

function unknownSentence({ title, facts, judgement, was }: Told, now: Instant): Part[] {
  const silent = judgement.silent.filter((source) => source.observedAt === null || now - source.observedAt > 0);
  const names = listed(silent.map((source) => source.service));
  const last = silent.map((source) => source.observedAt).filter((at) => at !== null);
  const before = was === null ? "" : ` The zone was ${verdictWords[was]} then; we cannot vouch for it now.`;
  if (facts.judgedAt !== null && now - facts.judgedAt > 15_000 && silent.length === facts.sources.length)
    return [strong(`${title} has not been measured for ${durationWords(now - facts.judgedAt)}.`), plain(before)];
  if (last.length === 0)
    return [
      strong(`${title} has not been measured yet.`),
      plain(names ? ` ${names} ${silent.length === 1 ? "has" : "have"} not been seen.` : ""),
    ];
  return [
    strong(
      `${title} is unknown: ${names} ${silent.length === 1 ? "has" : "have"} been silent for ${durationWords(now - Math.min(...last))}.`,
    ),
    plain(before),
  ];
}

/** The sentence over all zones: what is worst and why, and what is next; or that all keep their contracts. */
export function overviewSentence(zones: readonly Told[], now: Instant): Part[] {
  const first = zones[0];
  if (!first) return [strong("No contract yet.")];
  if (
    zones.every(
      (zone) => zone.judgement.verdict === "unknown" && zone.facts.judgedAt !== null && now - zone.facts.judgedAt > 15_000,
    )
  ) {
    const at = Math.max(...zones.map((zone) => zone.facts.judgedAt ?? 0));
    return [
      strong(`Nothing has been measured since ${clock(at)}.`),
      plain(
        first.was === "breached"
          ? ` ${first.title} was breached then; treat it as breached.`
          : " We cannot vouch for any zone until a worker is back.",
      ),
    ];
  }
  if (first.judgement.verdict === "healthy" || first.judgement.verdict === "converging") {
    const oldest = [...zones].sort((a, b) => share(b, now) - share(a, now))[0]!;
    const all = zones.length === 1 ? `${first.title} keeps its contract.` : `All ${zones.length} zones keep their contracts.`;
    const tail =
      oldest.facts.oldest === null
        ? " Nothing is waiting."
        : ` The oldest open key is ${durationWords(ageMs(oldest.facts.oldest.since, now))} of ${windowWords(oldest.facts.windowMs)}.`;
    return [strong(all), plain(tail)];
  }
  const next = zones[1];
  const more =
    next && (next.judgement.verdict === "breached" || next.judgement.verdict === "at_risk")
      ? [plain(` ${next.title} is ${next.judgement.verdict === "breached" ? "breached too" : "next"}.`)]
      : [];
  return [...zoneSentence(first, now), ...more];
}

const share = (zone: Told, now: Instant): number =>
  zone.facts.oldest === null ? 0 : ageMs(zone.facts.oldest.since, now) / zone.facts.windowMs;

/** Causes with evidence and next step, by keys explained. */
export function causesOf(zone: Told, now: Instant): Cause[] {
  const { facts, causes, judgement } = zone;
  const past = (oldest: Instant) => ageMs(oldest, now) > facts.windowMs;
  const list: Cause[] = [
    ...causes.parked.map((parked): Cause => parkedCause(parked, zone)),
    ...causes.sagas.map((saga): Cause => sagaCause(saga, zone)),
    ...causes.waiting.map((waiting): Cause => waitingCause(waiting, zone, past(waiting.oldest))),
  ];
  const silent: Cause[] = judgement.silent.map((source) => ({
    id: `source-${source.sourceId}`,
    kind: "source",
    tone: "risk",
    title: [
      plain(`${source.service} is not seen${source.observedAt === null ? "" : ` for ${durationWords(now - source.observedAt)}`}`),
    ],
    evidence: [plain(source.error ?? "No worker has looked at it.")],
    next: [plain("see whether its database or Accord's worker is away. It is read again by itself.")],
    keysN: 0,
    ofKeysN: facts.keysN,
    action: { label: "Check source", href: `/sources#${source.sourceId}` },
  }));
  return [...silent, ...list.sort((a, b) => b.keysN - a.keysN)];
}

function parkedCause(parked: StoredCauses["parked"][number], zone: Told): Cause {
  const versions = Object.entries(parked.versions)
    .sort((a, b) => b[1] - a[1])
    .map(([version]) => version);
  const only = versions.length === 1 && versions[0] ? ` Seen on ${versions[0]} only.` : "";
  const growing = parked.perMinute > 0;
  const next = growing
    ? parked.deploy
      ? `roll back ${parked.consumer} or fix it, then retry. Retrying before that parks them again.`
      : `find what fails in ${parked.consumer}, then retry. Retrying before that parks them again.`
    : "no failure for 30 s: retry one, then the group.";
  return {
    id: `parked-${parked.groupId}`,
    kind: "parked",
    tone: growing ? "breach" : "risk",
    title: [
      plain(
        `${parked.consumer} fails on ${parked.eventType}${parked.deploy ? ` since it was deployed as ${parked.deploy.version}` : ""}`,
      ),
    ],
    evidence: [
      plain(
        `${counted(parked.openN, "message")} parked${growing ? `, ${Math.round(parked.perMinute).toLocaleString("en-US")} more each minute` : ""}${parked.busyN > 0 ? `, ${parked.busyN.toLocaleString("en-US")} being retried` : ""}. `,
      ),
      code(parked.errorType),
      plain(parked.frame ? " in " : `: ${parked.template.slice(0, 120)}`),
      ...(parked.frame ? [code(parked.frame)] : []),
      plain(`.${only}`),
    ],
    next: [plain(next)],
    keysN: parked.keysN,
    ofKeysN: zone.facts.keysN,
    action: { label: "Open dead letters", href: `/dead-letters/groups/${parked.groupId}` },
  };
}

function sagaWords(saga: StoredCauses["sagas"][number]): string {
  if (saga.failedN > 0) return `could not undo ${counted(saga.failedN, "saga")}: a compensation failed`;
  if (saga.lateN > 0) return `is late in undoing ${counted(saga.lateN, "saga")}`;
  return `has ${counted(saga.n, "saga")} past ${saga.n === 1 ? "its" : "their"} deadline${saga.step ? ` at ${saga.step}` : ""}`;
}

function sagaCause(saga: StoredCauses["sagas"][number], zone: Told): Cause {
  return {
    id: `saga-${saga.sagaType}-${saga.step ?? ""}`,
    kind: saga.failedN > 0 || saga.lateN > 0 ? "compensation" : "saga",
    tone: "breach",
    title: [plain(`${saga.sagaType} ${sagaWords(saga)}`)],
    evidence: [
      plain(
        `The oldest is ${saga.oldestKey}, started ${clock(saga.oldest)} UTC.${saga.errorMessage ? ` ${saga.errorMessage.slice(0, 160)}` : ""}`,
      ),
    ],
    next: [
      plain(
        saga.failedN > 0
          ? "see why the compensation fails; what it should undo is still done."
          : "see what the step waits for; its compensation is due.",
      ),
    ],
    keysN: saga.n,
    ofKeysN: zone.facts.keysN,
    action: null,
  };
}

function waitingCause(waiting: StoredCauses["waiting"][number], zone: Told, past: boolean): Cause {
  const events = listed(waiting.eventTypes);
  const words = {
    undelivered: [
      `${waiting.consumer} has not processed ${events}`,
      `Is ${waiting.consumer} running, and does it receive ${events}?`,
      `see whether ${waiting.consumer} consumes.`,
    ],
    unpublished: [
      `${waiting.sourceId} has not published ${events}`,
      "They stand in its outbox.",
      `see whether the relay of ${waiting.sourceId} runs.`,
    ],
    held: [
      `${waiting.consumer} holds ${events} for an earlier version`,
      "They go on by themselves when it arrives.",
      "find the version that is missing.",
    ],
  }[waiting.reason];
  const calm = !past && zone.judgement.verdict !== "at_risk";
  return {
    id: `${waiting.reason}-${waiting.sourceId}-${waiting.consumer}`,
    kind: waiting.reason,
    tone: past ? "breach" : calm ? "calm" : "risk",
    title: [plain(words[0]!)],
    evidence: [
      plain(
        `${counted(waiting.factsN, "event")} wait, the oldest of ${waiting.oldestKey} since ${clock(waiting.oldest)} UTC. ${words[1]}`,
      ),
    ],
    next: [plain(words[2]!)],
    keysN: waiting.keysN,
    ofKeysN: zone.facts.keysN,
    action: { label: "Check source", href: `/sources#${waiting.sourceId}` },
  };
}

/** Why a zone needs attention, for its row: one line, and the way to the cause. Null while it is calm. */
export function whyOf(zone: Told, now: Instant): { text: Part[]; href: string; action: string } | null {
  if (zone.judgement.verdict === "healthy" || zone.judgement.verdict === "converging") return null;
  const first = causesOf(zone, now)[0];
  if (!first) return null;
  const text =
    first.kind === "source"
      ? [...first.title, plain(". "), ...first.evidence]
      : [...first.title.map((part) => ({ ...part, strong: true })), plain(". "), ...first.evidence];
  if (first.kind === "source") return { text, href: first.action!.href, action: "Check source" };
  return {
    text,
    href: first.action?.href ?? `/zones/${zone.zoneId}`,
    action: first.kind === "parked" ? "Open cause" : "Open zone",
  };
}
