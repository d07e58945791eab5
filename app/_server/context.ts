import type { Actor, Ctx } from "@/lib/context";
import { Refusal } from "@/lib/refusal";
import { actorOf } from "./session";
import { store } from "./store";

/** What the doors give to verbs: here the actor is always a person. */
export type WebCtx = Ctx & { actor: Extract<Actor, { kind: "operator" }> };

/** The store, the time, and who asks; a Refusal for strangers. */
export async function contextOf(headers: Headers): Promise<WebCtx> {
  const now = Date.now();
  const actor = await actorOf(headers, now);
  if (!actor) throw new Refusal("unauthenticated", "Sign in to go on.");
  return { db: store().db, actor, now };
}
