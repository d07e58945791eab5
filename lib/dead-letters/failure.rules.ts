import { createHash } from "node:crypto";
import { nameOrShape, textMaskerOf } from "../masking";
import { decoded } from "./binary.rules";

export type Failure = { errorType: string; errorMessage: string; errorStack: string };

/**
 * A failure as its group is named after it, and as the way it fails is compared: without what its zones mask. Without a payload the frames stay,
 * since they are code, and of the type what looks like code.
 */
export function shownFailure(
  payload: unknown,
  paths: readonly string[],
  failure: Failure,
): Failure & { mask: (text: string) => string } {
  const mask = textMaskerOf(typeof payload === "string" ? decoded(payload) : payload, paths);
  const unknown = payload === null || payload === undefined;
  return {
    errorType: unknown ? (paths.length === 0 ? failure.errorType : nameOrShape(failure.errorType)) : mask(failure.errorType),
    errorMessage: mask(failure.errorMessage),
    errorStack: unknown ? failure.errorStack : mask(failure.errorStack),
    mask,
  };
}

/** Masking as it is kept beside what was named under it. */
export const maskingHash = (paths: readonly string[]): string =>
  createHash("sha256")
    .update(JSON.stringify([...new Set(paths)].sort()))
    .digest("hex")
    .slice(0, 16);
