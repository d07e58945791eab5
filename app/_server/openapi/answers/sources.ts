import { z } from "zod";
import { propagations } from "@/lib/contracts/rules";
import { flowStates } from "@/lib/sources/flows.rules";
import { count, instant, instantOrNull, textOrNull } from "./common";

const numberOrNull = z.number().nullable();

/** How messages go through a consumer or an outbox. `oldestSince` against `windowMs`, the shortest window of the contracts that it works for. */
const flow = z.strictObject({
  kind: z.enum(["consumer", "outbox", "none"]),
  name: z.string(),
  state: z.enum(flowStates),
  waitingN: count.nullable(),
  oldestSince: instantOrNull,
  windowMs: numberOrNull,
  lastAt: instantOrNull,
  perMinute: numberOrNull,
  trend: z.array(count),
  parkedN: count.nullable(),
});

const quality = z.enum(["exact", "derived", "first seen"]);

/** What a source can tell and do; null is a kind of table that it does not have, false what it does not record. */
const abilities = z.strictObject({
  outbox: z
    .strictObject({ published: z.boolean(), counted: z.boolean(), created: quality, attempts: z.boolean(), key: z.boolean() })
    .nullable(),
  inbox: z.strictObject({ processed: quality, type: z.boolean() }).nullable(),
  held: z.boolean(),
  deadLetters: z
    .strictObject({
      ...{ errorType: z.boolean(), error: z.boolean(), stack: z.boolean(), attempts: z.boolean(), key: z.boolean() },
      ...{ payload: z.boolean(), correlation: z.boolean(), occurred: quality, parked: quality, expires: z.boolean() },
      ...{ retry: z.boolean(), discard: z.boolean(), call: z.string().optional() },
    })
    .nullable(),
  sagas: z
    .strictObject({ started: quality, updated: quality, deadline: z.boolean(), steps: z.boolean(), hold: z.boolean() })
    .nullable(),
});

/** What a source shows and what it cannot, in whole sentences. */
const records = z.strictObject({
  title: z.string(),
  variant: textOrNull,
  seen: z.array(z.string()),
  unseen: z.array(z.string()),
  notes: z.array(z.string()),
  hazards: z.array(z.string()),
  beat: textOrNull,
});

const source = z.strictObject({
  sourceId: z.string(),
  service: z.string(),
  preset: z.string(),
  consumers: z.array(z.string()),
  act: z.boolean(),
  abilities: abilities.nullable(),
  records: records.nullable(),
  state: z.enum(["live", "failing", "silent", "new"]),
  observedAt: instantOrNull,
  error: z.strictObject({ message: z.string(), since: instant, nextLookAt: instantOrNull }).nullable(),
  heldBy: textOrNull,
  lookMs: numberOrNull,
  clockOffsetMs: numberOrNull,
  timesOff: z.strictObject({ ms: z.number(), at: instant }).nullable(),
  longTransactionMs: numberOrNull,
  backlog: z.boolean(),
  figures: z
    .strictObject({
      outboxPendingN: count,
      oldestPendingSince: instantOrNull,
      parkedN: count,
      heldN: count,
      sagasRunningN: count,
      deliveriesOpenN: count,
      duplicatesDropped24h: count,
      semanticDuplicates24h: count,
    })
    .nullable(),
  flows: z.array(flow),
  oddRowsN: count,
  foreign: z.array(z.strictObject({ consumer: z.string(), ownerId: textOrNull })),
  versions: z.array(z.strictObject({ consumer: z.string(), version: z.string(), since: instant })),
  notCompared: z.array(z.strictObject({ zoneId: z.string(), rule: z.string(), problem: z.string(), since: instant })),
  rereadAt: instantOrNull,
  rereadWhy: textOrNull,
  setUp: z.strictObject({ checkedAt: instant, failN: count, warnN: count, unknownN: count }).nullable(),
});

export const list = z.strictObject({
  now: instant,
  sources: z.array(source),
  configuration: z.strictObject({
    ok: z.boolean(),
    at: instantOrNull,
    problems: z.array(
      z.strictObject({
        workerId: z.string(),
        file: z.string(),
        line: z.int(),
        column: z.int(),
        message: z.string(),
        severity: z.enum(["error", "warning"]),
      }),
    ),
    hiddenN: count,
  }),
  workers: z.array(z.strictObject({ workerId: z.string(), heartbeatAt: instant })),
});

/** `n` of the last two hours; `consumer` '' where the source publishes the event. */
const event = z.strictObject({
  zoneId: z.string(),
  zoneTitle: z.string(),
  eventType: z.string(),
  means: textOrNull,
  propagation: z.enum(propagations),
  consumer: z.string(),
  others: z.array(z.string()),
  n: count.nullable(),
  lastAt: instantOrNull,
});

export const one = z.strictObject({
  now: instant,
  source,
  publishes: z.array(event),
  consumes: z.array(event),
  failing: z.array(
    z.strictObject({
      groupId: z.string(),
      consumer: z.string(),
      eventType: z.string(),
      errorType: z.string(),
      template: z.string(),
      openN: count,
      lastAt: instant,
    }),
  ),
  deploys: z.array(
    z.strictObject({ consumer: z.string(), version: z.string(), at: instant, kind: z.enum(["deploy", "rollback"]) }),
  ),
});
