import { createHash } from "node:crypto";
import { type Role, roles } from "../../context";
import { minutes, seconds } from "../../time";

/** After so many failures a key is blocked, twice as long each time; an hour without one and they are forgotten. An office shares an address. */
export const throttle = {
  freePerEmail: 5,
  freePerAddress: 50,
  blockMsMin: seconds(30),
  blockMsMax: minutes(15),
  forgetMs: minutes(60),
} as const;

/** What failures are counted under; hashed, since somebody will type a password into the e-mail field. */
export function throttleKey(kind: "email" | "address" | "code", value: string): string {
  return `${kind}:${createHash("sha256").update(value).digest("base64url")}`;
}

/** How a provider's claims become a person with a role. */
export type OidcMapping = {
  issuer: string;
  /** A claim's name, or a dotted path into it; null leaves roles to administrators. */
  roleClaim: string | null;
  roleMap: Readonly<Record<string, Role>>;
  /** Lists zones, `*` for all; null leaves zones to administrators. */
  zonesClaim: string | null;
  defaultRole: Role | null;
  /** For providers that prove every e-mail and do not say so. */
  emailIsVerified: boolean;
};

/** What a provider vouches for. */
export type Claims = Readonly<Record<string, unknown>>;

/** Why a provider's word is not enough. */
export type OidcRefusal = "no_role" | "no_email" | "unverified_email" | "taken_email" | "inactive";

/** The role and zones that claims give to somebody who has those of `known`, or none yet. Null is no role: no entry. */
export function standingFromClaims(
  claims: Claims,
  mapping: OidcMapping,
  known: { role: Role; zones: string[] | null } | null,
): { role: Role; zones: string[] | null } | null {
  const role =
    mapping.roleClaim === null ? (known?.role ?? mapping.defaultRole) : (mappedRole(claims, mapping) ?? mapping.defaultRole);
  if (role === null) return null;
  return { role, zones: mapping.zonesClaim === null ? (known?.zones ?? null) : claimedZones(claims, mapping.zonesClaim) };
}

/** Whether the provider vouches for the e-mail. An explicit no stands against every configuration. */
export function emailIsVerified(claims: Claims, mapping: OidcMapping): boolean {
  return claims.email_verified === true || (claims.email_verified === undefined && mapping.emailIsVerified);
}

function mappedRole(claims: Claims, { roleClaim, roleMap }: OidcMapping): Role | null {
  const held = texts(claimAt(claims, roleClaim!)).flatMap((value) => (Object.hasOwn(roleMap, value) ? [roleMap[value]!] : []));
  return roles.findLast((role) => held.includes(role)) ?? null;
}

// A claim that is missing shows nothing: to show everything it must say so.
function claimedZones(claims: Claims, claim: string): string[] | null {
  const zones = texts(claimAt(claims, claim));
  return zones.includes("*") ? null : zones;
}

// Names of claims are often addresses with dots in them, so the whole name goes first.
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split(".")
    .reduce<unknown>((value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined), claims);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string");
