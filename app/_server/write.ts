import type { Parser } from "@/lib/parsing";
import { answer } from "./answer";
import { bodyOf, idempotencyKeyOf } from "./body";
import { contextOf, type WebCtx } from "./context";
import { refuseForeign } from "./origin";
import type { Door, Route } from "./read";

/** A door for writing: from our own pages, once per `Idempotency-Key`, which the input carries as `key`. Who may is the verb's to say. */
export function write<I, O>(parse: Parser<I>, verb: (ctx: WebCtx, input: I) => Promise<O>): Door {
  const door = (request: Request, route: Route) =>
    answer(request, async () => {
      refuseForeign(request.headers);
      const ctx = await contextOf(request.headers);
      const key = idempotencyKeyOf(request.headers);
      return verb(ctx, parse({ ...(await bodyOf(request)), ...(await route.params), key }));
    });
  return Object.assign(door, { takes: parse.shape });
}
