import { windowWords } from "../time";
import { counted } from "../words";
import type { MessageView } from "./views";

const DAY_MS = 86_400_000;

/** Why a part of a message is not there to be read. */
export function missingWords(
  { payloadBytes, payloadRemoved, group }: Pick<MessageView, "payloadBytes" | "payloadRemoved"> & { group: { sourceId: string } },
  part: "payload" | "headers",
): string {
  if (payloadRemoved) {
    const { keepMs } = payloadRemoved;
    const by = keepMs === null ? "the contract said so then" : `contract: ${keptWords(keepMs)}`;
    return `${part === "payload" ? "The payload is" : "Headers are"} no longer kept (${by}); what its service still has stands in ${group.sourceId}.`;
  }
  if (part === "payload" && payloadBytes > 0)
    return `The payload of ${payloadBytes.toLocaleString("en-US")} bytes is larger than Accord keeps; it lies in ${group.sourceId}.`;
  return `This message has no ${part}.`;
}

/** `30 days`, `12 h` */
export const keptWords = (ms: number): string => (ms % DAY_MS === 0 ? counted(ms / DAY_MS, "day") : windowWords(ms));

/** Whether a payload that is not here may be read in its source. */
export const isElsewhere = ({
  payload,
  payloadBytes,
  payloadRemoved,
}: Pick<MessageView, "payload" | "payloadBytes" | "payloadRemoved">): boolean =>
  payload === null && (payloadRemoved !== null || payloadBytes > 4);

const KB = 1_024;
/** `1.2 MB`, `130 kB`, `12 bytes` */
export function bytesWords(bytes: number): string {
  if (bytes < KB) return counted(bytes, "byte");
  return bytes < KB * KB ? `${Math.round(bytes / KB).toLocaleString("en-US")} kB` : `${(bytes / KB / KB).toFixed(1)} MB`;
}
