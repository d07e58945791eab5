import { hours, type Instant, minutes } from "../../time";

/** How long a session lives: a week of on-call at most, and half a day without a request. Fresh: somebody has just shown who they are. */
export const sessionLimits = { lifeMs: hours(168), idleMs: hours(12), freshMs: minutes(10) } as const;

// A write a request would cost more than the figure is worth.
const SEEN_EVERY_MS = minutes(1);

/** One browser of one person. */
export type Session = {
  id: string;
  operatorId: string;
  createdAt: Instant;
  expiresAt: Instant;
  lastSeenAt: Instant;
  revokedAt: Instant | null;
  userAgent: string;
  /** By which proof it was opened; null for those from before this was kept. */
  how: "password" | "openid_connect" | null;
};

/** Whether the session still counts: not revoked, not past its life, not left alone for too long. */
export function isLive(session: Pick<Session, "expiresAt" | "lastSeenAt" | "revokedAt">, now: Instant): boolean {
  return session.revokedAt === null && now < session.expiresAt && now - session.lastSeenAt < sessionLimits.idleMs;
}

/** Whether the sign-in through a provider is recent enough to stand for a proof of its own. */
export function isFresh({ how, provedAt }: { how: Session["how"]; provedAt: Instant }, now: Instant): boolean {
  return how === "openid_connect" && now - provedAt < sessionLimits.freshMs;
}

/** When a provider says that somebody gave the proof; null when it says nothing, or a time to come. */
export function provedAtOf(claims: Readonly<Record<string, unknown>>, now: Instant): Instant | null {
  const at = typeof claims.auth_time === "number" ? claims.auth_time * 1_000 : Number.NaN;
  return at <= now ? at : null;
}

/** Whether "last seen" is old enough to be written again. */
export function isSeenStale(session: Pick<Session, "lastSeenAt">, now: Instant): boolean {
  return now - session.lastSeenAt >= SEEN_EVERY_MS;
}
