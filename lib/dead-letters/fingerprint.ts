import { createHash } from "node:crypto";

/** Bump when the algorithm changes: old groups stay as they are, new dead letters form new ones. */
export const FINGERPRINT_VERSION = 1;

// Parsing is bounded by length, not by a clock: what is longer differs, if at all, after the part that tells failures apart.
const MESSAGE_MAX = 1_000;
const FRAMES_MAX = 60;

/** The message with its literals replaced, in a fixed order: uuids, times, addresses, e-mails, paths, quoted values, keys, hex, numbers. */
export function templateOf(message: string): string {
  return message
    .slice(0, MESSAGE_MAX)
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<uuid>")
    .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, "<time>")
    .replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/gi, "<url>")
    .replace(/\b[\w.+-]{1,64}@[\w-]{1,64}(\.[\w-]{1,64})+\b/g, "<email>")
    .replace(/(^|[\s("'=:])(\/[\w.@-]+){2,}/g, "$1<path>")
    .replace(/\b[A-Z]{2,6}-\d+\b/g, "<key>")
    .replace(/\b(0x)?[0-9a-f]{12,}\b/gi, "<hex>")
    .replace(/\b\d+([.,]\d+)*/g, "<n>")
    .replace(/\s+/g, " ")
    .trim();
}

/** Frames of a stack, without the message that stands before them. Understands V8, the JVM, .NET, Python and Go well enough to tell code apart. */
export function framesOf(stack: string): string[] {
  return stack
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(at\s|File\s")|^[\w./*()-]+\.go:\d+/.test(line))
    .slice(0, FRAMES_MAX);
}

const FRAMEWORK =
  /node_modules|node:internal|\(node:|^at (java|javax|jdk|sun|org\.springframework|org\.hibernate|io\.netty|System|Microsoft|kotlin|scala)\.|site-packages|\/runtime\/|<anonymous>|\bdemo\/kit\/|\/kit\//;

/** Whether a frame belongs to the service's own code. */
export const isOwnFrame = (frame: string): boolean => !FRAMEWORK.test(frame);

/** The first frame of the service's own code, without line numbers and build paths; null when the stack has none. */
export function topOwnFrame(stack: string): string | null {
  const frame = framesOf(stack).find(isOwnFrame);
  if (frame === undefined) return null;
  return frame
    .replace(/^at\s+(async\s+)?/, "")
    .replace(/\s*\(.*$/, "")
    .replace(/(file:\/\/)?\/\S*\//g, "")
    .replace(/:\d+(:\d+)?\)?$/, "")
    .slice(0, 200);
}

/** Which group a dead letter belongs to: error type + normalised message + top own frame + consumer + event type, within its source. */
export function fingerprintOf(failure: {
  sourceId: string;
  consumer: string;
  eventType: string;
  errorType: string;
  errorMessage: string;
  errorStack: string;
}): {
  fingerprint: string;
  template: string;
  frame: string | null;
} {
  const template = templateOf(failure.errorMessage);
  const frame = topOwnFrame(failure.errorStack);
  const parts = [
    FINGERPRINT_VERSION,
    failure.sourceId,
    failure.consumer,
    failure.eventType,
    failure.errorType,
    template,
    frame ?? "",
  ];
  return { fingerprint: createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32), template, frame };
}
