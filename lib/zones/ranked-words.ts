import type { Lacking } from "../facts/rules";
import type { Instant } from "../time";
import { ageMs } from "../verdicts/rules";
import { type Ranked, rootsFirst } from "./ranking.rules";
import type { MissedCause, StoredCauses } from "./rules";
import { isTold } from "./saga-words";
import { serviceOf, type Told } from "./told-words";

/** One of a zone's causes with its facts. */
export type Known = Ranked &
  (
    | { kind: "parked"; one: StoredCauses["parked"][number] }
    | { kind: "saga"; one: StoredCauses["sagas"][number] }
    | { kind: "waiting"; one: StoredCauses["waiting"][number] }
    | { kind: "missed"; one: MissedCause }
    | { kind: "divergence"; one: StoredCauses["divergences"][number] }
  );

export const causeIds = {
  parked: (groupId: number) => `parked-${groupId}`,
  saga: (sagaType: string, step: string | null) => `saga-${sagaType}-${step ?? ""}`,
  waiting: (reason: string, sourceId: string, consumer: string) => `${reason}-${sourceId}-${consumer}`,
  missed: (sourceId: string) => `missed-${sourceId}`,
  divergence: (rule: string) => `divergence-${rule}`,
} as const;

/** A zone's causes as headline, row and list have them: roots first, each with its consequences behind it. */
export function rankedOf(zone: Told, now: Instant): Known[] {
  const { causes, facts, judgement } = zone;
  const codes = new Set(judgement.reasons.map(({ code }) => code));
  // Who says that it cannot converge by itself says by what, whatever else waits and will.
  const stuck = judgement.verdict === "at_risk" && !codes.has("trend") && !codes.has("age_at_risk");
  const rank = (since: Instant): 1 | 2 => (ageMs(since, now) > facts.windowMs ? 1 : 2);
  const all: Known[] = [
    ...causes.parked.map((one) => ({
      kind: "parked" as const,
      one,
      id: causeIds.parked(one.groupId),
      rank: stuck ? (0 as const) : rank(one.firstAt),
      keysN: one.keysN,
      follows: null,
    })),
    ...causes.sagas.filter(isTold).map((one) => ({
      kind: "saga" as const,
      one,
      id: causeIds.saga(one.sagaType, one.step),
      rank: one.failedN > 0 || one.lateN > 0 ? (0 as const) : rank(one.oldest),
      keysN: Math.max(one.n + one.dueN, one.heldN),
      follows: lackedBy(zone, one.lacks),
    })),
    ...causes.waiting.map((one) => ({
      kind: "waiting" as const,
      one,
      id: causeIds.waiting(one.reason, one.sourceId, one.consumer),
      rank: rank(one.oldest),
      keysN: one.keysN,
      follows: lackedBy(zone, one.lacks),
    })),
    ...(causes.missed ?? []).map((one) => ({
      kind: "missed" as const,
      one,
      id: causeIds.missed(one.sourceId),
      rank: rank(one.oldest),
      keysN: one.keysN,
      follows: null,
    })),
    ...causes.divergences.map((one) => ({
      kind: "divergence" as const,
      one,
      id: causeIds.divergence(one.rule),
      rank: rank(one.oldest),
      keysN: one.keysN,
      follows: laggingBehind(zone, one),
    })),
  ];
  return rootsFirst(all);
}

/** The cause from which most of some keys follow; null where most of them lack nothing that is a cause. */
function lackedBy({ causes }: Told, lacks: Lacking | null | undefined): string | null {
  if (!lacks || 2 * lacks.n < lacks.ofN) return null;
  const { reason, sourceId, consumer, groupId } = lacks;
  if (reason === "parked") return groupId === null ? null : causeIds.parked(groupId);
  const missed = reason === "undelivered" && causes.missed?.find((one) => one.consumers.includes(consumer));
  return missed ? causeIds.missed(missed.sourceId) : causeIds.waiting(reason, sourceId, consumer);
}

/** The consumer that is behind at the service whose projection has applied nothing, or differs almost everywhere; null where the projection keeps up. */
function laggingBehind(zone: Told, { projection, lagN, keysN, mass }: StoredCauses["divergences"][number]): string | null {
  if (mass === null && !(lagN > 0 && lagN >= keysN)) return null;
  const behind = behindAt(zone, projection);
  return behind && causeIds.waiting(behind.reason, behind.sourceId, behind.consumer);
}

/** What a service's consumer has still to process, where it stands still or falls behind. */
export const behindAt = (zone: Told, service: string): StoredCauses["waiting"][number] | null =>
  zone.causes.waiting.find(
    ({ reason, sourceId, throughput }) =>
      reason === "undelivered" &&
      throughput !== undefined &&
      throughput.state !== "passed_over" &&
      serviceOf(zone, sourceId) === service,
  ) ?? null;
