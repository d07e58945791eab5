import { createHash } from "node:crypto";
import type { Judgement, ZoneFacts } from "../verdicts/rules";
import type { FoundCauses, StoredFigures } from "./rules";

/** The same for the same fields in the same order. */
export const digestOf = (value: object): string => createHash("sha256").update(JSON.stringify(value)).digest("base64url");

/** What a judgement found. */
export type Found = {
  judgement: Judgement;
  facts: ZoneFacts;
  figures: Pick<StoredFigures, "sagasStuckN" | "compensationsFailed24h">;
  causes: FoundCauses;
};

/**
 * What of a judgement open screens must hear of at once, as a digest: they are told when it becomes another. Verdicts, causes, and what
 * waits for somebody are in it. Lags, the keys that come and go while a zone keeps its promise, and what is being undone and ends by
 * itself are different in every round of a fleet that trades: telling them would have every open tab ask every two seconds for numbers
 * that it asks for by the clock anyway.
 */
export function newsOf({ judgement, facts, figures, causes }: Found): string {
  const { verdict, reasons, silent } = judgement;
  const calm = verdict === "healthy" || verdict === "converging";
  const news = {
    verdict,
    reasons: reasons.map(({ code }) => code),
    silent: silent.map(({ sourceId }) => sourceId),
    errors: facts.sources.map(({ error }) => error),
    oldest: calm ? null : facts.oldest,
    parkedN: facts.parkedN,
    divergences: facts.divergences,
    uncompared: facts.uncompared?.map(({ rule, why }) => [rule, why]),
    awaitsPersonN: facts.awaitsPersonN,
    compensations: [facts.compensationsFailedN, facts.compensationsLateN],
    figures: [figures.sagasStuckN, figures.compensationsFailed24h],
    parked: causes.parked.map(({ groupId, openN, busyN, askedN, deploy }) => [groupId, openN, busyN, askedN, deploy]),
    missed: causes.missed,
    producers: causes.parked.map(({ producer }) => producer),
    waiting: causes.waiting.map(({ reason, consumer, throughput }) => [reason, consumer, throughput?.state]),
    sagas: causes.sagas.filter(({ askingN }) => askingN > 0).map(({ compensatingN: _, ...saga }) => saga),
    causesOfDivergence: causes.divergences,
    anomalies: causes.anomalies?.map((anomaly) => [anomaly.kind, "n" in anomaly ? anomaly.n : null]),
  };
  return digestOf(news);
}
