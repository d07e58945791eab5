import type { SourceRow, SourcesView } from "@/lib/sources/views";
import { counted, listed, type Part, plain, strong } from "@/lib/words";
import type { Verdict } from "@/lib/zones/rules";

/** A source has no verdict of its own; it borrows the silhouettes. */
export const stateLook: Record<SourceRow["state"], { verdict: Verdict; word: string }> = {
  live: { verdict: "healthy", word: "Live" },
  failing: { verdict: "at_risk", word: "Failing" },
  silent: { verdict: "unknown", word: "Silent" },
  new: { verdict: "unknown", word: "Not seen yet" },
};

/** Which sources are seen, and which are not. */
export function sourcesSentence(view: SourcesView): Part[] {
  const down = view.sources.filter((source) => source.state !== "live");
  if (down.length === 0)
    return [strong(`All ${counted(view.sources.length, "source")} ${view.sources.length === 1 ? "is" : "are"} seen.`)];
  const named = listed(down.slice(0, 3).map((source) => source.service));
  const more = down.length > 3 ? ` and ${down.length - 3} more` : "";
  return [
    strong(`${counted(down.length, "source")} of ${view.sources.length} ${down.length === 1 ? "is" : "are"} not seen:`),
    plain(` ${named}${more}. What only they know is unknown, not healthy.`),
  ];
}

/** Every transaction is open for a moment; above this one holds the observer up. */
export const longTransactionMsShown = 10_000;

/** Clocks further apart than this are shown. */
export const clockOffsetMsShown = 1_000;
