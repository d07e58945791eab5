import { denialKey } from "../../audit/rules";
import { appendAudit } from "../../audit/service";
import { insertDenial } from "../../audit/sql";
import type { Db } from "../../db/pool";
import { Refusal } from "../../refusal";
import { durationWords, type Instant } from "../../time";
import { markTokensRevoked } from "../../tokens/sql";
import { passwordMatches } from "../password.rules";
import { isKeyHolder, normalEmail } from "../rules";
import { spendCode } from "../second-factor/service";
import { selectFactor } from "../second-factor/sql";
import { CODE_ASKED, WRONG_CODE } from "../second-factor/words";
import { provedAtOf } from "../sessions/rules";
import { type From, fromDetail, openSession } from "../sessions/service";
import { markSessionsRevoked } from "../sessions/sql";
import * as people from "../sql";
import { parseCredentials } from "./input";
import {
  type Claims,
  emailIsVerified,
  type OidcMapping,
  type OidcRefusal,
  standingFromClaims,
  throttle,
  throttleKey,
} from "./rules";
import { claimAttempt, deleteThrottle, releaseAttempt } from "./sql";
import { oidcRefusalWords, WRONG_PASSWORD } from "./words";

/** Somebody who proved who they are, in the session that was opened for them. */
export type SignedIn = { operatorId: string; sessionId: string };

/**
 * Opens a session for e-mail and password, and the code of who has a second factor: without one they are asked for it. Unknown e-mail, wrong password and inactive account are one refusal in one
 * time; too many of them block the e-mail and the address for a while, which the refusal names in `detail.blockedUntil`.
 */
export async function signInWithPassword(
  db: Db,
  now: Instant,
  attempt: { email: unknown; password: unknown; code?: unknown } & From,
  sealingKey: Buffer,
): Promise<SignedIn> {
  const typed = parseCredentials(attempt);
  if (!typed) {
    await writeFailure(db, "unknown", attempt, now);
    throw new Refusal("unauthenticated", WRONG_PASSWORD);
  }
  const keys: Counted[] = [{ key: throttleKey("email", typed.email), free: throttle.freePerEmail }];
  if (attempt.ip) keys.push({ key: throttleKey("address", attempt.ip), free: throttle.freePerAddress });
  await claimAttempts(db, keys, now).catch(async (error: unknown) => {
    if (error instanceof Refusal) await writeFailure(db, "unknown", attempt, now, "throttled");
    throw error;
  });

  const known = await people.selectOperatorByEmail(db, typed.email);
  const right = await passwordMatches(typed.password, known?.passwordHash ?? null);
  if (!known || !right || !known.active) {
    await writeFailure(db, known?.id ?? "unknown", attempt, now);
    throw new Refusal("unauthenticated", typed.code ? WRONG_CODE : WRONG_PASSWORD);
  }
  const [byEmail, byAddress] = keys;
  await deleteThrottle(db, byEmail!.key);
  const second = await secondOf(db, now, known.id, typed.code, attempt, sealingKey);
  if (byAddress) await releaseAttempt(db, byAddress.key, byAddress.free);
  if (second === "asked") throw new Refusal("unauthenticated", CODE_ASKED);
  const proof = { how: "password", passwordHash: known.passwordHash!, second } as const;
  const sessionId = await openSession(db, now, known, { ip: attempt.ip, userAgent: attempt.userAgent, ...proof });
  // The password was changed while it was being checked.
  if (sessionId === null) throw new Refusal("unauthenticated", WRONG_PASSWORD);
  return { operatorId: known.id, sessionId };
}

/** What came beside the right password: nothing where nothing is asked, or a code that counts; `asked` when it is still to come. */
async function secondOf(db: Db, now: Instant, operatorId: string, code: string | undefined, from: From, sealingKey: Buffer) {
  if (!(await selectFactor(db, operatorId))?.confirmedAt) return null;
  if (!code) return "asked";
  const second = await spendCode(db, operatorId, code, sealingKey, now).catch(async (error: unknown) => {
    if (error instanceof Refusal && error.kind === "throttled") await writeFailure(db, operatorId, from, now, "throttled");
    throw error;
  });
  if (second !== null) return second;
  await writeFailure(db, operatorId, from, now, "code");
  throw new Refusal("unauthenticated", WRONG_CODE);
}

type Counted = { key: string; free: number };

async function claimAttempts(db: Db, keys: Counted[], now: Instant): Promise<void> {
  // One transaction: an attempt that one key blocks is not counted against the other.
  await db.transaction(async (tx) => {
    for (const { key, free } of keys) {
      const blockedUntil = await claimAttempt(tx, key, free, now);
      if (blockedUntil === null) continue;
      const wait = durationWords(blockedUntil - now);
      throw new Refusal("throttled", `Too many sign-ins failed. Try again in ${wait}.`, { blockedUntil });
    }
  });
}

async function writeFailure(
  db: Db,
  operatorId: string,
  from: From,
  now: Instant,
  why?: OidcRefusal | "throttled" | "code",
): Promise<void> {
  const target = { kind: "operator", id: operatorId, zones: [] };
  const entryKey = denialKey(`stranger:${from.ip}:${why}`, "session.open", target, now);
  const detail = { ...fromDetail(from), ...(why && { why }) };
  const actor = { kind: "stranger" } as const;
  await insertDenial(db, { at: now, actor, action: "session.open", target, result: "denied", detail, entryKey });
}

/**
 * Opens a session for whom a provider vouches. The identity is issuer and subject; an e-mail ties it to somebody who was
 * invited only when the provider has verified it. Refusals carry their code in `detail.code`.
 */
export async function signInWithOidc(
  db: Db,
  now: Instant,
  claims: Claims,
  mapping: OidcMapping,
  from: From = { ip: null, userAgent: "" },
): Promise<SignedIn> {
  try {
    return await openForClaims(db, now, claims, mapping, from);
  } catch (error) {
    if (error instanceof Refusal) await writeFailure(db, "unknown", from, now, error.detail.code as OidcRefusal);
    throw error;
  }
}

async function openForClaims(db: Db, now: Instant, claims: Claims, mapping: OidcMapping, from: From): Promise<SignedIn> {
  const operator = await db.transaction(async (tx) => {
    await people.lockOperators(tx);
    return operatorOfClaims(tx, now, claims, mapping);
  });
  if ("refused" in operator) throw refused(operator.refused);
  const sessionId = await openSession(db, now, operator, { ...from, how: "openid_connect", provedAt: provedAtOf(claims, now) });
  if (sessionId === null) throw refused("inactive");
  return { operatorId: operator.id, sessionId };
}

async function operatorOfClaims(
  tx: Db,
  now: Instant,
  claims: Claims,
  mapping: OidcMapping,
): Promise<people.Credentials | { refused: OidcRefusal }> {
  const oidc = { issuer: mapping.issuer, subject: String(claims.sub) };
  const known =
    (await people.selectOperatorBySubject(tx, oidc.issuer, oidc.subject)) ?? (await linked(tx, now, claims, mapping, oidc));
  if (known && !known.active) return { refused: "inactive" };
  const standing = standingFromClaims(claims, mapping, known);
  if (!standing) {
    // The provider has taken the role away: what was opened while there was one ends with it.
    if (known) await endAccess(tx, now, known.id);
    return { refused: "no_role" };
  }
  return known ? updated(tx, now, known, standing) : created(tx, now, claims, standing, oidc);
}

async function endAccess(tx: Db, now: Instant, operatorId: string): Promise<void> {
  const sessions = await markSessionsRevoked(tx, operatorId, now, null);
  const tokens = await markTokensRevoked(tx, operatorId, now);
  if (sessions + tokens > 0) await write(tx, now, "session.revoke", operatorId, { ended: sessions, tokens, why: "no_role" });
}

type Subject = { issuer: string; subject: string };

async function linked(
  tx: Db,
  now: Instant,
  claims: Claims,
  mapping: OidcMapping,
  oidc: Subject,
): Promise<people.Credentials | null> {
  const email = typeof claims.email === "string" ? normalEmail(claims.email) : "";
  if (!email) throw refused("no_email");
  if (!emailIsVerified(claims, mapping)) throw refused("unverified_email");
  const known = await people.selectOperatorByEmail(tx, email);
  if (!known) return null;
  if (known.oidcSubject !== null) throw refused("taken_email");
  await people.markSubject(tx, known.id, oidc, now);
  return known;
}

async function updated(tx: Db, now: Instant, known: people.Credentials, next: Pick<people.Credentials, "role" | "zones">) {
  const after = { ...known, ...next };
  if (known.role === next.role && JSON.stringify(known.zones) === JSON.stringify(next.zones)) return known;
  // The provider may take the last key away no more than an administrator may.
  if (isKeyHolder(known) && !isKeyHolder(after) && (await people.countKeyHolders(tx, known.id)) === 0) return known;
  await people.markStanding(tx, known.id, after, now);
  await write(tx, now, "operator.change", known.id, { before: { role: known.role, zones: known.zones }, after: next });
  return after;
}

async function created(
  tx: Db,
  now: Instant,
  claims: Claims,
  standing: Pick<people.Credentials, "role" | "zones">,
  oidc: Subject,
) {
  const email = normalEmail(String(claims.email));
  const name = typeof claims.name === "string" && claims.name.trim() ? claims.name.trim().slice(0, 100) : email;
  const id = await people.insertOperator(tx, { name, email, ...standing, passwordHash: null, passwordOnce: false, oidc }, now);
  if (id === null) throw refused("taken_email");
  await write(tx, now, "operator.invite", id, { email, ...standing });
  const noPassword = { passwordHash: null, passwordOnce: false };
  return { id, name, email, ...standing, active: true, ...noPassword, oidcIssuer: oidc.issuer, oidcSubject: oidc.subject };
}

function write(tx: Db, at: Instant, action: string, id: string, detail: Record<string, unknown>) {
  const actor = { kind: "worker", workerId: "OpenID Connect" } as const;
  return appendAudit(tx, { at, actor, action, target: { kind: "operator", id, zones: [] }, result: "done", detail });
}

const refused = (code: OidcRefusal): Refusal => new Refusal("forbidden", oidcRefusalWords[code], { code });
