import { z } from "zod";
import { triageStates } from "@/lib/dead-letters/triage/rules";
import { sourceChecks } from "@/lib/sources/check.rules";
import { hitKinds } from "@/lib/timeline/rules";
import { count, cursor, instant, instantOrNull, textOrNull } from "./common";

export const audit = z.strictObject({
  now: instant,
  entries: z.array(
    z.strictObject({
      id: z.int(),
      at: instant,
      actorKind: z.string(),
      operatorId: textOrNull,
      actorName: z.string(),
      action: z.string(),
      words: z.string(),
      target: z.strictObject({ kind: z.string(), id: z.string(), zones: z.array(z.string()) }),
      targetText: z.string(),
      href: textOrNull,
      zones: z.array(z.strictObject({ zoneId: z.string(), title: z.string() })),
      result: z.enum(["done", "denied", "result"]),
      reason: textOrNull,
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
  next: cursor,
  verification: z.strictObject({ at: instant, holds: z.boolean(), sentence: z.string() }).nullable(),
});
export const found = z.strictObject({
  now: instant,
  text: z.string(),
  hits: z.array(
    z.strictObject({
      kind: z.enum(hitKinds),
      id: z.string(),
      title: z.string(),
      note: z.string(),
      since: instantOrNull,
      href: z.string(),
      exact: z.boolean(),
    }),
  ),
});
export const deployMarked = z.strictObject({
  marks: z.array(
    z.strictObject({
      sourceId: z.string(),
      consumer: z.string(),
      version: z.string(),
      kind: z.enum(["deploy", "rollback"]),
      at: instant,
    }),
  ),
  repeated: z.boolean(),
});
export const recheckAsked = z.strictObject({ divergenceId: z.string(), askedAt: instant });
export const runAsked = z.strictObject({ zoneId: z.string(), rule: z.string(), repeated: z.boolean() });
export const contractRevision = z.strictObject({ revision: z.int(), yaml: z.string() });
const values = z.array(z.strictObject({ value: z.string(), n: z.int() }));
/** Each value with how many messages it has. */
export const facets = z.strictObject({
  zone: values,
  consumer: values,
  event: values,
  error: values,
  version: values,
  source: values,
});
export const savedViews = z.strictObject({
  views: z.array(
    z.strictObject({
      viewId: z.string(),
      name: z.string(),
      search: z.string(),
      shared: z.boolean(),
      pinned: z.boolean(),
      own: z.boolean(),
      by: z.string(),
    }),
  ),
});
export const viewSaved = z.strictObject({ viewId: z.string() });
export const viewRemoved = z.strictObject({ removed: z.boolean() });
/** What the messages that match are summed by, the most first; above 10,000 messages only of the first of them, where letters were asked for. */
export const grouped = z.strictObject({
  rows: z.array(z.strictObject({ value: z.string(), groupsN: z.int(), messagesN: z.int() })),
  atLeast: z.boolean(),
});
/** Where a group stands after a change, and which change of its state that is. */
export const regrouped = z.strictObject({ groupId: z.string(), routes: z.array(z.string()), moving: z.boolean() });
export const splitPreview = z.strictObject({ meantN: z.int(), ofN: z.int(), rule: z.string(), samples: z.array(z.string()) });
export const groupStep = z.strictObject({ groupId: z.string(), state: z.enum(triageStates), stateN: z.int() });
export const sourceCheck = z.strictObject({
  sourceId: z.string(),
  checkedAt: instantOrNull,
  checks: z.array(
    z.strictObject({
      check: z.enum(sourceChecks),
      state: z.enum(["ok", "warn", "fail", "unknown"]),
      sentence: z.string(),
      todo: textOrNull,
    }),
  ),
});
/** A payload that was asked for; `hideAt` is when what was revealed is to be hidden again. */
export const payload = z.strictObject({
  now: instant,
  payload: z.unknown(),
  headers: z.unknown(),
  payloadBytes: count,
  hideAt: instantOrNull,
});
