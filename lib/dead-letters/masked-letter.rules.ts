import { mapTexts, maskerOf, withinDepth } from "../masking";
import type { Instant } from "../time";
import { type Binary, binaryOf, decoded, rootText } from "./binary.rules";
import { maskingHash } from "./failure.rules";

type Body = {
  payload: string | null;
  payloadBytes: number;
  payloadRemovedAt: Instant | null;
  payloadRemovedUnder: string | null;
};

/** What masks everything that is shown of one letter, and by which paths; `masked` is what the contracts of its zones say. */
export function maskOf(body: Body, masked: readonly string[]): { paths: readonly string[]; mask: ReturnType<typeof maskerOf> } {
  const removed = body.payloadRemovedAt !== null;
  // Texts were masked when their payload was taken out; under the same masking they may be read as they were left.
  const paths = removed && body.payloadRemovedUnder === maskingHash([...masked]) ? [] : masked;
  // JSON's own null holds no secret; any longer payload that is missing was too large to keep.
  const payload = body.payload === null && body.payloadBytes <= 4 && !removed ? "null" : body.payload;
  const mask = maskerOf(payload === null ? null : decoded(payload), paths);
  // Bytes that say no text hold no path: what they are is told, and nothing of them.
  const bytes = payload === null || paths.length === 0 ? null : bytesAt(payload);
  return { paths, mask: bytes === null ? mask : { ...mask, payload: bytes } };
}

function bytesAt(payload: string): Binary | null {
  const root = rootText(payload);
  return root === null ? null : binaryOf(root, { root: true, masked: true });
}

/** What is sent to be shown: without what is nested too deep, and with bytes as what they are. */
export const shownValue = (value: unknown, masked: boolean): unknown =>
  withinDepth(mapTexts(value, (text, root) => binaryOf(text, { root, masked })));
