import type { Ctx } from "../context";
import { Refusal } from "../refusal";
import { passwordMatches } from "./password.rules";
import { isFresh } from "./sessions/rules";
import { selectProof } from "./sessions/sql";
import { throttle, throttleKey } from "./sign-in/rules";
import { claimAttempt, deleteThrottle } from "./sign-in/sql";
import type { ProofAsked } from "./views";

/** What whoever has no password here is told. */
export const SIGN_IN_AGAIN =
  "Sign in once more first: a secret of yours outlives this session, so it takes a sign-in of the last ten minutes.";
const PASSWORD_FIRST = "password: is missing. A secret of yours outlives this session, so it takes your present password.";

/**
 * What has to be shown before a secret of one's own is made: nothing right after a sign-in through a provider, else the present password of
 * who has one, else another sign-in. A session alone may have been left open, or stolen.
 */
export async function proofAsked({ db, actor, now }: Ctx): Promise<ProofAsked> {
  const known = actor.kind === "operator" && actor.sessionId !== null ? await selectProof(db, actor.sessionId) : null;
  if (known && isFresh(known, now)) return "nothing";
  return known?.passwordHash ? "password" : "sign_in";
}

/** Refuses who does not show it. */
export async function mustProve(ctx: Ctx, password: string | undefined): Promise<void> {
  const { actor } = ctx;
  const asked = await proofAsked(ctx);
  if (asked === "nothing") return;
  if (asked === "sign_in" || actor.kind !== "operator") throw new Refusal("forbidden", SIGN_IN_AGAIN, { proof: asked });
  if (password === undefined) throw new Refusal("invalid", PASSWORD_FIRST, { field: "password" });
  const known = await selectProof(ctx.db, actor.sessionId!);
  await mustKnow(ctx, { email: actor.email, passwordHash: known?.passwordHash ?? null }, password, "password");
}

/** Refuses a wrong present password, counted as a failed sign-in is: a stolen session must not become a place to guess at. */
export async function mustKnow(
  { db, now }: Ctx,
  { email, passwordHash }: { email: string; passwordHash: string | null },
  typed: string,
  field: string,
): Promise<void> {
  const key = throttleKey("email", email);
  const blockedUntil = await claimAttempt(db, key, throttle.freePerEmail, now);
  if (blockedUntil !== null)
    throw new Refusal("throttled", "Too many wrong passwords. Try again later.", {
      blockedUntil,
      retryAfterS: Math.ceil((blockedUntil - now) / 1_000),
    });
  if (!(await passwordMatches(typed, passwordHash))) throw new Refusal("invalid", "The present password is wrong.", { field });
  await deleteThrottle(db, key);
}
