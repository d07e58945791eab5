import { createHash } from "node:crypto";
import { chainOf } from "./causes.rules";
import { remembered } from "./remembered.rules";
import { topOwnFrame } from "./stack.rules";
import { templateOf } from "./template.rules";

/** Bump when the algorithm changes: old groups stay as they are and say so, new dead letters form new ones. */
export const FINGERPRINT_VERSION = 2;

/** A failure as a consumer reported it. */
export type Failure = {
  sourceId: string;
  consumer: string;
  eventType: string;
  errorType: string;
  errorMessage: string;
  errorStack: string;
};

/** What a failure is grouped by; `cause` is the innermost cause in words, `frame` the first own call of it, or of the failure where it has none. */
export type Fingerprint = {
  fingerprintVersion: number;
  fingerprint: string;
  template: string;
  frame: string | null;
  cause: string | null;
};

/** Where a letter stands, and what its group is called: of a failure without what these zones mask. */
export type Name = Fingerprint & { zones: string[]; namedUnder: string; errorType: string };

// A page of letters has few names.
const digestOf = remembered((text) => createHash("sha256").update(text).digest("hex").slice(0, 32));
const knownTemplate = remembered(templateOf);
const knownStack = remembered((stack) => {
  const { outer, inner } = chainOf(stack);
  return { inner, frame: topOwnFrame(outer), innerFrame: inner && topOwnFrame(inner.stack) };
});

/**
 * Which group a dead letter belongs to, within its source: consumer, event type, error type, normalised message, first own frame, and the same
 * three of the innermost cause. `mask` is applied to what the cause said: its words become part of the group's name.
 */
export function fingerprintOf(failure: Failure, mask: (text: string) => string = (text) => text): Fingerprint {
  const template = knownTemplate(failure.errorMessage);
  const { inner, frame, innerFrame } = knownStack(failure.errorStack);
  const cause = inner && { type: inner.type, template: knownTemplate(mask(inner.message)), frame: innerFrame };
  const parts = [
    FINGERPRINT_VERSION,
    failure.sourceId,
    failure.consumer,
    failure.eventType,
    failure.errorType,
    template,
    frame ?? "",
    cause,
  ];
  return {
    fingerprintVersion: FINGERPRINT_VERSION,
    fingerprint: digestOf(JSON.stringify(parts)),
    template,
    frame: cause?.frame ?? frame,
    cause: cause && [cause.type, cause.template].filter(Boolean).join(": ").slice(0, 500),
  };
}
