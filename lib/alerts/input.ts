import { z } from "zod";
import { readCondition } from "../contracts/conditions";
import { INSTANT_MAX, isStorable, NOT_STORABLE, parserOf, requestKey } from "../parsing";
import { Refusal } from "../refusal";
import { conditionKey } from "./condition.rules";
import { silenceKinds, silenceLimits } from "./silence.rules";

const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);
const text = (most: number) => z.string().trim().min(1).max(most).refine(isStorable, NOT_STORABLE);
const at = z.number().int().positive().max(INSTANT_MAX);
const reason = z
  .string()
  .trim()
  .max(silenceLimits.reasonMost)
  .refine(isStorable, NOT_STORABLE)
  .refine(
    (said) => said.length >= silenceLimits.reasonLeast,
    `must say why, in at least ${silenceLimits.reasonLeast} characters`,
  );

export const parseAlertId = parserOf(z.object({ alertId: id }));
export const parseAlerts = parserOf(
  z.object({
    zone: text(200).optional(),
    state: z.enum(["open", "past"]).default("open"),
    after: z
      .string()
      .regex(/^\d{1,15}-\d{1,15}$/, "is not a place in this list")
      .optional(),
  }),
);
export type AlertsInput = ReturnType<typeof parseAlerts>;

export const parseAcknowledge = parserOf(
  z
    .object({ alertId: id, note: z.string().trim().max(1_000).refine(isStorable, NOT_STORABLE).nullish(), key: requestKey })
    .strict(),
);

/** `startsAt` null: now. Zone, condition and cause null: all of them. */
export const parseSilence = parserOf(
  z
    .object({
      kind: z.enum(silenceKinds).default("silence"),
      zoneId: text(200).nullish(),
      condition: text(300).nullish(),
      cause: text(300).nullish(),
      startsAt: at.nullish(),
      endsAt: at,
      reason,
      key: requestKey,
    })
    .strict(),
  ({ zoneId, condition, cause, startsAt, ...one }) => ({
    ...one,
    zoneId: zoneId ?? null,
    condition: condition == null ? null : conditionKey({ text: condition }),
    cause: cause ?? null,
    startsAt: startsAt ?? null,
  }),
);
export type SilenceInput = ReturnType<typeof parseSilence>;
export const parseSilenceEnd = parserOf(z.object({ silenceId: id, key: requestKey }).strict());

/** A condition to be tried out on what a zone's figures were. */
export const parseReplay = parserOf(z.object({ zone: text(200), when: text(300) }), ({ zone, when }) => {
  const read = readCondition(when);
  if (!read.ok) throw new Refusal("invalid", `when: expected ${read.expected}.`, { field: "when" });
  return { zone, condition: { ...read.value, text: conditionKey(read.value) } };
});
export type ReplayInput = ReturnType<typeof parseReplay>;
