import { z } from "zod";
import { type Role, roles } from "../context";
import { isVisible, NOT_VISIBLE, type Parser, parsed, parserOf, requestKey } from "../parsing";
import { type TokenRequest, tokenRequest } from "../tokens/input";
import { normalEmail, passwordLength } from "./rules";
import { isWeak, WEAK } from "./weak.rules";

/** A new person. `password` true makes a first password, shown once; otherwise they sign in through OpenID Connect. */
export type Invitation = { email: string; name: string; role: Role; zones: string[] | null; password: boolean; key?: string };
/** What an administrator changes about a person; what is absent stays. */
export type OperatorChange = {
  operatorId: string;
  name?: string | undefined;
  role?: Role | undefined;
  zones?: string[] | null | undefined;
  active?: boolean | undefined;
  key?: string | undefined;
};

const email = z.string().max(254).transform(normalEmail).pipe(z.email("is not an e-mail address"));
const text = (most: number) => z.string().trim().min(1, "is empty").max(most).refine(isVisible, NOT_VISIBLE);
const name = text(100);
const zones = z.array(text(100)).max(500).nullable();
const operatorId = z.uuid("is not an id");
const newPassword = z
  .string()
  .min(passwordLength.min, `needs at least ${passwordLength.min} characters`)
  .max(passwordLength.max, `has more than ${passwordLength.max} characters`)
  .refine((password) => !isWeak(password), WEAK);

// Pages and scripts send one; a command does not.
const key = requestKey.optional();
const invitation = z.object({
  email,
  name,
  role: z.enum(roles),
  zones: zones.default(null),
  password: z.boolean().default(true),
  key,
});
const change = z.object({
  operatorId,
  name: name.optional(),
  role: z.enum(roles).optional(),
  zones: zones.optional(),
  active: z.boolean().optional(),
  key,
});
const passwordChange = z.object({ current: z.string().max(passwordLength.max), next: newPassword, key });
const one = z.object({ operatorId, key });
const oneSession = z.object({ sessionId: z.uuid("is not an id"), key });

/** A person to invite, from outside. */
export const parseInvitation: Parser<Invitation> = parserOf(invitation);
/** A change of a person, from outside. */
export const parseOperatorChange: Parser<OperatorChange> = parserOf(change);
/** The present and the next password, from outside. */
export const parsePasswordChange: Parser<{ current: string; next: string; key?: string }> = parserOf(passwordChange);
/** A token to make, with the present password of who has one, from outside. */
export const parseOwnTokenRequest: Parser<TokenRequest & { password?: string }> = parserOf(
  tokenRequest.extend({ password: z.string().max(passwordLength.max).optional() }),
);
/** One person, from outside. */
export const parseOperatorId: Parser<{ operatorId: string; key?: string }> = parserOf(one);
/** One session, from outside. */
export const parseSessionId: Parser<{ sessionId: string; key?: string }> = parserOf(oneSession);
/** A list that takes no filter. */
export const parseNothing: Parser<Record<string, never>> = parserOf(z.object({}));
/** A first password that an environment gives, held to the same rule as everybody's. */
export const parseNewPassword = (input: unknown): string => parsed(newPassword, input, "password");
/** An e-mail that an environment gives. */
export const parseEmail = (input: unknown): string => parsed(email, input, "e-mail");
