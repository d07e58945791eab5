import { z } from "zod";
import { tokenKinds } from "@/lib/tokens/rules";
import { instant, instantOrNull, role, textOrNull, zones } from "./common";

const tokenRef = z.strictObject({ id: z.string(), name: z.string() });
const signedIn = z.strictObject({
  kind: z.literal("operator"),
  operatorId: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  zones,
  sessionId: textOrNull,
  token: tokenRef.optional(),
  mustChangePassword: z.literal(true).optional(),
  mustSetSecondFactor: z.literal(true).optional(),
});
const service = z.strictObject({ kind: z.literal("service"), name: z.string(), role, zones, token: tokenRef });
export const me = z.strictObject({ actor: z.discriminatedUnion("kind", [signedIn, service]), environment: z.string() });
/** Secret, codes: given this once, null when the same request came again. */
export const factorBegun = z.strictObject({ secret: textOrNull, uri: textOrNull });
export const factorConfirmed = z.strictObject({ recoveryCodes: z.array(z.string()).nullable() });
export const factorRemoved = z.strictObject({ removed: z.boolean() });
export const passwordChanged = z.strictObject({ endedSessions: z.int() });

const operator = z.strictObject({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  zones,
  active: z.boolean(),
  signsInWith: z.enum(["password", "openid_connect", "both", "nothing"]),
  passwordOnce: z.boolean(),
  secondFactorSince: instantOrNull,
  recoveryCodesLeft: z.int(),
  createdAt: instant,
  lastSeenAt: instantOrNull,
});
export const operators = z.strictObject({ now: instant, operators: z.array(operator), more: z.boolean() });
export const names = z.array(z.strictObject({ id: z.string(), name: z.string() }));
/** The password is given this once; null for who signs in elsewhere. */
export const invited = z.strictObject({ operatorId: z.string(), password: textOrNull });
export const operatorChanged = z.strictObject({ name: z.string(), role, zones, active: z.boolean() });
/** Null when the request was sent before under its key: a password is shown once. */
export const passwordReset = z.strictObject({ password: z.string().nullable() });

export const sessions = z.array(
  z.strictObject({
    id: z.string(),
    operatorId: z.string(),
    createdAt: instant,
    expiresAt: instant,
    lastSeenAt: instant,
    revokedAt: instantOrNull,
    userAgent: z.string(),
    how: z.enum(["password", "openid_connect"]).nullable(),
  }),
);
export const sessionsEnded = z.strictObject({ ended: z.int() });
export const ended = z.strictObject({ ended: z.boolean() });

const token = z.strictObject({
  id: z.string(),
  kind: z.enum(tokenKinds),
  name: z.string(),
  prefix: z.string(),
  operatorId: z.string(),
  operatorName: z.string(),
  role,
  zones,
  createdAt: instant,
  expiresAt: instant,
  lastUsedAt: instantOrNull,
  revokedAt: instantOrNull,
});
export const tokens = z.strictObject({
  now: instant,
  own: z.array(token),
  services: z.array(token).nullable(),
  proof: z.enum(["nothing", "password", "sign_in"]),
});
export const person = z.strictObject({ now: instant, operator, sessions, tokens: z.array(token) });
/** The secret is shown this once; null when the same request came again. */
export const tokenMade = z.strictObject({ token, secret: textOrNull, repeated: z.boolean() });
