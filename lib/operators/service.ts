import { appendAudit } from "../audit/service";
import { attempted, audited, auditedOnce, permitted, writeDenial } from "../audited";
import type { Actor, Ctx, Person } from "../context";
import type { Db } from "../db/pool";
import { can } from "../permissions";
import { Refusal } from "../refusal";
import type { Instant } from "../time";
import { markTokensRevoked, selectTokens } from "../tokens/sql";
import { type Invitation, type OperatorChange, parseEmail, parseNewPassword } from "./input";
import { generatePassword, hashPassword } from "./password.rules";
import { mustKnow } from "./proof";
import { isKeyHolder, type Standing } from "./rules";
import { deleteFactor } from "./second-factor/sql";
import { SET_FIRST } from "./second-factor/words";
import { openSessionsOf } from "./sessions/service";
import { markSessionsRevoked } from "./sessions/sql";
import * as store from "./sql";
import type { PeopleView, PersonView } from "./views";
import { isWeak, WEAK } from "./weak.rules";

const target = (id: string) => ({ kind: "operator", id, zones: [] });
/** What stands between a password that somebody else has seen and everything else. */
export const CHOOSE_FIRST =
  "Choose a password of your own first: the one that you signed in with is for one use (POST /api/v1/me/password, or the page that opens after signing in).";
const LAST_ADMINISTRATOR = "This is the last active administrator for all zones. Make somebody else one first.";

/**
 * Makes the first administrator when there is no active one for all zones, and gives the password, which is not stored
 * readable anywhere. Null when there is one already; of several callers at once, one gets the password.
 */
export async function ensureFirstAdministrator(
  db: Db,
  request: { email: string; password?: string | undefined },
  now: Instant = Date.now(),
): Promise<{ email: string; password: string } | null> {
  if ((await store.countKeyHolders(db, null)) > 0) return null;
  const email = parseEmail(request.email);
  // One that is given is known to who gave it only.
  const passwordOnce = request.password === undefined;
  const password = request.password === undefined ? generatePassword() : parseNewPassword(request.password);
  const passwordHash = await hashPassword(password);
  return db.transaction(async (tx) => {
    await store.lockOperators(tx);
    if ((await store.countKeyHolders(tx, null)) > 0) return null;
    const standing = { role: "administrator", zones: null } as const;
    const made = await store.insertOperator(
      tx,
      { name: "Administrator", email, ...standing, passwordHash, passwordOnce, oidc: null },
      now,
    );
    const id = made ?? (await reinstate(tx, email, passwordHash, passwordOnce, now));
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
async function reinstate(tx: Db, email: string, passwordHash: string, passwordOnce: boolean, now: Instant): Promise<string> {
  const known = (await store.selectOperatorByEmail(tx, email))!;
  await store.markStanding(tx, known.id, { name: known.name, role: "administrator", zones: null, active: true }, now);
  await store.markPassword(tx, known.id, passwordHash, passwordOnce, now);
  // Nobody is left who could take it away for them.
  await deleteFactor(tx, known.id);
  return known.id;
}

/**
 * Adds a person; administrators only. The password is generated, given once, and null for who signs in elsewhere. The same key again is the
 * same person, without the password.
 */
export async function inviteOperator(ctx: Ctx, request: Invitation): Promise<{ operatorId: string; password: string | null }> {
  const { email, name, role, zones } = request;
  const password = request.password ? generatePassword() : null;
  const { value, repeated } = await auditedOnce(ctx, "operator.invite", request, async () => ({
    target: target(email),
    change: async (tx) => {
      const passwordHash = password && (await hashPassword(password));
      const operatorId = await store.insertOperator(
        tx,
        { name, email, role, zones, passwordHash, passwordOnce: password !== null, oidc: null },
        ctx.now,
      );
      if (operatorId === null) throw new Refusal("conflict", `${email} is already an operator.`, { field: "email" });
      return { operatorId };
    },
    entry: { detail: ({ operatorId }) => ({ operatorId, role, zones }) },
  }));
  return { ...value, password: repeated ? null : password };
}

/** Changes name, role, zones or whether a person may sign in; administrators only. Effective with the person's next request. */
export async function changeOperator(ctx: Ctx, request: OperatorChange): Promise<Standing & { name: string }> {
  let before: Standing | null = null;
  const { value } = await auditedOnce(ctx, "operator.change", request, async () => ({
    target: target(request.operatorId),
    change: async (tx) => {
      await store.lockOperators(tx);
      const known = await mustExist(tx, request.operatorId);
      before = standingOf(known);
      const next = {
        name: request.name ?? known.name,
        role: request.role ?? known.role,
        zones: request.zones === undefined ? known.zones : request.zones,
        active: request.active ?? known.active,
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
    entry: { detail: (after) => ({ before, after: standingOf(after) }) },
  }));
  return value;
}

/** Gives a person a new password, shown once, and ends their sessions and personal tokens; administrators only. The same key again changes nothing, and shows none. */
export async function resetPassword(
  ctx: Ctx,
  request: { operatorId: string; key?: string },
): Promise<{ password: string | null }> {
  const password = generatePassword();
  const { repeated } = await auditedOnce(ctx, "operator.reset_password", request, async () => ({
    target: target(request.operatorId),
    change: async (tx) => {
      await mustExist(tx, request.operatorId);
      await store.markPassword(tx, request.operatorId, await hashPassword(password), true, ctx.now);
      await markSessionsRevoked(tx, request.operatorId, ctx.now, null);
      await markTokensRevoked(tx, request.operatorId, ctx.now);
      return {};
    },
  }));
  return { password: repeated ? null : password };
}

/** Changes one's own password, given the present one, and ends one's other sessions and one's personal tokens. */
export async function changePassword(ctx: Ctx, request: { current: string; next: string }): Promise<{ endedSessions: number }> {
  const { actor } = ctx;
  if (actor.kind !== "operator") throw new Refusal("forbidden", "Only a person has a password.");
  return attempted(ctx, "operator.change_password", target(actor.operatorId), () => passwordChanged(ctx, actor, request));
}

async function passwordChanged(
  ctx: Ctx,
  { operatorId, sessionId }: Person,
  { current, next }: { current: string; next: string },
): Promise<{ endedSessions: number }> {
  await permitted(ctx, "operator.change_password", target(operatorId));
  const known = await mustExist(ctx.db, operatorId);
  await mustKnow(ctx, known, current, "current");
  if (next === current) throw new Refusal("invalid", "next: is the present password.", { field: "next" });
  if (isWeak(next, [known.email, known.name])) throw new Refusal("invalid", `next: ${WEAK}.`, { field: "next" });
  const passwordHash = await hashPassword(next);
  return audited(ctx, "operator.change_password", target(operatorId), async (tx) => {
    await store.lockOperators(tx);
    // Of two changes at once the second was asked with a password that is no longer the present one.
    if ((await mustExist(tx, operatorId)).passwordHash !== known.passwordHash)
      throw new Refusal("conflict", "The password was changed a moment ago, elsewhere.");
    await store.markPassword(tx, operatorId, passwordHash, false, ctx.now);
    // Whoever knew the old one may have made tokens with it.
    await markTokensRevoked(tx, operatorId, ctx.now);
    return { endedSessions: await markSessionsRevoked(tx, operatorId, ctx.now, sessionId) };
  });
}

/** What somebody has yet to do before anything else is open to them; null when it is. */
export const firstToDo = (actor: Actor): string | null => {
  if (actor.kind !== "operator") return null;
  return actor.mustChangePassword ? CHOOSE_FIRST : actor.mustSetSecondFactor ? SET_FIRST : null;
};

/** Refuses what somebody asks for before that, and writes the attempt down; `what` is the request's method and path. */
export async function refuseEarly(ctx: Ctx, what: string): Promise<never> {
  const first = firstToDo(ctx.actor) ?? CHOOSE_FIRST;
  await writeDenial(ctx, "operator.act_early", { kind: "request", id: what, zones: [] }, first);
  throw new Refusal("forbidden", first, { action: "operator.act_early" });
}

/** Everybody with role, zones and last visit; administrators only, since it lists e-mail addresses. */
export async function listOperators(ctx: Ctx): Promise<PeopleView> {
  const permission = can(ctx.actor, "operator.change", []);
  if (!permission.ok) throw new Refusal("forbidden", permission.reason);
  return { now: ctx.now, ...(await store.selectOperators(ctx.db)) };
}

/** One person with open sessions and personal tokens: oneself, or anybody for an administrator. */
export async function readOperator(ctx: Ctx, { operatorId }: { operatorId: string }): Promise<PersonView> {
  const own = ctx.actor.kind === "operator" && ctx.actor.operatorId === operatorId;
  const permission = can(ctx.actor, "operator.change", []);
  if (!own && !permission.ok) throw new Refusal("forbidden", permission.reason);
  const [operator, sessions, tokens] = await Promise.all([
    store.selectListed(ctx.db, operatorId),
    openSessionsOf(ctx.db, operatorId, ctx.now),
    selectTokens(ctx.db, { operatorId }, ctx.now),
  ]);
  if (!operator) throw noSuchOperator();
  return { now: ctx.now, operator, sessions, tokens };
}

/** Active people by name, to assign work to; for everybody who is signed in. */
export async function listNames(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  const { operators } = await store.selectOperators(ctx.db);
  return operators.filter((operator) => operator.active).map(({ id, name }) => ({ id, name }));
}

async function mustExist(db: Db, id: string): Promise<store.Credentials> {
  const known = await store.selectOperator(db, id);
  if (!known) throw noSuchOperator();
  return known;
}

const noSuchOperator = () => new Refusal("not_found", "There is no such operator.");
const standingOf = ({ role, zones, active }: Standing): Standing => ({ role, zones, active });
