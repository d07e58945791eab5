import { appendAudit } from "../audit/service";
import { audited, permitted } from "../audited";
import type { Ctx } from "../context";
import type { Db } from "../db/pool";
import { can } from "../permissions";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { markTokensRevoked } from "../tokens/sql";
import { type Invitation, type OperatorChange, parseEmail, parseNewPassword } from "./input";
import { generatePassword, hashPassword, passwordMatches } from "./password";
import { isKeyHolder, type Operator, type Standing } from "./rules";
import { markSessionsRevoked } from "./sessions/sql";
import { throttle, throttleKey } from "./sign-in/rules";
import { claimAttempt, deleteThrottle } from "./sign-in/sql";
import * as store from "./sql";

const target = (id: string) => ({ kind: "operator", id, zones: [] });
const LAST_ADMINISTRATOR = "This is the last active administrator for all zones. Make somebody else one first.";

/**
 * Makes the first administrator when there is no active one for all zones, and gives the password, which is not stored
 * readable anywhere. Null when there is one already; of several callers at once, one gets the password.
 */
export async function ensureFirstAdministrator(
  db: Db,
  wish: { email: string; password?: string | undefined },
  now: Instant = Date.now(),
): Promise<{ email: string; password: string } | null> {
  if ((await store.countKeyHolders(db, null)) > 0) return null;
  const email = parseEmail(wish.email);
  const password = wish.password === undefined ? generatePassword() : parseNewPassword(wish.password);
  const passwordHash = await hashPassword(password);
  return db.transaction(async (tx) => {
    await store.lockOperators(tx);
    if ((await store.countKeyHolders(tx, null)) > 0) return null;
    const standing = { role: "administrator", zones: null } as const;
    const made = await store.insertOperator(tx, { name: "Administrator", email, ...standing, passwordHash, oidc: null }, now);
    const id = made ?? (await reinstate(tx, email, passwordHash, now));
    const actor = { kind: "worker", workerId: "first start" } as const;
    await appendAudit(tx, {
      at: now,
      actor,
      action: "operator.invite",
      target: target(id),
      result: "done",
      detail: { email, ...standing },
    });
    return { email, password };
  });
}

// Nobody can give permissions any more, and whoever starts Accord asks for this person.
async function reinstate(tx: Db, email: string, passwordHash: string, now: Instant): Promise<string> {
  const known = (await store.selectOperatorByEmail(tx, email))!;
  await store.markStanding(tx, known.id, { name: known.name, role: "administrator", zones: null, active: true }, now);
  await store.markPassword(tx, known.id, passwordHash, now);
  return known.id;
}

/** Adds a person; administrators only. The password is generated, given once, and null for who signs in elsewhere. */
export async function inviteOperator(ctx: Ctx, wish: Invitation): Promise<{ operatorId: string; password: string | null }> {
  const { email, name, role, zones } = wish;
  return audited(
    ctx,
    "operator.invite",
    target(email),
    async (tx) => {
      const password = wish.password ? generatePassword() : null;
      const passwordHash = password && (await hashPassword(password));
      const operatorId = await store.insertOperator(tx, { name, email, role, zones, passwordHash, oidc: null }, ctx.now);
      if (operatorId === null) throw new Refusal("conflict", `${email} is already an operator.`, { field: "email" });
      return { operatorId, password };
    },
    { detail: ({ operatorId }) => ({ operatorId, role, zones }) },
  );
}

/** Changes name, role, zones or whether a person may sign in; administrators only. Effective with the person's next request. */
export async function changeOperator(ctx: Ctx, wish: OperatorChange): Promise<Standing & { name: string }> {
  let before: Standing | null = null;
  return audited(
    ctx,
    "operator.change",
    target(wish.operatorId),
    async (tx) => {
      await store.lockOperators(tx);
      const known = await mustExist(tx, wish.operatorId);
      before = standingOf(known);
      const next = {
        name: wish.name ?? known.name,
        role: wish.role ?? known.role,
        zones: wish.zones === undefined ? known.zones : wish.zones,
        active: wish.active ?? known.active,
      };
      if (isKeyHolder(known) && !isKeyHolder(next) && (await store.countKeyHolders(tx, known.id)) === 0)
        throw new Refusal("conflict", LAST_ADMINISTRATOR);
      await store.markStanding(tx, known.id, next, ctx.now);
      if (!next.active) {
        await markSessionsRevoked(tx, known.id, ctx.now, null);
        await markTokensRevoked(tx, known.id, ctx.now);
      }
      return next;
    },
    { detail: (after) => ({ before, after: standingOf(after) }) },
  );
}

/** Gives a person a new password, shown once, and ends their sessions; administrators only. */
export async function resetPassword(ctx: Ctx, wish: { operatorId: string }): Promise<{ password: string }> {
  return audited(ctx, "operator.reset_password", target(wish.operatorId), async (tx) => {
    await mustExist(tx, wish.operatorId);
    const password = generatePassword();
    await store.markPassword(tx, wish.operatorId, await hashPassword(password), ctx.now);
    await markSessionsRevoked(tx, wish.operatorId, ctx.now, null);
    return { password };
  });
}

/** Changes one's own password, given the present one, and ends one's other sessions. */
export async function changePassword(ctx: Ctx, wish: { current: string; next: string }): Promise<{ endedSessions: number }> {
  const { actor } = ctx;
  if (actor.kind !== "operator") throw new Refusal("forbidden", "Only a person has a password.");
  await permitted(ctx, "operator.change_password", target(actor.operatorId));
  const known = await mustExist(ctx.db, actor.operatorId);
  // A stolen session must not become a place to guess at.
  const key = throttleKey("email", known.email);
  const blockedUntil = await claimAttempt(ctx.db, key, throttle.freePerEmail, ctx.now);
  if (blockedUntil !== null)
    throw new Refusal("throttled", "Too many wrong passwords. Try again later.", {
      blockedUntil,
      retryAfterS: Math.ceil((blockedUntil - ctx.now) / 1_000),
    });
  if (!(await passwordMatches(wish.current, known.passwordHash)))
    throw new Refusal("invalid", "The present password is wrong.", { field: "current" });
  await deleteThrottle(ctx.db, key);
  const passwordHash = await hashPassword(wish.next);
  return audited(ctx, "operator.change_password", target(actor.operatorId), async (tx) => {
    await store.markPassword(tx, actor.operatorId, passwordHash, ctx.now);
    return { endedSessions: await markSessionsRevoked(tx, actor.operatorId, ctx.now, actor.sessionId) };
  });
}

/** Everybody with role, zones and last visit; administrators only, since it lists e-mail addresses. */
export async function listOperators(ctx: Ctx): Promise<{ operators: Operator[]; more: boolean }> {
  const permission = can(ctx.actor, "operator.change", []);
  if (!permission.ok) throw new Refusal("forbidden", permission.reason);
  return store.selectOperators(ctx.db);
}

/** Active people by name, to assign work to; for everybody who is signed in. */
export async function listNames(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  const { operators } = await store.selectOperators(ctx.db);
  return operators.filter((operator) => operator.active).map(({ id, name }) => ({ id, name }));
}

async function mustExist(db: Db, id: string): Promise<store.Credentials> {
  const known = await store.selectOperator(db, id);
  if (!known) throw new Refusal("not_found", "There is no such operator.");
  return known;
}

const standingOf = ({ role, zones, active }: Standing): Standing => ({ role, zones, active });
