import { defaultRange } from "@/components/charts/range";
import { type Instant, windowWords } from "@/lib/time";
import type { Verdict } from "@/lib/verdicts/rules";
import type { ZoneRow } from "@/lib/zones/views";

const classWords: Record<string, string> = {
  strong: "strong",
  "near-real-time": "near real time",
  eventual: "eventual",
  "reconciliation-only": "reconcile only",
};

/** `eventual, 5 min` */
export const promiseWords = (zone: Pick<ZoneRow, "class" | "windowMs">): string =>
  `${classWords[zone.class] ?? zone.class}, ${windowWords(zone.windowMs)}`;

/** `Eventual within window`, for the contract panel. */
export const classTitle = (name: string): string =>
  name === "eventual" ? "Eventual within window" : (classWords[name] ?? name).replace(/^./, (letter) => letter.toUpperCase());

/** What a row shows: when nothing is fresh any more, the last verdict with "was"; when only its source is silent, no data. */
export function shownVerdict(zone: ZoneRow, frozen: boolean): { verdict: Verdict; was: boolean } {
  if (!frozen) return { verdict: zone.verdict, was: false };
  const last = zone.verdict === "unknown" ? zone.was : zone.verdict;
  return last === null || last === "unknown" ? { verdict: "unknown", was: false } : { verdict: last, was: true };
}

/** The range that a zone's charts open with: one that shows what is wrong with it from its beginning. */
export const usualRange = ({ verdict, verdictSince, oldest }: ZoneRow, now: Instant): string =>
  defaultRange(
    { since: verdictSince, oldest: oldest?.since ?? null, troubled: verdict === "breached" || verdict === "at_risk" },
    now,
  );
