import { z } from "zod";
import { holdOutcomes, sagaStages, successSpans } from "@/lib/sagas/rules";
import { count, cursor, instant, instantOrNull, sentence, textOrNull, zoneTag } from "./common";

const saga = z.strictObject({
  sourceId: z.string(),
  sagaId: z.string(),
  sagaType: z.string(),
  zone: zoneTag.nullable(),
  businessKey: z.string(),
  stage: z.enum(sagaStages),
  state: z.string(),
  step: textOrNull,
  stepNo: z.int().nullable(),
  stepsN: count,
  startedAt: instant,
  deadlineAt: instantOrNull,
  endedAt: instantOrNull,
  holdUntil: instantOrNull,
  act: z.boolean(),
});
const step = z.strictObject({
  position: z.int(),
  name: z.string(),
  state: z.string(),
  attempts: z.int(),
  deadlineAt: instantOrNull,
  startedAt: instantOrNull,
  endedAt: instantOrNull,
  errorType: textOrNull,
  errorMessage: textOrNull,
});
const holdKind = z.enum(["hold", "release"]);
export const oneSaga = z.strictObject({
  now: instant,
  saga,
  sentence,
  correlationId: textOrNull,
  stepsAt: instantOrNull,
  steps: z.array(
    z.strictObject({ step: step.nullable(), plan: z.string(), compensation: step.nullable(), compensationPlan: textOrNull }),
  ),
  waitsFor: sentence,
  next: z
    .strictObject({
      text: sentence,
      actions: z.array(z.strictObject({ label: z.string(), href: z.string() })),
      runbook: z.strictObject({ when: z.string(), title: z.string(), steps: z.array(z.string()) }).nullable(),
    })
    .nullable(),
  windowMs: z.number().nullable(),
  holds: z.array(
    z.strictObject({
      holdId: z.string(),
      kind: holdKind,
      by: z.string(),
      at: instant,
      until: instantOrNull,
      reason: textOrNull,
      outcome: sentence,
    }),
  ),
});
export const sagas = z.strictObject({
  now: instant,
  sentence,
  groups: z.array(
    z.strictObject({
      sagaType: z.string(),
      step: textOrNull,
      n: count,
      oldest: instant,
      oldestKey: z.string(),
      failedN: count,
      lateN: count,
      compensatingN: count,
      heldN: count,
      heldUntil: instantOrNull,
      dueN: count,
      askingN: count,
      firstDueAt: instantOrNull,
      errorMessage: textOrNull,
      stepNo: z.int().nullable(),
      stepsN: count,
      undo: z.array(z.string()),
      zone: zoneTag,
      title: sentence,
      evidence: sentence,
      next: z.string(),
      hold: z
        .strictObject({ zone: z.string(), type: z.string(), step: textOrNull, n: count, firstDueAt: instantOrNull })
        .nullable(),
    }),
  ),
  sagas: z.array(saga),
  after: cursor,
  facets: z.strictObject({ zone: z.array(z.string()), type: z.array(z.string()), step: z.array(z.string()) }),
});
export const hold = z.strictObject({
  now: instant,
  holdId: z.string(),
  kind: holdKind,
  by: z.string(),
  at: instant,
  until: instantOrNull,
  reason: textOrNull,
  sagasN: count,
  outcomes: z.array(z.strictObject({ outcome: z.enum([...holdOutcomes, "waiting", "uncertain"]), n: count })),
  settled: z.boolean(),
  over: z.boolean(),
  sentence,
});
export const holdAsked = z.strictObject({ holdId: z.string(), sagasN: count, until: instantOrNull, repeated: z.boolean() });
export const success = z.strictObject({
  now: instant,
  since: instant,
  span: z.enum(successSpans),
  zones: z.array(
    z.strictObject({
      zone: zoneTag,
      ok: count,
      failed: count,
      openN: count,
      lateN: count,
      steps: z.array(
        z.strictObject({ name: z.string(), sagaType: z.string(), ok: count, failed: count, openN: count, lateN: count }),
      ),
    }),
  ),
});
export const holdPreview = z.strictObject({
  now: instant,
  sagasN: count,
  moreThan: z.number().nullable(),
  groups: z.array(z.strictObject({ sagaType: z.string(), step: textOrNull, n: count, undo: z.array(z.string()) })),
  firstDeadlineAt: instantOrNull,
  pastN: count,
  begunN: count,
  heldN: count,
  zones: z.array(zoneTag),
  refusal: textOrNull,
});
