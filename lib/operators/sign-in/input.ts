import { z } from "zod";
import { type Role, roles } from "../../context";
import { normalEmail, passwordLength } from "../rules";
import type { OidcMapping } from "./rules";

/** A provider of identities, from the environment. */
export type OidcConfig = OidcMapping & { clientId: string; clientSecret: string; name: string; scope: string };

const credentials = z.object({
  email: z.string().max(254).transform(normalEmail),
  password: z.string().min(1).max(passwordLength.max),
  // A form without the field sends none, or an empty one.
  code: z.string().trim().max(60).optional(),
});

/** E-mail, password and code as typed; null when they cannot be right whatever is stored. */
export function parseCredentials(input: unknown): { email: string; password: string; code?: string | undefined } | null {
  return credentials.safeParse(input).data ?? null;
}

const isRole = (text: string | undefined): text is Role => roles.some((role) => role === text);

const roleMap = z.string().transform((text, context) => {
  const pairs = text.split(",").map((pair) => pair.trim().split("="));
  const good = pairs.every(([claim, role, rest]) => claim && isRole(role?.trim()) && rest === undefined);
  if (good) return Object.fromEntries(pairs.map(([claim, role]) => [claim!.trim(), role!.trim() as Role]));
  context.addIssue({ code: "custom", message: `must read claim=role, separated by commas, with the roles ${roles.join(", ")}` });
  return z.NEVER;
});

const filled = z.string().trim().min(1, "is missing");
const environment = z.object({
  OIDC_ISSUER: z.url("is not an address").transform((url) => url.replace(/\/$/, "")),
  OIDC_CLIENT_ID: filled,
  OIDC_CLIENT_SECRET: filled,
  OIDC_NAME: z.string().default("single sign-on"),
  OIDC_SCOPE: z.string().default("openid email profile"),
  OIDC_ROLE_CLAIM: z.string().optional(),
  OIDC_ROLE_MAP: roleMap.optional(),
  OIDC_ZONES_CLAIM: z.string().optional(),
  OIDC_DEFAULT_ROLE: z.enum(roles).optional(),
  OIDC_EMAIL_VERIFIED: z.literal("assume").optional(),
});

/** The provider that the environment names; null without OIDC_ISSUER. Throws in words when it is named by halves. */
export function oidcConfigFrom(env: Record<string, string | undefined>): OidcConfig | null {
  if (!env.OIDC_ISSUER) return null;
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name.startsWith("OIDC_") && value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new Error(`${issue.path.join(".")} ${issue.code === "invalid_type" ? "is missing" : issue.message}.`);
  }
  const it = parsed.data;
  if (it.OIDC_ROLE_CLAIM !== undefined && it.OIDC_ROLE_MAP === undefined)
    throw new Error("OIDC_ROLE_MAP is missing: OIDC_ROLE_CLAIM names a claim, and nothing says which role its values mean.");
  return {
    issuer: it.OIDC_ISSUER,
    clientId: it.OIDC_CLIENT_ID,
    clientSecret: it.OIDC_CLIENT_SECRET,
    name: it.OIDC_NAME,
    scope: it.OIDC_SCOPE,
    roleClaim: it.OIDC_ROLE_CLAIM ?? null,
    roleMap: it.OIDC_ROLE_MAP ?? {},
    zonesClaim: it.OIDC_ZONES_CLAIM ?? null,
    defaultRole: it.OIDC_DEFAULT_ROLE ?? null,
    emailIsVerified: it.OIDC_EMAIL_VERIFIED === "assume",
  };
}
