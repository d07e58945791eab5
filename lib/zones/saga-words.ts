import { holdableN, type SagaTarget } from "../sagas/rules";
import { causeEvidence, causeNext, causeWords } from "../sagas/words";
import { durationWords, type Instant, seconds } from "../time";
import { isSilent } from "../verdicts/rules";
import { listed, type Part, plain } from "../words";
import type { StoredCauses } from "./rules";
import type { Told } from "./told-words";
import type { Cause } from "./views";

type Saga = StoredCauses["sagas"][number];

/** Whether a cause is told of: what is only being undone needs nobody. */
export const isTold = ({ n, dueN, heldN }: Saga): boolean => n + dueN + heldN > 0;

/** Sagas of one type at one step as a cause of a zone. */
export function sagaCause(saga: Saga, zone: Told, now: Instant): Omit<Cause, "follows"> {
  const wrong = saga.n > saga.heldN || saga.dueN > 0;
  return {
    id: `saga-${saga.sagaType}-${saga.step ?? ""}`,
    kind: saga.failedN > 0 || saga.lateN > 0 ? "compensation" : "saga",
    tone: wrong ? "breach" : "risk",
    title: [plain(`The ${saga.sagaType} saga ${causeWords(saga, zone.keyName)}`)],
    evidence: causeEvidence(saga, now),
    next: [plain(causeNext(saga))],
    keysN: Math.max(saga.n + saga.dueN, saga.heldN),
    ofKeysN: zone.facts.keysN,
    action: { label: "View sagas", href: sagasHref(zone.zoneId, saga) },
    saga: holdableN(saga) > 0 ? targetOf(zone.zoneId, saga) : null,
  };
}

const sagasHref = (zoneId: string, { sagaType, step }: Saga): string => {
  const quoted = (text: string) => (/\s/.test(text) ? `"${text}"` : text);
  return `/sagas?q=${encodeURIComponent(`zone:${zoneId} type:${quoted(sagaType)}${step === null ? "" : ` step:${quoted(step)}`}`)}`;
};

/** What a hold of this cause is about. */
export const targetOf = (zoneId: string, saga: Saga): SagaTarget => ({
  zone: zoneId,
  type: saga.sagaType,
  step: saga.step,
  n: holdableN(saga),
  firstDueAt: saga.firstDueAt,
});

/** The sagas of a zone that start to compensate first, unless somebody acts; null when none is near. */
export function nextToCompensate({ causes, judgement }: Told): Saga | null {
  // What is not seen counts down to nothing.
  if (isSilent(judgement)) return null;
  return causes.sagas.filter(({ dueN }) => dueN > 0).sort((a, b) => a.firstDueAt! - b.firstDueAt!)[0] ?? null;
}

/** `In 1m 20s stuck sagas start void-payment and release-stock.`, or that they do so now. Empty when none is near. */
export function countdownWords(zone: Told, now: Instant): Part[] {
  const next = nextToCompensate(zone);
  if (!next) return [];
  const who = next.dueN === 1 ? "a stuck saga starts" : "stuck sagas start";
  const what = next.undo.length === 0 ? "to compensate" : listed(next.undo);
  const leftMs = next.firstDueAt! - now;
  const text = leftMs < seconds(1) ? `Now ${who} ${what}.` : `In ${durationWords(leftMs)} ${who} ${what}.`;
  return [{ text, strong: true, tone: "breach" }];
}
