import type { Ctx, Person, Service } from "@/lib/context";
import { Refusal } from "@/lib/refusal";
import { actorOfToken } from "@/lib/tokens/service";
import { bearerOf } from "./bearer";
import { actorOf } from "./session";
import { store } from "./store";

/** What the doors give to verbs: here somebody asks, never the worker. */
export type WebCtx = Ctx & { actor: Person | Service };

/** The store, the time, and who asks: by the token that is shown, else by the session; a Refusal for strangers. */
export async function contextOf(headers: Headers): Promise<WebCtx> {
  const token = bearerOf(headers);
  if (token === null) return signedIn(headers);
  const { db } = store();
  const now = Date.now();
  // A token that counts for nothing is no reason to look for a cookie: whoever shows one wants to be nobody else.
  const actor = await actorOfToken(db, token, now);
  if (!actor) throw new Refusal("unauthenticated", "This token is not known, or counts no more.");
  return { db, actor, now };
}

/** The same for pages, which are for people in a browser: who is signed in, whatever token is shown. */
export async function signedIn(headers: Headers): Promise<Ctx & { actor: Person }> {
  const now = Date.now();
  const actor = await actorOf(headers, now);
  if (!actor) throw new Refusal("unauthenticated", "Sign in to go on.");
  return { db: store().db, actor, now };
}
