import { type Role, roles } from "../context";
import { days, type Instant, minutes } from "../time";

export const tokenKinds = ["personal", "service"] as const;
/** Personal: acts as its owner, with no more than the owner may now. Service: a name, role and zones of its own. */
export type TokenKind = (typeof tokenKinds)[number];

/** A token as it is listed; its secret was shown once and is not known to anybody any more. */
export type Token = {
  id: string;
  kind: TokenKind;
  name: string;
  /** How the secret begins, to recognize it by. */
  prefix: string;
  operatorId: string;
  operatorName: string;
  role: Role;
  zones: string[] | null;
  createdAt: Instant;
  expiresAt: Instant;
  lastUsedAt: Instant | null;
  revokedAt: Instant | null;
};

/** At most a year, so that a forgotten one ends by itself; so many live ones that no script needs a new one per run. */
export const tokenLimits = { daysMax: 365, liveMax: 50 } as const;

// A write a request would cost more than the figure is worth.
const USED_EVERY_MS = minutes(1);
/** How long an ended token stays listed. */
export const ENDED_KEPT_MS = days(30);

/** Whether it still opens anything. */
export function isLive(token: Pick<Token, "expiresAt" | "revokedAt">, now: Instant): boolean {
  return token.revokedAt === null && now < token.expiresAt;
}

/** Whether "last used" is old enough to be written again. */
export function isUseStale(token: Pick<Token, "lastUsedAt">, now: Instant): boolean {
  return token.lastUsedAt === null || now - token.lastUsedAt >= USED_EVERY_MS;
}

type Standing = { role: Role; zones: string[] | null };

/** What a personal token may now: what it was made for, and never more than its owner may. */
export function narrowed(token: Standing, owner: Standing): Standing {
  const role = roles[Math.min(roles.indexOf(token.role), roles.indexOf(owner.role))]!;
  if (token.zones === null || owner.zones === null) return { role, zones: token.zones ?? owner.zones };
  return { role, zones: token.zones.filter((zone) => owner.zones!.includes(zone)) };
}

/** What of a request is more than its owner may; null when nothing is. */
export function excessOf(request: Standing, owner: Standing): { field: "role" | "zones"; message: string } | null {
  if (roles.indexOf(request.role) > roles.indexOf(owner.role))
    return { field: "role", message: `Your own role is ${owner.role}; a personal token cannot be ${request.role}.` };
  const strange = owner.zones === null ? [] : (request.zones ?? []).filter((zone) => !owner.zones!.includes(zone));
  if (strange.length === 0) return null;
  return { field: "zones", message: `${strange.slice(0, 5).join(", ")}: a personal token can only be for zones of your own.` };
}
