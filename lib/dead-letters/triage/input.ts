import { z } from "zod";
import { INSTANT_MAX, isStorable, isVisible, NOT_STORABLE, NOT_VISIBLE, type Parser, parserOf, requestKey } from "../../parsing";
import { Refusal } from "../../refusal";
import { type StateChange, triageLimits, triageStates } from "./rules";

const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);
const prose = (most: number) => z.string().trim().max(most).refine(isStorable, NOT_STORABLE);
const word = (most: number) => z.string().trim().min(1, "says nothing").max(most).refine(isVisible, NOT_VISIBLE);
const person = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "is not an operator's id");
const request = { groupId: id, key: requestKey };

/** `from` counts the changes of the state that the caller has seen: who changes it second is told who was first. */
export const parseGroupState = parserOf(
  z
    .object({
      ...request,
      from: z.int().min(0),
      state: z.enum(triageStates),
      waitsFor: word(triageLimits.versionMost).nullish(),
      until: z.number().int().positive().max(INSTANT_MAX).nullish(),
      above: z.int().min(1).max(triageLimits.muteAboveMost).nullish(),
      reason: prose(triageLimits.noteMost).nullish(),
    })
    .strict(),
  ({ groupId, key, from, ...asked }) => ({ groupId, key, from, change: changeOf(asked) }),
);

type Asked = Pick<StateChange, "state"> & {
  waitsFor?: string | null | undefined;
  until?: number | null | undefined;
  above?: number | null | undefined;
  reason?: string | null | undefined;
};

function changeOf({ state, waitsFor, until = null, above = null, reason }: Asked): StateChange {
  if (state === "waiting") {
    if (!waitsFor) throw wrong("waitsFor", "name the consumer's version that should bring the fix");
    return { state, waitsFor };
  }
  if (state === "muted") {
    if (until === null && above === null)
      throw wrong("until", "say until when, or above how many messages a minute it speaks up");
    return { state, mutedUntil: until, mutedAbove: above };
  }
  if (state === "resolved") {
    if (!reason || reason.length < triageLimits.reasonLeast)
      throw wrong("reason", `must say what ended it, in at least ${triageLimits.reasonLeast} characters`);
    return { state, reason };
  }
  return { state };
}

const wrong = (field: string, words: string): Refusal => new Refusal("invalid", `${field}: ${words}.`, { field });

/** `from`: whose it is as the caller saw it; taking a group that somebody took meanwhile is a conflict. */
export const parseGroupAssign = parserOf(
  z.object({ ...request, to: person.nullable(), from: person.nullish() }).strict(),
  ({ from, ...one }) => ({ ...one, from: from ?? null }),
);
export const parseGroupNote = parserOf(
  z.object({ ...request, text: prose(triageLimits.noteMost).min(1, "says nothing") }).strict(),
);
/** `from`: the ticket as the caller saw it. */
export const parseGroupTicket = parserOf(
  z
    .object({ ...request, ticket: word(triageLimits.ticketMost).nullable(), from: word(triageLimits.ticketMost).nullish() })
    .strict(),
  ({ from, ...one }) => ({ ...one, from: from ?? null }),
);

type Of<P> = P extends Parser<infer I> ? I : never;
export type GroupStateInput = Of<typeof parseGroupState>;
export type GroupAssignInput = Of<typeof parseGroupAssign>;
export type GroupNoteInput = Of<typeof parseGroupNote>;
export type GroupTicketInput = Of<typeof parseGroupTicket>;
