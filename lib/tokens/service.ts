import { createHash } from "node:crypto";
import { audited } from "../audited";
import type { Ctx, Person, Service } from "../context";
import type { Db } from "../db/pool";
import { can } from "../permissions";
import { Refusal } from "../refusal";
import { days, type Instant } from "../time";
import type { TokenWish } from "./input";
import { ENDED_KEPT_MS, excessOf, isLive, isUseStale, narrowed, type Token, tokenLimits } from "./rules";
import { makeSecret, prefixOf, secretHash } from "./secret";
import * as store from "./sql";
import type { MadeToken, TokensView } from "./views";

const target = (id: string) => ({ kind: "token", id, zones: [] });
const SWEEP_MAX = 1_000;

/**
 * Makes a token and shows its secret this once: a personal one for whoever is signed in, a service's for administrators.
 * The same key again is the same token, without its secret.
 */
export async function createToken(ctx: Ctx, wish: TokenWish): Promise<MadeToken> {
  const { actor } = ctx;
  const { key, ...asked } = wish;
  const requestHash = createHash("sha256").update(JSON.stringify(asked)).digest("hex");
  const secret = makeSecret();
  const made = await audited(
    ctx,
    wish.kind === "service" ? "token.create_service" : "token.create",
    // By its name: there is no id yet, and a key may be anything.
    target(wish.name),
    async (tx) => {
      const { operatorId, role, zones } = actor as Person;
      const excess = wish.kind === "personal" ? excessOf(wish, { role, zones }) : null;
      if (excess) throw new Refusal("invalid", excess.message, { field: excess.field });
      const fresh = {
        ...wish,
        operatorId,
        secretHash: secretHash(secret),
        prefix: prefixOf(secret),
        requestKey: key,
        requestHash,
      };
      const id = await store.insertToken(tx, { ...fresh, expiresAt: ctx.now + days(wish.expiresInDays) }, ctx.now);
      return id === null ? { id: await knownAs(tx, operatorId, wish, requestHash), repeated: true } : { id, repeated: false };
    },
    { key, detail: ({ id }) => ({ tokenId: id, ...asked }) },
  );
  const token = await shown(ctx.db, made.id);
  return { token, secret: made.repeated ? null : secret, repeated: made.repeated };
}

async function knownAs(tx: Db, operatorId: string, wish: TokenWish, requestHash: string): Promise<string> {
  const known = await store.selectByKey(tx, operatorId, wish.key);
  if (known?.requestHash === requestHash) return known.id;
  if (known)
    throw new Refusal(
      "conflict",
      `This Idempotency-Key was used for the token "${known.name}", which is another wish. Send a new key.`,
    );
  if (wish.kind === "service" && (await store.selectServiceByName(tx, wish.name)))
    throw new Refusal("conflict", `There is a service token "${wish.name}" already. Revoke it first, or take another name.`, {
      field: "name",
    });
  throw new Refusal("conflict", `You have ${tokenLimits.liveMax} live tokens, which is the most. Revoke one that is not needed.`);
}

async function shown(db: Db, id: string): Promise<Token> {
  const { requestHash: _, ...token } = (await store.selectToken(db, id))!;
  return token;
}

/** Ends a token: one's own freely, another's as an administrator. It opens nothing from the next request on. */
export async function revokeToken(ctx: Ctx, wish: { tokenId: string }): Promise<{ ended: boolean }> {
  const token = await store.selectToken(ctx.db, wish.tokenId);
  const own = token?.kind === "personal" && ctx.actor.kind === "operator" && token.operatorId === ctx.actor.operatorId;
  return audited(
    ctx,
    own ? "token.revoke" : "token.revoke_other",
    target(wish.tokenId),
    async (tx) => {
      if (!token) throw new Refusal("not_found", "There is no such token.");
      return { ended: await store.markTokenRevoked(tx, token.id, ctx.now) };
    },
    { detail: ({ ended }) => ({ name: token?.name, kind: token?.kind, ended }) },
  );
}

/** One's own tokens, and those of services for administrators. */
export async function listTokens(ctx: Ctx): Promise<TokensView> {
  const { actor, db, now } = ctx;
  const own = actor.kind === "operator" ? await store.selectTokens(db, { operatorId: actor.operatorId }, now) : [];
  const services = can(actor, "token.create_service", []).ok ? await store.selectTokens(db, "services", now) : null;
  return { now, own, services };
}

/** Whom a secret speaks for, with role and zones as they are now. Null when it is unknown, revoked or expired, or its owner inactive. */
export async function actorOfToken(db: Db, secret: string, now: Instant): Promise<Person | Service | null> {
  const token = await store.selectByHash(db, secretHash(secret));
  if (!token || !isLive(token, now)) return null;
  const { owner, operatorId, operatorName, role, zones } = token;
  if (token.kind === "personal" && !owner.active) return null;
  if (isUseStale(token, now)) await store.markTokenUsed(db, token.id, now);
  const ref = { id: token.id, name: token.name };
  if (token.kind === "service") return { kind: "service", name: token.name, role, zones, token: ref };
  const standing = narrowed({ role, zones }, owner);
  return { kind: "operator", operatorId, name: operatorName, email: owner.email, ...standing, sessionId: null, token: ref };
}

/** Forgets tokens a month after they expired; for the worker's clock. The audit keeps who made and revoked them. */
export async function sweepTokens(db: Db, now: Instant): Promise<void> {
  await store.deleteEndedTokens(db, now - ENDED_KEPT_MS, SWEEP_MAX);
}
