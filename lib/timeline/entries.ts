import { durationWords, type Instant } from "../time";
import { openWords } from "../verdicts/words";
import type { KeyAct, KeyCase, KeyDivergence, KeyFact, KeyLetter, KeyRecord } from "./key.sql";
import type { KeyEntry } from "./views";
import { closedWords, outcomeText } from "./words";

/** A source by the name that people know it by. */
export type ServiceOf = (sourceId: string) => string;
/** An entry whose time may be missing. */
export type Draft = Omit<KeyEntry, "at"> & { at: Instant | null };

/** Entries that have a time: a service may have written none, or one that is none. */
export const timed = (drafts: readonly Draft[]): KeyEntry[] =>
  drafts.flatMap((draft) => (draft.at !== null && Number.isFinite(draft.at) ? [{ ...draft, at: draft.at }] : []));

/** Open facts that neither a dead letter nor a divergence tells of: what is not published, not processed, held, or a saga that is stuck. */
export function factEntries(facts: readonly KeyFact[], serviceOf: ServiceOf): KeyEntry[] {
  const told = facts.filter((fact) => fact.reason !== "parked" && fact.reason !== "divergence");
  // One fact in two zones is one thing that happened.
  const once = new Map(told.map((fact) => [`${fact.reason}:${fact.sourceId}:${fact.consumer}:${fact.ref}`, fact]));
  return timed(
    [...once].map(([id, fact]) => {
      const service = fact.consumer || serviceOf(fact.sourceId);
      const what = openWords[fact.reason](service);
      return {
        id: `fact:${id}`,
        at: fact.since,
        service,
        kind: fact.reason === "saga" ? "saga" : "waiting",
        tone: "risk",
        text: fact.eventType ? `${fact.eventType} ${what}` : what,
        note: fact.flagged ? "open since it was first seen" : "still open",
        href: null,
      } satisfies Draft;
    }),
  );
}

/** How each dead letter came about, and how it was closed. */
export function letterEntries(letters: readonly KeyLetter[]): KeyEntry[] {
  return timed(
    letters.flatMap((letter): Draft[] => {
      const version = letter.version === null ? "" : ` v${letter.version}`;
      const base = {
        service: letter.consumer,
        href: letter.closedAt === null ? `/dead-letters/messages/${letter.id}` : `/dead-letters/groups/${letter.groupId}`,
      };
      const id = `letter:${letter.id}:${letter.closedAt ?? "open"}`;
      return [
        {
          ...base,
          id: `${id}:parked`,
          at: letter.parkedAt,
          kind: "parked",
          tone: letter.closedAt === null ? "breach" : "plain",
          text: `parked ${letter.eventType}${version} after ${letter.attempts === 1 ? "1 attempt" : `${letter.attempts} attempts`}`,
          note: letter.consumerVersion ? `${letter.errorType}, ${letter.consumerVersion}` : letter.errorType,
        },
        {
          ...base,
          id: `${id}:closed`,
          at: letter.closedAt,
          kind: "closed",
          tone: letter.state === "resolved" ? "ok" : "plain",
          text: `${letter.eventType}${version} was ${closedWords(letter.state)}`,
          note: letter.closedAt === null ? null : `parked for ${durationWords(letter.closedAt - letter.parkedAt)}`,
        },
      ];
    }),
  );
}

/** Where two services did not say the same, and when they did again. */
export function divergenceEntries(divergences: readonly KeyDivergence[]): KeyEntry[] {
  return timed(
    divergences.flatMap((one): Draft[] => {
      const base = {
        id: `divergence:${one.divergenceId}`,
        service: "Reconciler",
        kind: "divergence" as const,
        href: `/divergences/${one.divergenceId}`,
      };
      const note = `D-${one.divergenceId}, rule ${one.rule}`;
      return [
        {
          ...base,
          at: one.confirmedAt ?? one.since,
          tone: one.state === "resolved" ? "plain" : "breach",
          text: `found ${one.kind}`,
          note,
        },
        {
          ...base,
          id: `${base.id}:resolved`,
          at: one.resolvedAt,
          tone: one.resolution === "converged" ? "ok" : "plain",
          text: one.resolution === "converged" ? "found that both agree again" : `closed it: ${one.resolution}`,
          note,
        },
      ];
    }),
  );
}

/** Cases that were opened about the key, and how they ended. */
export function caseEntries(cases: readonly KeyCase[]): KeyEntry[] {
  return timed(
    cases.flatMap((one): Draft[] => {
      const base = { id: `case:${one.caseId}`, kind: "case" as const, href: `/cases/${one.caseId}` };
      return [
        {
          ...base,
          at: one.openedAt,
          service: one.openedByName,
          tone: one.resolvedAt === null ? "risk" : "plain",
          text: `opened CASE-${one.caseId}`,
          note: one.title,
        },
        {
          ...base,
          id: `${base.id}:resolved`,
          at: one.resolvedAt,
          service: one.resolvedByName ?? "Accord",
          tone: "ok",
          text: `resolved CASE-${one.caseId}: ${(one.resolution ?? "").replaceAll("_", " ")}`,
          note: one.resolutionReason,
        },
      ];
    }),
  );
}

/** What people asked for, and what came of it. */
export function actEntries(acts: readonly KeyAct[]): KeyEntry[] {
  // A person asks once for all messages of the key.
  const asked = new Map(acts.map((act) => [act.operationId, act]));
  return timed([
    ...[...asked.values()].map(
      (act): Draft => ({
        id: `operation:${act.operationId}`,
        at: act.requestedAt,
        service: act.requestedBy,
        kind: "person",
        tone: "accent",
        text: `${act.kind === "retry" ? "asked for a retry" : "asked to discard"}, OP-${act.operationId}`,
        note: act.reason,
        href: `/operations/${act.operationId}`,
      }),
    ),
    ...acts.map(
      (act): Draft => ({
        id: `outcome:${act.operationId}:${act.item}`,
        at: act.finishedAt,
        service: act.consumer,
        kind: "outcome",
        tone: act.outcome === "succeeded" ? "ok" : act.outcome === "failed_again" ? "breach" : "plain",
        text: outcomeText[act.outcome ?? ""] ?? String(act.outcome),
        note: `OP-${act.operationId}`,
        href: `/operations/${act.operationId}`,
      }),
    ),
  ]);
}

/** What the audit has of it. */
export function recordEntries(records: readonly KeyRecord[], wordsOf: (action: string) => string): KeyEntry[] {
  return records.map((record) => ({
    id: `audit:${record.id}`,
    at: record.at,
    service: record.actor,
    kind: "person",
    tone: record.result === "denied" ? "risk" : "accent",
    text: record.result === "denied" ? `was refused to ${wordsOf(record.action)}` : wordsOf(record.action),
    note: record.reason,
    href: null,
  }));
}
