import { attempted, auditedOnce, permitted } from "../../audited";
import type { Ctx, Person } from "../../context";
import type { Db } from "../../db/pool";
import type { Action } from "../../permissions";
import { Refusal } from "../../refusal";
import { durationWords, type Instant } from "../../time";
import { markTokensRevoked } from "../../tokens/sql";
import { generatePassword } from "../password.rules";
import { mustProve } from "../proof";
import { markSessionsRevoked } from "../sessions/sql";
import { throttle, throttleKey } from "../sign-in/rules";
import { claimAttempt, deleteThrottle } from "../sign-in/sql";
import { selectOperator } from "../sql";
import { factorLimits, recoveryHash, sealed, typedCode, unsealed } from "./rules";
import * as store from "./sql";
import { makeTotpSecret, totpStep, totpUri } from "./totp";
import { OF_THE_PROVIDER, UNREADABLE } from "./words";

const target = (id: string) => ({ kind: "operator", id, zones: [] });
const NONE = "There is no second factor.";
const WRONG = "The code is wrong, or was used before.";

/**
 * Begins a second factor of one's own: gives the secret this once, as a text and as what an authenticator reads from a square. It counts from
 * its first code on. The same key again gives none.
 */
export async function startFactor(
  ctx: Ctx,
  { password, key }: { password?: string; key?: string },
  { sealingKey, issuer }: { sealingKey: Buffer; issuer: string },
): Promise<{ secret: string | null; uri: string | null }> {
  const person = await own(ctx, "second_factor.set");
  const secret = makeTotpSecret();
  await attempted(ctx, "second_factor.set", target(person.operatorId), async () => {
    const known = await selectOperator(ctx.db, person.operatorId);
    if (!known?.passwordHash) throw new Refusal("conflict", OF_THE_PROVIDER);
    await mustProve(ctx, password);
  });
  const { repeated } = await auditedOnce(ctx, "second_factor.set", { step: "begun", key }, async () => ({
    target: target(person.operatorId),
    change: async (tx) => {
      const begun = await store.insertFactor(tx, person.operatorId, sealed(sealingKey, secret, person.operatorId), ctx.now);
      if (!begun) throw new Refusal("conflict", "There is a second factor already. Remove it first, then set up another.");
      return {};
    },
    entry: { detail: { step: "begun" } },
  }));
  return repeated ? { secret: null, uri: null } : { secret, uri: totpUri(secret, person.email, issuer) };
}

/** Confirms the second factor by its first code, gives the recovery codes this once, and ends one's other sessions. */
export async function confirmFactor(
  ctx: Ctx,
  { code, key }: { code: string; key?: string },
  sealingKey: Buffer,
): Promise<{ recoveryCodes: string[] | null }> {
  const person = await own(ctx, "second_factor.set");
  const { operatorId } = person;
  const recoveryCodes = Array.from({ length: factorLimits.codesN }, () => generatePassword(25).toLowerCase());
  const { repeated } = await auditedOnce(ctx, "second_factor.set", { step: "confirmed", key }, async () => {
    const { factor, step } = await attempted(ctx, "second_factor.set", target(operatorId), () =>
      begunBy(ctx, operatorId, code, sealingKey),
    );
    return {
      target: target(operatorId),
      change: async (tx) => {
        if (!(await store.markConfirmed(tx, operatorId, factor.secret, step, ctx.now)))
          throw new Refusal("conflict", "The second factor was confirmed or begun anew a moment ago, elsewhere.");
        await store.insertRecoveryCodes(
          tx,
          operatorId,
          recoveryCodes.map((one) => recoveryHash(operatorId, one)),
        );
        // They were opened by the password alone.
        return { endedSessions: await markSessionsRevoked(tx, operatorId, ctx.now, person.sessionId) };
      },
      entry: { detail: ({ endedSessions }) => ({ step: "confirmed", endedSessions }) },
    };
  });
  return { recoveryCodes: repeated ? null : recoveryCodes };
}

/** Takes one's own second factor away: by the password and a code of it. */
export async function removeFactor(
  ctx: Ctx,
  { password, code, key }: { password?: string; code: string; key?: string },
  sealingKey: Buffer,
): Promise<{ removed: boolean }> {
  const person = await own(ctx, "second_factor.remove");
  const { operatorId } = person;
  const { value } = await auditedOnce(ctx, "second_factor.remove", { key }, async () => {
    await attempted(ctx, "second_factor.remove", target(operatorId), async () => {
      await mustProve(ctx, password);
      if (!(await spendCode(ctx.db, operatorId, code, sealingKey, ctx.now)))
        throw new Refusal("invalid", WRONG, { field: "code" });
    });
    return { target: target(operatorId), change: async (tx) => removed(await store.deleteFactor(tx, operatorId)) };
  });
  return value;
}

/** Takes somebody else's away, who lost their telephone and the codes, and ends their sessions and personal tokens; administrators only. */
export async function removeFactorOf(ctx: Ctx, request: { operatorId: string; key?: string }): Promise<{ removed: boolean }> {
  const { operatorId } = request;
  const { value } = await auditedOnce(ctx, "second_factor.remove_other", request, async () => ({
    target: target(operatorId),
    change: async (tx) => {
      if (ctx.actor.kind === "operator" && ctx.actor.operatorId === operatorId)
        throw new Refusal("conflict", "Your own is removed on your account's page, with your password and a code.");
      if (!(await selectOperator(tx, operatorId))) throw new Refusal("not_found", "There is no such operator.");
      const gone = removed(await store.deleteFactor(tx, operatorId));
      await markSessionsRevoked(tx, operatorId, ctx.now, null);
      await markTokensRevoked(tx, operatorId, ctx.now);
      return gone;
    },
  }));
  return value;
}

/**
 * Uses up what somebody typed, a code of the authenticator or a recovery code, and says which it was; null when it is wrong or was used before. The
 * store settles which of two with the same code is let in.
 */
export async function spendCode(
  db: Db,
  operatorId: string,
  typed: string,
  sealingKey: Buffer,
  now: Instant,
): Promise<"totp" | "recovery" | null> {
  const { kind } = typedCode(typed);
  const right = await counted(db, operatorId, now, async () => {
    if (kind === "recovery") return store.markRecoveryUsed(db, operatorId, recoveryHash(operatorId, typed), now);
    const factor = await store.selectFactor(db, operatorId);
    if (!factor?.confirmedAt) return false;
    const step = stepOf(factor, typed, operatorId, now, sealingKey);
    return step !== null && store.markStep(db, operatorId, factor.secret, step);
  });
  return right ? kind : null;
}

async function begunBy(ctx: Ctx, operatorId: string, code: string, sealingKey: Buffer) {
  const factor = await store.selectFactor(ctx.db, operatorId);
  if (!factor || ctx.now - factor.madeAt > factorLimits.pendingMs)
    throw new Refusal("conflict", "Nothing was begun in the last half hour. Begin again.");
  const step = await counted(ctx.db, operatorId, ctx.now, async () => stepOf(factor, code, operatorId, ctx.now, sealingKey));
  if (step === null) throw new Refusal("invalid", WRONG, { field: "code" });
  return { factor, step };
}

/** Judges a code, counted as a failure before: under a key of its own, which no right password forgets. */
async function counted<T>(db: Db, operatorId: string, now: Instant, judge: () => Promise<T>): Promise<T> {
  const key = throttleKey("code", operatorId);
  const blockedUntil = await claimAttempt(db, key, throttle.freePerEmail, now);
  if (blockedUntil !== null) {
    const wait = durationWords(blockedUntil - now);
    throw new Refusal("throttled", `Too many wrong codes. Try again in ${wait}.`, { blockedUntil });
  }
  const judged = await judge();
  if (judged !== null && judged !== false) await deleteThrottle(db, key);
  return judged;
}

function stepOf(factor: store.Factor, typed: string, operatorId: string, now: Instant, sealingKey: Buffer): number | null {
  const secret = unsealed(sealingKey, factor.secret, operatorId);
  if (secret === null) throw new Refusal("unavailable", UNREADABLE);
  const { kind, code } = typedCode(typed);
  return kind === "totp" ? totpStep(secret, code, now) : null;
}

function removed(was: boolean): { removed: boolean } {
  if (!was) throw new Refusal("conflict", NONE);
  return { removed: true };
}

async function own(ctx: Ctx, action: Action): Promise<Person> {
  const { actor } = ctx;
  if (actor.kind !== "operator") throw new Refusal("forbidden", "Only a person has a second factor.");
  await permitted(ctx, action, target(actor.operatorId));
  return actor;
}
