import { defaultRange } from "@/components/charts/range";
import { verdictWord } from "@/components/ui/tone";
import { type Instant, windowWords } from "@/lib/time";
import type { Verdict } from "@/lib/verdicts/rules";
import { capitalized } from "@/lib/words";
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
  name === "eventual" ? "Eventual within window" : capitalized(classWords[name] ?? name);

export type Shown = { verdict: Verdict; was: boolean; word: string };

/** What a row shows, and its word: when nothing is fresh any more, the last verdict with "was"; when only its source is silent, no data. */
export function shownVerdict(zone: ZoneRow, frozen: boolean): Shown {
  if (!frozen) return { verdict: zone.verdict, was: false, word: wordOf(zone) };
  const last = zone.verdict === "unknown" ? zone.was : zone.verdict;
  return last === null || last === "unknown"
    ? { verdict: "unknown", was: false, word: verdictWord.unknown }
    : { verdict: last, was: true, word: `Was ${verdictWord[last].toLowerCase()}` };
}

/** What is unknown and seen has data, and yet nobody vouches for it. */
const wordOf = ({ verdict, silent }: ZoneRow): string =>
  verdict === "unknown" && !silent ? "Not vouched for" : verdictWord[verdict];

/** The range that a zone's charts open with: one that shows what is wrong with it from its beginning. */
export const usualRange = ({ verdict, verdictSince, oldest }: ZoneRow, now: Instant): string =>
  defaultRange(
    { since: verdictSince, oldest: oldest?.since ?? null, troubled: verdict === "breached" || verdict === "at_risk" },
    now,
  );
