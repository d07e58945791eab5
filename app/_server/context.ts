import { actorId, type Ctx, type Person, type Service } from "@/lib/context";
import { firstToDo } from "@/lib/operators/service";
import { Refusal } from "@/lib/refusal";
import { actorOfToken } from "@/lib/tokens/service";
import { addressOf } from "./address";
import { bearerOf } from "./bearer";
import { spend } from "./rate-limit";
import { actorOf } from "./session";
import { store } from "./store";

/** What the route handlers give to verbs: here somebody asks, never the worker. */
export type WebCtx = Ctx & { actor: Person | Service };

/** The store, the time, and who asks: by the token that is shown, else by the session; a Refusal for strangers. */
export async function contextOf(headers: Headers): Promise<WebCtx> {
  const ctx = await earlyContextOf(headers);
  const first = firstToDo(ctx.actor);
  if (first !== null) throw new Refusal("forbidden", first);
  return ctx;
}

/** Whether who asks has something to do before this is open: a password of their own to choose, or a second factor to set up. */
export const isEarly = ({ actor }: WebCtx, early: Openness["early"]): boolean =>
  early === "factor" ? actor.kind === "operator" && actor.mustChangePassword === true : !early && firstToDo(actor) !== null;

/** How a route is open: `early` to those, too, who have yet to choose a password of their own; `factor` to those who have one and lack a second factor. */
export type Openness = { early?: boolean | "factor" };

/** The same for what is open to those, too. */
export async function earlyContextOf(headers: Headers): Promise<WebCtx> {
  const token = bearerOf(headers);
  const now = Date.now();
  // A token that counts for nothing is no reason to look for a cookie: whoever shows one wants to be nobody else.
  const actor = token === null ? await actorOf(headers, now) : await actorOfToken(store().db, token, now);
  // A person's tokens and sessions share what the person may ask; a service has its own.
  if (actor) spend("actors", actorId(actor), now);
  else {
    spend("strangers", addressOf(headers) ?? "nowhere", now);
    throw token === null ? stranger() : new Refusal("unauthenticated", "This token is not known, or counts no more.");
  }
  return { db: store().db, actor, now };
}

/** The same for pages, which are for people in a browser: who is signed in, whatever token is shown. */
export async function signedIn(headers: Headers): Promise<Ctx & { actor: Person }> {
  const now = Date.now();
  const actor = await actorOf(headers, now);
  if (actor) spend("actors", actorId(actor), now);
  else {
    spend("strangers", addressOf(headers) ?? "nowhere", now);
    throw stranger();
  }
  return { db: store().db, actor, now };
}

const stranger = () => new Refusal("unauthenticated", "Sign in to go on.");
