import { z } from "zod";
import { forecastOutcomes } from "@/lib/operations/forecast.rules";
import { canaryEnds } from "@/lib/operations/plan.rules";
import { readinessQuestions } from "@/lib/operations/readiness.rules";
import { operationKinds, operationStates, outcomes } from "@/lib/operations/rules";
import { proofStates } from "@/lib/proofs/rules";
import { count, cursor, instant, instantOrNull, sentence, textOrNull, zoneTag } from "./common";
import { approval } from "./decisions";

const itemState = z.enum([...outcomes, "waiting", "uncertain"]);
const operation = z.strictObject({
  operationId: z.string(),
  kind: z.enum(operationKinds),
  state: z.enum(operationStates),
  title: z.string(),
  reason: z.string(),
  ticket: textOrNull,
  requestedBy: z.string(),
  requestedAt: instant,
  endedAt: instantOrNull,
  counts: z.strictObject({
    succeeded: count,
    failed_again: count,
    duplicate: count,
    stale: count,
    held: count,
    discarded: count,
    by_hand: count,
    taken_back: count,
    cancelled: count,
    behind: count,
    waiting: count,
    uncertain: count,
    total: count,
  }),
  gate: z.enum(["scheduled", "undo", "canary", "watch", "ask", "rest"]).nullable(),
  stopReason: textOrNull,
  zones: z.array(zoneTag),
});
const item = z.strictObject({
  item: z.int(),
  businessKey: textOrNull,
  messageId: z.string(),
  consumer: z.string(),
  state: itemState,
  detail: textOrNull,
  failedInto: textOrNull,
  sentAt: instantOrNull,
  finishedAt: instantOrNull,
});
export const operations = z.strictObject({ now: instant, operations: z.array(operation), after: cursor });
export const items = z.strictObject({ now: instant, items: z.array(item), after: cursor });
const proofCounts = z.strictObject({
  proven: count,
  checking: count,
  waits: count,
  diverging: count,
  uncovered: count,
  undelivered: count,
  total: count,
});
export const proof = z.strictObject({
  now: instant,
  sentence,
  counts: proofCounts,
  compared: z.array(z.string()),
  grid: textOrNull,
  rows: z.array(
    z.strictObject({
      zoneId: z.string(),
      zone: textOrNull,
      businessKey: z.string(),
      state: z.enum(proofStates),
      why: sentence,
      deliveredAt: instant,
      checkedAt: instantOrNull,
    }),
  ),
  after: cursor,
});
export const oneOperation = z.strictObject({
  now: instant,
  operation,
  sentence,
  keyName: z.string(),
  proof: proofCounts.nullable(),
  effect: z.strictObject({
    begunAt: instantOrNull,
    from: instant,
    to: instant,
    stepMs: z.int(),
    over: z.boolean(),
    kept: z.boolean(),
    zones: z.array(
      zoneTag.extend({
        keyName: z.string(),
        points: z.array(count.nullable()),
        before: z.strictObject({ keysN: count, oldestMs: z.int().nullable() }).nullable(),
        last: z.strictObject({ at: instant, keysN: count, oldestMs: z.int().nullable() }).nullable(),
      }),
    ),
  }),
  consumers: z.array(z.string()),
  keysN: count,
  grid: textOrNull,
  offTrack: z.array(item),
  record: z.strictObject({
    who: z.string(),
    when: instant,
    why: z.string(),
    code: textOrNull,
    evidence: textOrNull,
    written: textOrNull,
    ticket: textOrNull,
    ticketHref: textOrNull,
    scope: z.string(),
    auditEntry: z.string(),
  }),
  plan: z.strictObject({
    words: z.string(),
    perSecond: z.number().nullable(),
    inFlightMax: z.int().nullable(),
    stopPercent: z.int().nullable(),
    canaryN: z.int().nullable(),
    canaryThen: z.enum(canaryEnds),
    watchMs: z.int(),
    canaryEndedAt: instantOrNull,
    canaryPassedAt: instantOrNull,
    judgedN: count,
    failedN: count,
    inFlightN: count,
    opensAt: instantOrNull,
    undoUntil: instantOrNull,
    retryOf: textOrNull,
  }),
  answeredPerSecond: z.number().nullable(),
  activity: z.array(z.strictObject({ at: instant, text: z.string() })),
  approval: approval.nullable(),
  edits: z.boolean(),
  canTakeBack: z.boolean(),
});
/** `awaiting`: nothing is carried out before a second person approves. */
export const operationAsked = z.strictObject({
  operationId: z.string(),
  itemsN: count,
  awaiting: z.boolean(),
  repeated: z.boolean(),
});
export const operationStep = z.strictObject({ operationId: z.string(), state: z.string() });
const readiness = z.array(
  z.strictObject({
    question: z.enum(readinessQuestions),
    answer: z.enum(["yes", "no", "unknown"]),
    words: z.string(),
    href: textOrNull,
  }),
);
/** No answers where nothing of the group is parked. */
export const groupReadiness = z.strictObject({ now: instant, answers: readiness });
export const preview = z.strictObject({
  now: instant,
  closing: z
    .strictObject({
      goneN: count,
      behindN: count,
      written: z.array(z.string()),
      alone: z.array(z.string()),
      final: z.array(z.string()),
    })
    .nullable(),
  messagesN: count,
  keysN: count,
  groups: z.array(z.strictObject({ groupId: z.string(), title: z.string(), messagesN: z.int() })),
  consumers: z.array(z.string()),
  receiveNothing: z.array(z.string()),
  zones: z.array(zoneTag),
  excluded: z.array(z.strictObject({ outcome: z.enum(forecastOutcomes), n: count, why: z.string() })),
  retryAbove: z.number().nullable(),
  retryLeft: z.number().nullable(),
  approvals: count,
  expiresAt: instantOrNull,
  hazards: z.array(z.string()),
  answers: z.array(z.string()),
  rates: z.array(z.strictObject({ consumer: z.string(), lately: z.number().nullable(), most: z.number().nullable() })),
  readiness,
  forecastId: textOrNull,
  refusal: textOrNull,
});
const named = { messageId: z.string(), businessKey: z.string() };
/** Of each message whether the edit changes it, leaves it as it is, or does not fit it; `at` is a JSON Pointer into its payload. */
export const editPreview = preview.extend({
  edit: z.strictObject({
    problem: textOrNull,
    changeN: count,
    sameN: count,
    misfitN: count,
    unseenN: count,
    schema: z.boolean(),
    misfits: z.array(
      z.strictObject({
        id: z.string(),
        ...named,
        misfits: z.array(z.strictObject({ at: z.string(), why: z.string(), by: z.enum(["patch", "masking", "schema"]) })),
      }),
    ),
    samples: z.array(z.strictObject({ id: z.string(), ...named, before: z.string(), after: z.string() })),
    first: z.strictObject({ id: z.string(), businessKey: z.string(), payload: z.unknown() }).nullable(),
  }),
});
export const edited = z.strictObject({
  now: instant,
  patch: z.string(),
  samples: z.array(
    z.strictObject({
      item: z.int(),
      ...named,
      editedMessageId: z.string(),
      texts: z.strictObject({ before: z.string(), after: z.string() }).nullable(),
    }),
  ),
  after: cursor,
});
/** `waiting`: a worker is at it; `lost`: none answered. */
export const forecast = z.strictObject({
  now: instant,
  forecastId: z.string(),
  state: z.enum(["waiting", "done", "lost"]),
  lookedN: count,
  whole: z.boolean(),
  outcomes: z.array(z.strictObject({ outcome: z.enum(forecastOutcomes), n: count, keys: z.array(z.string()) })),
  unasked: z.array(z.strictObject({ sourceId: z.string(), n: count, why: z.string() })),
  arrivedN: count,
});
