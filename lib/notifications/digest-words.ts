import type { Digest } from "../channels/rules";
import { durationWords, type Instant } from "../time";
import { counted } from "../words";

const span = { day: "day", week: "week" } as const;
const whose = ({ owner }: Digest): string => (owner === null ? "all zones" : `the zones of ${owner}`);

/** What a digest says. */
export const digestWords = {
  title: (digest: Digest): string => `The ${span[digest.every]} of ${whose(digest)}`,
  sentence: (digest: Digest, zonesN: number, raisedN: number): string =>
    `${counted(raisedN, "alert")} ${raisedN === 1 ? "was" : "were"} raised in ${counted(zonesN, "zone")} in the last ${span[digest.every]}.`,
  broke: (all: readonly { zone: string; words: string; n: number; longestMs: number }[]): string[] =>
    all.length === 0
      ? ["Nothing."]
      : all.map(
          ({ zone, words, n, longestMs }) =>
            `${zone}: ${words}${n === 1 ? ", for" : `, ${n} times, the longest for`} ${durationWords(longestMs)}`,
        ),
  retried: ({ operationsN, itemsN }: { operationsN: number; itemsN: number }): string =>
    operationsN === 0 ? "Nothing." : `${counted(itemsN, "message")} in ${counted(operationsN, "operation")}.`,
  oldest: (oldest: { caseId: number; title: string; openedAt: Instant; openN: number } | null, now: Instant): string =>
    oldest === null
      ? "None is open."
      : `${counted(oldest.openN, "case")} ${oldest.openN === 1 ? "is" : "are"} open, the oldest for ${durationWords(now - oldest.openedAt)}: CASE-${oldest.caseId}, ${oldest.title}`,
  budget: ({ zone, left }: { zone: string; left: number | null }): string =>
    `${zone}: ${left === null ? "not known, nothing was judged" : `${Number((left * 100).toFixed(1))} %`}`,
};
