import { auditedOnce } from "../audited";
import type { Ctx, Person, Service } from "../context";
import type { Db } from "../db/pool";
import { can } from "../permissions";
import { Refusal } from "../refusal";
import { days, type Instant } from "../time";
import type { TokenRequest } from "./input";
import { ENDED_KEPT_MS, excessOf, isLive, isUseStale, narrowed, tokenLimits } from "./rules";
import { makeSecret, prefixOf, secretHash } from "./secret.rules";
import * as store from "./sql";
import type { MadeToken, TokensView } from "./views";

const target = (id: string) => ({ kind: "token", id, zones: [] });
const SWEEP_MAX = 1_000;

/**
 * Makes a token and shows its secret this once: a personal one for whoever is signed in, a service's for administrators.
 * The same key again is the same token, without its secret.
 */
export async function createToken(ctx: Ctx, request: TokenRequest): Promise<MadeToken> {
  const { actor } = ctx;
  const { key: _, ...asked } = request;
  const secret = makeSecret();
  const { value, repeated } = await auditedOnce(
    ctx,
    request.kind === "service" ? "token.create_service" : "token.create",
    request,
    async () => ({
      // By its name: there is no id yet.
      target: target(request.name),
      change: async (tx) => {
        const { operatorId, role, zones } = actor as Person;
        const excess = request.kind === "personal" ? excessOf(request, { role, zones }) : null;
        if (excess) throw new Refusal("invalid", excess.message, { field: excess.field });
        const fresh = { ...asked, operatorId, secretHash: secretHash(secret), prefix: prefixOf(secret) };
        const id = await store.insertToken(tx, { ...fresh, expiresAt: ctx.now + days(request.expiresInDays) }, ctx.now);
        if (id === null) throw await whyNone(tx, request);
        return { id };
      },
      entry: { detail: ({ id }) => ({ tokenId: id, ...asked }) },
    }),
  );
  const token = await store.selectToken(ctx.db, value.id);
  if (!token) throw new Refusal("not_found", "The token of this Idempotency-Key has ended and is forgotten. Send a new key.");
  return { token, secret: repeated ? null : secret, repeated };
}

async function whyNone(tx: Db, { kind, name }: TokenRequest): Promise<Refusal> {
  if (kind === "service" && (await store.selectServiceByName(tx, name)))
    return new Refusal("conflict", `There is a service token "${name}" already. Revoke it first, or take another name.`, {
      field: "name",
    });
  return new Refusal(
    "conflict",
    `You have ${tokenLimits.liveMax} live tokens, which is the most. Revoke one that is not needed.`,
  );
}

/** Ends a token: one's own freely, another's as an administrator. It opens nothing from the next request on. */
export async function revokeToken(ctx: Ctx, request: { tokenId: string; key?: string }): Promise<{ ended: boolean }> {
  const token = await store.selectToken(ctx.db, request.tokenId);
  const own = token?.kind === "personal" && ctx.actor.kind === "operator" && token.operatorId === ctx.actor.operatorId;
  const { value } = await auditedOnce(ctx, own ? "token.revoke" : "token.revoke_other", request, async () => ({
    target: target(request.tokenId),
    change: async (tx) => {
      if (!token) throw new Refusal("not_found", "There is no such token.");
      return { ended: await store.markTokenRevoked(tx, token.id, ctx.now) };
    },
    entry: { detail: ({ ended }) => ({ name: token?.name, kind: token?.kind, ended }) },
  }));
  return value;
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
