import { durationWords, type Instant } from "../time";
import { counted, type Part, plain, strong } from "../words";
import type { GroupRow } from "./views";

/** How the list opens: how much is parked, and what still grows. */
export function groupsSentence(
  groupsN: number,
  messagesN: number,
  page: readonly Pick<GroupRow, "growingPerMinute" | "busyN" | "askedN">[],
  atLeast = false,
): Part[] {
  if (groupsN === 0) return [strong("Nothing is parked.")];
  const growing = page.filter((group) => group.growingPerMinute > 0).length;
  const busy = page.reduce((n, group) => n + group.busyN, 0);
  const asked = page.reduce((n, group) => n + group.askedN, 0);
  const least = atLeast ? "at least " : "";
  const lead = strong(
    `${least === "" ? "" : "At least "}${counted(groupsN, "group")} ${groupsN === 1 ? "holds" : "hold"} ${least}${counted(messagesN, "parked message")}.`,
  );
  const rest = [
    growing > 0 ? `${growing === 1 ? "One still grows" : `${growing} still grow`}.` : "",
    // Of groups that are on another page nothing is said.
    growing === 0 && page.length === groupsN ? `${groupsN === 1 ? "It does not grow" : "None grows"} any more.` : "",
    busy > 0 ? `${counted(busy, "message")} ${busy === 1 ? "is" : "are"} being retried.` : "",
    asked > 0 ? `${counted(asked, "message")} ${asked === 1 ? "waits" : "wait"} for a second person.` : "",
  ]
    .filter(Boolean)
    .join(" ");
  return [lead, ...(rest ? [plain(` ${rest}`)] : [])];
}

type Hinted = Pick<GroupRow, "openN" | "growingPerMinute" | "consumer" | "lastAt"> & {
  triage: Pick<GroupRow["triage"], "ready">;
};

/** What to do next about a group. */
export function nextHint(group: Hinted, now: Instant): Part[] {
  if (group.openN === 0) return [strong("Nothing of this group is parked any more.")];
  if (group.growingPerMinute > 0)
    return [
      strong("Do not retry yet."),
      plain(
        ` ${group.consumer} parks ${group.growingPerMinute.toLocaleString("en-US")} a minute; a retry now would likely park them again.`,
      ),
    ];
  const quiet = durationWords(now - group.lastAt);
  if (group.triage.ready)
    return [
      strong("Ready to retry."),
      plain(` The fix is live in ${group.consumer}, and nothing failed for ${quiet}: retry one message first, then the group.`),
    ];
  return [strong(`No failure for ${quiet}.`), plain(" If the cause is fixed, retry one message first, then the group.")];
}

const closedWords: Record<string, string> = {
  by_hand: "it was resolved by hand",
  gone: "it was removed from its source",
  "parked again": "it failed again and was parked anew",
};

/** Why a message is not among the parked ones any more. */
export const closedSentence = ({ businessKey, closedAs }: { businessKey: string; closedAs: string }): string =>
  `This message of ${businessKey} is not parked any more: ${closedWords[closedAs] ?? `it was ${closedAs}`}.`;

/** Why a closed message cannot be parked again, in words; null when it can be asked for. `settles`: its source's rows can be parked again. */
export function finalWords(
  { operationId, closedAs, written }: { operationId: number | null; closedAs: string; written: boolean | null },
  settles: boolean,
): string | null {
  if (operationId === null) return "No operator closed it, so nobody here can take that back.";
  if (written === false || settles) return null;
  return closedAs === "by_hand"
    ? "Its row in the source changed or went since, so it stays as it is."
    : "Its framework has no way back from a discard.";
}
