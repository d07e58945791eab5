import type { ForecastOutcome } from "@/lib/operations/forecast.rules";
import type { ItemState } from "@/lib/operations/rules";
import type { ForecastView, PreviewView } from "@/lib/operations/views";
import { counted, listed } from "@/lib/words";

/** What stands for an outcome that is only foretold: as what did end so. */
export const foretoldGlyph: Record<ForecastOutcome, ItemState> = {
  deliver: "waiting",
  handed: "waiting",
  unchecked: "uncertain",
  undone: "stale",
  stale: "stale",
  processed: "duplicate",
  held: "held",
  settled: "cancelled",
  expired: "cancelled",
  retrying: "behind",
  claimed: "behind",
  unable: "cancelled",
};

/** What is done with messages, and what that comes to. */
export function foretoldWords(
  { outcome, n, keys }: ForecastView["outcomes"][number],
  { consumers, excluded }: Pick<PreviewView, "consumers" | "excluded">,
): { what: string; note: string } {
  const one = n === 1;
  const named = keys.length === 0 ? "" : `: ${keys.slice(0, 3).join(", ")}${n > keys.length ? " …" : ""}`;
  const whys = excluded.flatMap((each) => (each.outcome === outcome ? [each.why] : []));
  const left = `Left out${whys.length === 0 ? "" : `: ${whys.join("; ")}`}`;
  switch (outcome) {
    case "deliver":
      return { what: `will be redelivered to ${listed(consumers)} only.`, note: "In order by key, each once" };
    case "handed":
      return {
        what: `will be handed to ${one ? "its" : "their"} framework.`,
        note: "Whether one is old or was processed before, its tables do not tell",
      };
    case "unchecked":
      return {
        what: "could not be looked at.",
        note: `They are redelivered all the same; what comes of them is not known${named}`,
      };
    case "undone":
      return {
        what: "will most likely change nothing: the saga of their key was undone since.",
        note: `Redelivered all the same; discarding says what is so${named}`,
      };
    case "stale":
      return {
        what: `${one ? "is" : "are"} stale: a later version was already applied.`,
        note: `${one ? "It is" : "They are"} skipped and resolved${named}`,
      };
    case "processed":
      return {
        what: `${one ? "was" : "were"} already processed.`,
        note: `Resolved as ${one ? "a duplicate" : "duplicates"}, without an effect${named}`,
      };
    case "held":
      return {
        what: `${one ? "is" : "are"} out of order.`,
        note: `Held until the version before ${one ? "it" : "them"} is applied${named}`,
      };
    case "settled":
      return {
        what: `${one ? "is" : "are"} parked no more in ${one ? "its" : "their"} source.`,
        note: "Settled since Accord last looked; nothing is sent",
      };
    case "expired":
      return { what: "expired: deleted by their source when their time was over.", note: "Nothing is sent" };
    case "retrying":
      return { what: `${one ? "is" : "are"} being redelivered already.`, note: "Nothing is sent a second time" };
    case "claimed":
      return { what: `${one ? "is" : "are"} held by another operation.`, note: left };
    case "unable":
      return { what: "cannot be acted on from here.", note: left };
  }
}

/** The messages of which an outcome was foretold, as a list. */
export const foretoldHref = (forecastId: string, outcome: ForecastOutcome): string =>
  `/dead-letters?${new URLSearchParams({ list: "messages", q: `preview:${forecastId}.${outcome}` })}`;

/** What changed from one preview to the next, a sentence each; nothing when they say the same. */
export function changedWords(before: PreviewView, now: PreviewView): string[] {
  const number = (n: number) => n.toLocaleString("en-US");
  const leftBefore = new Map(before.excluded.map(({ why, n }) => [why, n]));
  return [
    ...(before.messagesN === now.messagesN ? [] : [`${number(before.messagesN)} became ${counted(now.messagesN, "message")}.`]),
    ...now.excluded.flatMap(({ why, n }) =>
      n > (leftBefore.get(why) ?? 0) ? [`${number(n - (leftBefore.get(why) ?? 0))} more: ${why}.`] : [],
    ),
    ...(before.approvals === now.approvals ? [] : [`Further people that it needs: ${before.approvals}, now ${now.approvals}.`]),
    ...(before.refusal === null && now.refusal !== null ? [now.refusal] : []),
  ];
}
