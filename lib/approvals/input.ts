import { z } from "zod";
import { isStorable, NOT_STORABLE, type Parser, parserOf, requestKey } from "../parsing";
import { approvalStates, REFUSAL_CHARS_MIN } from "./rules";

export type VoteInput = { approvalId: number; key: string; reason: string | null };

const id = z.union([z.int().positive(), z.string().regex(/^\d{1,15}$/, "is not a whole number")]).transform(Number);
const vote = z
  .object({ approvalId: id, key: requestKey, reason: z.string().trim().max(2_000).refine(isStorable, NOT_STORABLE).nullish() })
  .strict();
const page = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/, "is not a place in this list")
    .optional(),
  state: z.enum(approvalStates).optional(),
});

export const parseVote: Parser<VoteInput> = parserOf(vote, ({ approvalId, key, reason }) => ({
  approvalId,
  key,
  reason: reason || null,
}));
/** A refusal, which says why. */
export const parseRefusal: Parser<VoteInput> = parserOf(
  vote.extend({
    reason: z
      .string()
      .trim()
      .min(REFUSAL_CHARS_MIN, `must say why, in at least ${REFUSAL_CHARS_MIN} characters`)
      .max(2_000)
      .refine(isStorable, NOT_STORABLE),
  }),
);
export const parseApprovalId: Parser<{ approvalId: number }> = parserOf(z.object({ approvalId: id }));
export const parseApprovalsPage: Parser<{ after?: string | undefined; state?: string | undefined }> = parserOf(page);
