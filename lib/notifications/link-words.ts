import { takenBefore } from "../alerts/words";
import type { AcknowledgeWay } from "../channels/rules";
import { durationWords, type Instant } from "../time";
import type { LinkUse } from "./links.rules";

/** What is said of links in messages. */
export const linkWords = {
  unknown: "This link is not one of this Accord’s, or a part of it is missing. Open it from the message once more.",
  gone: "The message that this link came with is not kept any more.",
  signIn: "This channel’s links ask who you are: sign in to acknowledge.",
  ended: (ago: string): string => `This link ended ${ago} ago.`,
  holder: (channel: string): string => `Link told to ${channel}`,
};

/** Why a link does not acknowledge any more; null while it does. What became of the alert is said first: it is what whoever comes late must know. */
export function linkBlock(told: LinkUse & { way: AcknowledgeWay }, until: Instant): string | null {
  const { state, usedAt, nowMs, way } = told;
  if (state !== "raised") return `${usedAt === null ? "" : "This link was used. "}${takenBefore(told, nowMs)}`;
  if (usedAt !== null) return `This link was used ${durationWords(nowMs - usedAt)} ago.`;
  if (nowMs >= until) return `${linkWords.ended(durationWords(nowMs - until))} Sign in and acknowledge on the alert’s page.`;
  return way === "off" ? "This channel’s links do not acknowledge any more. Sign in and do it on the alert’s page." : null;
}
