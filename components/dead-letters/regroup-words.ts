import { regroupLimits } from "@/lib/dead-letters/regrouping/rules";
import type { GroupRow } from "@/lib/dead-letters/views";
import { counted } from "@/lib/words";

/** By what messages are split off; of a payload there are a path and a value. */
export const splitKinds = { says: "What it says", version: "Version", businessKey: "Key", payload: "Payload" } as const;
export type SplitKind = keyof typeof splitKinds;
export type SplitText = { kind: SplitKind; text: string; value: string };

export const splitHint: Record<SplitKind, { label: string; note: string }> = {
  says: { label: "Part of the error message", note: "as it is shown, upper and lower case alike" },
  version: { label: "Version of the consumer", note: "exactly" },
  businessKey: { label: "Keys that begin with", note: "a prefix" },
  payload: { label: "Path", note: "such as payload.customer.id" },
};

export type SplitAsked = Partial<Record<"says" | "version" | "businessKey" | "path" | "value", string>>;

/** The rule as it is asked for; null while something of it is missing. */
export function splitAsked({ kind, text, value }: SplitText): SplitAsked | null {
  const [first, second] = [text.trim(), value.trim()];
  if (first === "" || first.length > regroupLimits.textMost) return null;
  if (kind !== "payload") return { [kind]: first };
  return second === "" ? null : { path: first, value: second };
}

/** `12 of 340 parked messages: those of version 2.40.1` */
export const meantWords = ({ meantN, ofN, rule }: { meantN: number; ofN: number; rule: string }): string =>
  `${meantN.toLocaleString("en-US")} of ${counted(ofN, "parked message")}: those ${rule}`;

/** Why what a rule means cannot be split off; null when it can. */
export function splitWrong({ meantN, ofN }: { meantN: number; ofN: number }): string | null {
  if (meantN === 0) return "No message that is parked is meant.";
  return meantN === ofN ? "All messages are meant: nothing would be left." : null;
}

/** The group that others are merged into unless somebody says otherwise: one that has others already, else the largest. */
export const leadOf = (groups: readonly GroupRow[]): GroupRow =>
  groups.toSorted((a, b) => b.regrouped.mergedN - a.regrouped.mergedN || b.openN - a.openN)[0]!;

/** Why groups cannot be merged, as far as a list can tell; null when they can. */
export function notMerged(groups: readonly GroupRow[]): string | null {
  if (groups.length < 2) return "Choose two groups or more.";
  if (groups.length > regroupLimits.groupsMost) return `Choose at most ${regroupLimits.groupsMost} groups.`;
  const [first] = groups;
  const one = groups.every(
    ({ sourceId, consumer, eventType }) =>
      sourceId === first!.sourceId && consumer === first!.consumer && eventType === first!.eventType,
  );
  return one ? null : "Only groups of one consumer and one event are merged.";
}
