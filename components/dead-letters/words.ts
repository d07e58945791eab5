import type { WhyNot } from "@/components/ui/why-not";
import { isOfMessages, parseQuery } from "@/lib/dead-letters/query.rules";
import type { GroupRow } from "@/lib/dead-letters/views";
import { limits } from "@/lib/operations/rules";
import type { PreviewView } from "@/lib/operations/views";
import { counted } from "@/lib/words";

export type Act = "retry" | "discard";

/** What can be asked for from a message or a group: an act, or one with another payload. */
export type Wish = Act | "edit";

/** What is acted on: whole groups as they are when confirmed, single messages, or what queries mean, of some groups or of all. */
export type Selection = { groups: string[]; queries?: string[] } | { messages: string[] } | { queries: string[] };

/** The messages of chosen groups that a list shows: all of them, unless its filter asks about messages. */
export const selectionOf = (groups: string[], queries: string[]): Selection =>
  queries.map(parseQuery).some(({ conditions }) => conditions.some(isOfMessages)) ? { groups, queries } : { groups };

/** What the reason of a retry is asked for: it needs that something changed. */
export const reasonAsked = {
  least: limits.reasonLengthMin,
  short: "Say what changed since the messages failed.",
  placeholder: "What changed since they failed?",
};

/** Why who looks may not act on these groups; null when they may. */
export function blockedFor(whyNot: WhyNot, act: Wish | "resolve", groups: Pick<GroupRow, "zones">[]): string | null {
  for (const { zones } of groups) {
    const reason = whyNot(
      `dead_letter.${act}`,
      zones.map((zone) => zone.zoneId),
    );
    if (reason !== null) return reason;
  }
  return null;
}

/** A phone is for one message at a time: to see what many would do takes a larger screen. */
export const phoneBlock = (phone: boolean): string | null =>
  phone ? "Not from a phone: here single messages can be retried. Act on many from a larger screen." : null;

/** `2.41.0 only`, or the versions there are. */
export function versionWords(versions: GroupRow["versions"]): string | null {
  if (versions.length === 0) return null;
  if (versions.length === 1) return `${versions[0]!.version} only`;
  const named = versions.slice(0, 2).map((each) => each.version);
  return versions.length > 2 ? `${named.join(", ")} and ${versions.length - 2} more` : named.join(", ");
}

/** `Retry 448 parked messages` */
export const previewTitle = (preview: PreviewView): string => `Retry ${counted(preview.messagesN, "parked message")}`;

/** What somebody may retry without a second person, and what is left of it. */
export const aloneWords = (most: number, left: number): string =>
  left === most
    ? `Up to ${counted(most, "message")} within an hour may be retried without a second person.`
    : `Up to ${counted(most, "message")} within an hour may be retried without a second person; of yours ${left === 0 ? "none is" : left === 1 ? "1 is" : `${left.toLocaleString("en-US")} are`} left.`;
