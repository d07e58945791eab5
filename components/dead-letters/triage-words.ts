import { triageLimits } from "@/lib/dead-letters/triage/rules";
import type { GroupRow } from "@/lib/dead-letters/views";
import { days, hours } from "@/lib/time";
import { counted } from "@/lib/words";

/** What a group can be said to be by a dialog that asks for more. */
export type Asking = "waiting" | "muted" | "resolved";

/** How long a group is muted: an hour, half a shift, a day, a week; or until it is worse. */
export const muteSpans = { "1 h": hours(1), "4 h": hours(4), "24 h": hours(24), "7 days": days(7) } as const;
export type MuteSpan = keyof typeof muteSpans | "worse";

export const askingWords: Record<Asking, { title: string; submit: string; busy: string; undone: string }> = {
  waiting: { title: "Wait for a fix", submit: "Wait for it", busy: "Saving", undone: "Nothing was changed." },
  muted: { title: "Mute the group", submit: "Mute", busy: "Muting", undone: "It is not muted." },
  resolved: { title: "Resolve the group", submit: "Resolve", busy: "Resolving", undone: "It is not resolved." },
};

/** Why a group cannot be called resolved now; null when it can. */
export const notResolved = ({ openN, triage }: Pick<GroupRow, "openN" | "triage">): string | null =>
  triage.state === "resolved"
    ? "It is resolved."
    : openN > 0
      ? `${counted(openN, "message")} ${openN === 1 ? "is" : "are"} still parked: retry or discard ${openN === 1 ? "it" : "them"} first, or mute the group.`
      : null;

/** What is wrong with the answers of a dialog; null when nothing is. */
export function askedWrong(asking: Asking, { version, above, reason, span }: Answers): string | null {
  if (asking === "waiting") return version.trim() === "" ? "Name the version that should bring the fix." : null;
  if (asking === "resolved") return reason.trim().length < triageLimits.reasonLeast ? "Say what ended it, in a few words." : null;
  if (above.trim() === "") return span === "worse" ? "Say above how many messages a minute it speaks up." : null;
  return /^[1-9]\d{0,4}$/.test(above.trim()) ? null : "Write a whole number of messages a minute.";
}

export type Answers = { version: string; span: MuteSpan; above: string; reason: string };

/** `You took 3 groups. 1 group was left: Omar has this group.` */
export function takenWords({ takenN, refused }: { takenN: number; refused: string[] }): string {
  const taken = takenN === 0 ? "" : `You took ${counted(takenN, "group")}.`;
  const left =
    refused.length === 0
      ? ""
      : `${counted(refused.length, "group")} ${refused.length === 1 ? "was" : "were"} left: ${refused[0]}`;
  return [taken, left].filter(Boolean).join(" ");
}
