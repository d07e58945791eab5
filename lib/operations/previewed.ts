import { Refusal } from "../refusal";
import { type Instant, minutes } from "../time";
import { counted } from "../words";
import type { Previewed } from "./input";
import type { OperationKind } from "./rules";

/** A preview that is older says nothing of what would happen now. */
export const PREVIEW_MS_MAX = minutes(2);

/** Refuses what was decided on an old preview. */
export function refuseOld({ previewed = null }: { previewed?: Previewed | null }, now: Instant): void {
  if (previewed !== null && now - previewed.at > PREVIEW_MS_MAX)
    throw new Refusal("conflict", "The preview is older than 2 minutes: look at a new one first.");
}

const doneWords: Record<OperationKind, string> = {
  retry: "retried",
  discard: "discarded",
  resolve: "resolved by hand",
  take_back: "taken back",
};

/** Refuses what has come to another number than its preview said; nothing is kept of it. */
export function refuseOther(
  { previewed = null }: { previewed?: Previewed | null },
  kind: OperationKind,
  messagesN: number,
): void {
  if (previewed === null || previewed.messagesN === messagesN) return;
  throw new Refusal(
    "conflict",
    `It is another number by now: the preview said ${counted(previewed.messagesN, "message")}, and ${messagesN.toLocaleString("en-US")} can be ${doneWords[kind]}.`,
    { messagesN },
  );
}
