import { z } from "zod";
import { appendAudit } from "../../audit/service";
import { auditedOnce } from "../../audited";
import type { Actor, Ctx, Person, Role } from "../../context";
import type { Db } from "../../db/pool";
import { can } from "../../permissions";
import { Refusal } from "../../refusal";
import { days, type Instant } from "../../time";
import type { FactorRule } from "../second-factor/rules";
import { deleteStaleThrottles } from "../sign-in/sql";
import { isLive, isSeenStale, type Session } from "./rules";
import * as store from "./sql";

const isId = (text: string): boolean => z.uuid().safeParse(text).success;
const target = (id: string) => ({ kind: "session", id, zones: [] });
const SWEEP_MAX = 1_000;

/** Where a sign-in came from: the address that a trusted proxy wrote, and what the browser calls itself. */
export type From = { ip: string | null; userAgent: string };

const AGENT_MAX = 200;
/** The same for an entry, cut: a browser may call itself anything, at any length. */
export const fromDetail = ({ ip, userAgent }: From) => ({ address: ip, agent: userAgent.slice(0, AGENT_MAX) });

/** Opens a session for somebody who proved who they are, and writes it down; null when the proof does not hold any more. */
export async function openSession(
  db: Db,
  now: Instant,
  operator: { id: string; name: string; email: string; role: Role; zones: string[] | null },
  from: From & store.Proof,
): Promise<string | null> {
  return db.transaction(async (tx) => {
    const sessionId = await store.insertSession(tx, operator.id, from.userAgent, from, now);
    if (sessionId === null) return null;
    const { id: operatorId, name, email, role, zones } = operator;
    const actor: Actor = { kind: "operator", operatorId, name, email, role, zones, sessionId };
    await appendAudit(tx, {
      at: now,
      actor,
      action: "session.open",
      target: target(sessionId),
      result: "done",
      detail: { how: from.how, ...(from.how === "password" && from.second && { second: from.second }), ...fromDetail(from) },
    });
    return sessionId;
  });
}

/** Who this session speaks for, with role and zones as they are now. Null when it is revoked, expired, idle or unknown, or its operator inactive. */
export async function actorOfSession(
  db: Db,
  sessionId: string,
  now: Instant,
  factorRule: FactorRule = "optional",
): Promise<Person | null> {
  const session = isId(sessionId) ? await store.selectSession(db, sessionId) : null;
  if (!session?.active || !isLive(session, now)) return null;
  if (isSeenStale(session, now)) await store.markSessionSeen(db, sessionId, now);
  const { operatorId, name, email, role, zones } = session;
  const person: Person = { kind: "operator", operatorId, name, email, role, zones, sessionId };
  return {
    ...person,
    ...(session.mustChangePassword && { mustChangePassword: true }),
    ...(session.lacksSecondFactor && factorRule === "required" && { mustSetSecondFactor: true }),
  };
}

/** Ends a session: one's own freely, another's as an administrator. It counts for nothing from the next request on. */
export async function revokeSession(ctx: Ctx, request: { sessionId: string; key?: string }): Promise<{ ended: boolean }> {
  const session = await store.selectSession(ctx.db, request.sessionId);
  const own = ctx.actor.kind === "operator" && session?.operatorId === ctx.actor.operatorId;
  const { value } = await auditedOnce(ctx, own ? "session.close" : "session.revoke", request, async () => ({
    target: target(request.sessionId),
    change: async (tx) => {
      if (!session) throw new Refusal("not_found", "There is no such session.");
      return { ended: await store.markSessionRevoked(tx, request.sessionId, ctx.now) };
    },
  }));
  return value;
}

/** Ends all of a person's sessions; administrators only. */
export async function revokeSessionsOf(ctx: Ctx, request: { operatorId: string; key?: string }): Promise<{ ended: number }> {
  const { value } = await auditedOnce(ctx, "session.revoke", request, async () => ({
    target: { kind: "operator", id: request.operatorId, zones: [] },
    change: async (tx) => ({ ended: await store.markSessionsRevoked(tx, request.operatorId, ctx.now, null) }),
    entry: { detail: ({ ended }) => ({ ended }) },
  }));
  return value;
}

/** A person's open sessions: one's own, or anybody's for an administrator. */
export async function listSessions(ctx: Ctx, request: { operatorId: string }): Promise<Session[]> {
  const own = ctx.actor.kind === "operator" && ctx.actor.operatorId === request.operatorId;
  const permission = can(ctx.actor, "session.revoke", []);
  if (!own && !permission.ok) throw new Refusal("forbidden", permission.reason);
  return openSessionsOf(ctx.db, request.operatorId, ctx.now);
}

/** The sessions of a person that still count, the newest first. */
export const openSessionsOf = async (db: Db, operatorId: string, now: Instant): Promise<Session[]> =>
  (await store.selectSessionsOf(db, operatorId, now)).filter((session) => isLive(session, now));

/** Forgets sessions a month after their end and failed sign-ins after a day; for the worker's clock. The audit keeps what happened. */
export async function sweepSessions(db: Db, now: Instant): Promise<void> {
  await store.deleteEndedSessions(db, now - days(30), SWEEP_MAX);
  await deleteStaleThrottles(db, now - days(1), SWEEP_MAX);
}
