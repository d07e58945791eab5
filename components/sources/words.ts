import type { Tone } from "@/components/ui/tone";
import type { CheckState, SourceCheckName, SourceRow, SourcesView } from "@/lib/sources/views";
import type { Verdict } from "@/lib/verdicts/rules";
import { counted, listed, type Part, plain, strong } from "@/lib/words";

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

/** How a check ended, by colour and in a word. */
export const checkLook: Record<CheckState, { tone: Tone; word: string }> = {
  ok: { tone: "ok", word: "In order" },
  warn: { tone: "risk", word: "Worth knowing" },
  fail: { tone: "breach", word: "Stops Accord" },
  unknown: { tone: "none", word: "Not known" },
};

export const checkTitle: Record<SourceCheckName, string> = {
  observer: "Observer",
  actor: "Actor",
  version: "Version",
  standby: "Standby",
  pooler: "Pooler",
  tls: "TLS",
  clock: "Clock",
  encoding: "Encoding",
  settings: "Settings",
  observer_rights: "Rights of the observer",
  actor_rights: "Rights of the actor",
  row_security: "Row-level security",
  indexes: "Indexes",
  compared: "Compared tables",
  capture: "Change data capture",
  poll: "Cost of a look",
};

/** The set-up of a source in a few words: what could not be asked is never in order. */
export function setUpWords(setUp: SourceRow["setUp"]): { tone: Tone | null; text: string } {
  if (setUp === null) return { tone: null, text: "not checked yet" };
  const { failN, warnN, unknownN } = setUp;
  const also = unknownN > 0 ? `, ${unknownN} could not be asked` : "";
  if (failN > 0) return { tone: "breach", text: `${counted(failN, "thing")} to mend${also}` };
  if (warnN > 0) return { tone: "risk", text: `${counted(warnN, "thing")} worth knowing${also}` };
  return unknownN > 0
    ? { tone: null, text: `${counted(unknownN, "check")} could not be asked` }
    : { tone: null, text: "in order" };
}

/** What stands in a source under somebody else's consumer, in a sentence for that source. */
export function foreignWords({ consumer, ownerId }: SourceRow["foreign"][number]): string {
  const owner = ownerId === null ? "another source" : `source ${ownerId}`;
  return `messages are parked or held here under consumer ${consumer}, which belongs to ${owner}: they are not taken. Name the consumer under this source, or have its rows moved`;
}
