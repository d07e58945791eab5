import { durationWords } from "../time";
import { counted, listed, type Part, plain, strong } from "../words";
import type { CauseState, Reach } from "./reach.rules";

const NAMED = 4;

/** Whether the cause is at work, and by what one knows. */
export function causeWords(state: CauseState, quietMs: number, { live }: Reach): Part[] {
  if (state === "at work") return [strong("At work:"), plain(" messages come in.")];
  const quiet = `nothing came in for ${durationWords(quietMs)}`;
  if (state === "stopped")
    return [strong("Stopped,"), plain(` as far as can be told: ${quiet}, and ${live}, which is live, never failed so.`)];
  return [strong("Not known:"), plain(` ${quiet}, and no version is known to be live on which it never failed.`)];
}

/** `441 orders`, or at least so many. */
export const keysWords = ({ keysN, keysAtLeast }: Reach, keyName: string): string =>
  `${keysAtLeast ? "at least " : ""}${counted(keysN, keyName)}`;

/** What waits behind its messages: `113 held, 2 parked`. */
export function behindWords({ heldN, parkedN, behindAtLeast }: Reach): string {
  const parts = [
    heldN > 0 && `${heldN.toLocaleString("en-US")} held`,
    parkedN > 0 && `${parkedN.toLocaleString("en-US")} parked`,
  ];
  const said = listed(parts.filter((part) => part !== false));
  if (said === "") return behindAtLeast ? "nothing of the keys that were looked at" : "nothing";
  return `${behindAtLeast ? "at least " : ""}${said}, later of the same keys`;
}

/** The versions on which it never failed so. */
export function neverOnWords(neverOn: string[] | null): string {
  if (neverOn === null) return "not known: too much was closed";
  if (neverOn.length === 0) return "no version is known";
  const more = neverOn.length - NAMED;
  return `${neverOn.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
