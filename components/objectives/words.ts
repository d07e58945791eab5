import { countText, percentText } from "@/components/ui/format";
import type { Tone } from "@/components/ui/tone";
import type { BurnView, DayView, ObjectiveRow } from "@/lib/objectives/views";
import { budgetWords, nothingJudged, targetWords } from "@/lib/objectives/words";
import { days, hours, windowWords } from "@/lib/time";

/** How loud a budget is: used up, or less than a quarter of it left. */
export const budgetTone = (left: number): Tone => (left <= 0 ? "breach" : left < 0.25 ? "risk" : "none");

/** `99.912 %`; a share of nothing is none. */
export const shareText = (share: number | null): string => (share === null ? "no figure" : percentText(share, 3));

/** What a figure is made of, where that is not deliveries. */
export const basisNote = ({ basis }: Pick<ObjectiveRow, "basis">): string | null =>
  basis === "comparison" ? "from reconciliation" : null;

/** The whole figure in a line, for who hovers or listens. */
export function figureTitle(row: ObjectiveRow): string {
  const { converged, target, budgetLeft, keptN, missedN, periodMs, basis } = row;
  const period = `over ${windowWords(periodMs)}`;
  if (converged === null) return `${nothingJudged[basis]} ${period}: no figure`;
  const of = `${countText(keptN)} of ${countText(keptN + missedN)} ${basis === "delivery" ? "deliveries converged within the window" : "compared rows agreed"} ${period}`;
  if (target === null || budgetLeft === null) return `${of}; no share is promised`;
  return `${of}; ${targetWords(target)} are promised, error budget ${budgetWords(budgetLeft)}`;
}

/** `5 min`, `1 h`, `3 d`: the span of a burn. */
export const spanText = (ms: number): string =>
  ms % days(1) === 0 ? `${ms / days(1)} d` : ms % hours(1) === 0 ? `${ms / hours(1)} h` : windowWords(ms);

/** `14.4x`; a span in which nothing was judged has no rate. */
export const burnText = ({ burn }: Pick<BurnView, "burn">): string =>
  burn === null ? "–" : burn >= 1_000 ? "over 1,000x" : `${burn < 10 ? burn.toFixed(1) : Math.round(burn)}x`;

/** Burns that empty the budget of 30 days in two days or sooner page somebody by default, those above the even rate are noted. */
export const burnTone = (burn: number | null): Tone => (burn === null || burn <= 1 ? "none" : burn >= 14.4 ? "breach" : "risk");

export type DayLook = { height: number; className: string; word: string };

/** How a day looks: its height repeats what its colour says. */
export function dayLook({ keptN, missedN }: Pick<DayView, "keptN" | "missedN">, target: number | null): DayLook {
  const share = keptN / (keptN + missedN);
  if (missedN === 0) return { height: 5, className: "v-ok", word: "all kept" };
  if (target === null || share >= target) return { height: 10, className: "v-conv", word: "kept, with misses" };
  return { height: 20, className: "v-breach", word: "not kept" };
}
