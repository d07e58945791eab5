import { z } from "zod";
import { unresolvedReasons } from "@/lib/facts/rules";
import { count, cursor, instant, textOrNull } from "./common";

const countOrNull = count.nullable();
const steps = z.array(z.number().nullable());
const lag = z.strictObject({ p50: steps, p95: steps, p99: steps });
const marks = z.array(
  z.strictObject({
    at: instant,
    kind: z.enum(["deploy", "rollback", "operator"]),
    label: z.string(),
    href: z.string().optional(),
  }),
);
/** One value a step, the first at `from`; null where nothing was measured. */
export const charts = z.strictObject({
  from: instant,
  to: instant,
  stepMs: z.number(),
  windowMs: z.number(),
  processing: lag,
  publish: lag,
  oldestMs: steps,
  parkedN: steps,
  divergences: z.strictObject({ missing: steps, unexpected: steps, mismatch: steps, duplicate: steps }),
  compensations: z.strictObject({ from: instant, ok: z.array(count), failed: z.array(count) }),
  compensationStepMs: z.number(),
  marks,
});
/** A line a consumer, and one for the outbox; null where nothing was measured. */
export const sourceLag = z.strictObject({
  from: instant,
  to: instant,
  stepMs: z.number(),
  windowMs: z.number().nullable(),
  lines: z.array(
    z.strictObject({
      kind: z.enum(["consumer", "outbox"]),
      name: z.string(),
      points: z.array(z.strictObject({ at: instant, p95: z.number().nullable() })),
    }),
  ),
  moreN: count,
  marks,
});
/** A value a step in every list. */
export const trends = z.strictObject({
  from: instant,
  to: instant,
  stepMs: z.number(),
  zones: z.array(
    z.strictObject({
      zoneId: z.string(),
      title: z.string(),
      windowMs: z.number(),
      lagMsP95: z.array(z.number().nullable()),
      oldestMs: z.array(z.number().nullable()),
      compensationsOk: z.array(count),
      compensationsFailed: z.array(count),
    }),
  ),
  moreN: count,
});
export const keys = z.strictObject({
  now: instant,
  title: z.string(),
  keyName: z.string(),
  windowMs: z.number(),
  revision: z.int(),
  keysN: countOrNull,
  parkedN: countOrNull,
  keys: z.array(
    z.strictObject({
      key: z.string(),
      since: instant,
      factsN: count,
      facts: z.array(
        z.strictObject({ reason: z.enum(unresolvedReasons), service: z.string(), eventType: z.string(), since: instant }),
      ),
    }),
  ),
  after: cursor,
});
/** What every list tells of a message. */
const messageFields = {
  id: z.string(),
  businessKey: textOrNull,
  version: z.number().nullable(),
  messageId: z.string(),
  occurredAt: instant.nullable(),
  parkedAt: instant,
  consumerVersion: textOrNull,
  operationId: textOrNull,
  /** A time of the row made no sense, so that its age counts from when it was first seen. */
  flagged: z.boolean(),
};
/** A page of letters, open or closed; how many match is told with the first page, exactly or as `atLeast`. */
export const letters = z.strictObject({
  now: instant,
  letters: z.array(
    z.strictObject({
      ...messageFields,
      attempts: count.nullable(),
      groupId: z.string(),
      errorType: z.string(),
      consumer: z.string(),
      eventType: z.string(),
      state: z.string(),
      closedAt: instant.nullable(),
      code: textOrNull,
    }),
  ),
  lettersN: count.nullable(),
  atLeast: z.boolean(),
  after: cursor,
});
/** A page of a group's messages. */
export const messages = z.strictObject({
  now: instant,
  messages: z.array(
    z.strictObject({
      ...messageFields,
      attempts: z.int(),
      state: z.enum(["parked", "redelivering"]),
    }),
  ),
  after: cursor,
});
