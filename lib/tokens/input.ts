import { z } from "zod";
import { type Role, roles } from "../context";
import { isStorable, NOT_STORABLE, type Parser, parserOf } from "../parsing";
import { type TokenKind, tokenKinds, tokenLimits } from "./rules";

/** A token to make. `zones` null: all of the owner's, or all there are for a service. */
export type TokenWish = {
  kind: TokenKind;
  name: string;
  role: Role;
  zones: string[] | null;
  expiresInDays: number;
  key: string;
};

const text = (most: number) => z.string().trim().min(1, "is empty").max(most).refine(isStorable, NOT_STORABLE);
const wish = z
  .object({
    kind: z.enum(tokenKinds).default("personal"),
    name: text(60),
    role: z.enum(roles),
    zones: z.array(text(100)).max(500).nullable().default(null),
    expiresInDays: z.int().min(1).max(tokenLimits.daysMax),
    key: z.string(),
  })
  .strict();

/** A token to make, from outside. */
export const parseTokenWish: Parser<TokenWish> = parserOf(wish);
/** One token, from outside. */
export const parseTokenId: Parser<{ tokenId: string }> = parserOf(z.object({ tokenId: z.uuid("is not an id") }));
