import { answer } from "./answer";
import { bodyOf, idempotencyKeyOf } from "./body";
import { contextOf, type WebCtx } from "./context";
import { refuseForeign } from "./origin";
import type { Route } from "./read";

/** A door for writing: from our own pages, once per `Idempotency-Key`, which the input carries as `key`. Who may is the verb's to say. */
export function write<I, O>(
  parse: (input: Record<string, unknown>) => I,
  verb: (ctx: WebCtx, input: I) => Promise<O>,
): (request: Request, route: Route) => Promise<Response> {
  return (request, route) =>
    answer(request, async () => {
      refuseForeign(request.headers);
      const ctx = await contextOf(request.headers);
      const key = idempotencyKeyOf(request.headers);
      return verb(ctx, parse({ ...(await bodyOf(request)), ...(await route.params), key }));
    });
}
