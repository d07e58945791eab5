import { z } from "zod";
import { type Role, roles } from "../context";
import { isVisible, NOT_VISIBLE, type Parser, parserOf, requestKey } from "../parsing";
import { type TokenKind, tokenKinds, tokenLimits } from "./rules";

/** A token to make. `zones` null: all of the owner's, or all there are for a service. */
export type TokenRequest = {
  kind: TokenKind;
  name: string;
  role: Role;
  zones: string[] | null;
  expiresInDays: number;
  key: string;
};

const text = (most: number) => z.string().trim().min(1, "is empty").max(most).refine(isVisible, NOT_VISIBLE);
/** What a token is made of. */
export const tokenRequest = z
  .object({
    kind: z.enum(tokenKinds).default("personal"),
    name: text(60),
    role: z.enum(roles),
    zones: z.array(text(100)).max(500).nullable().default(null),
    expiresInDays: z.int().min(1).max(tokenLimits.daysMax),
    key: requestKey,
  })
  .strict();

/** A token to make, from outside. */
export const parseTokenRequest: Parser<TokenRequest> = parserOf(tokenRequest);
/** One token, from outside. */
export const parseTokenId: Parser<{ tokenId: string; key?: string }> = parserOf(
  z.object({ tokenId: z.uuid("is not an id"), key: requestKey.optional() }),
);
