import { refuseEarly } from "@/lib/operators/service";
import type { Parser } from "@/lib/parsing";
import { answer } from "./answer";
import { bearerOf } from "./bearer";
import { bodyOf, idempotencyKeyOf } from "./body";
import { earlyContextOf, isEarly, type Openness, type WebCtx } from "./context";
import { refuseForeign } from "./origin";
import type { Route, RouteHandler } from "./read";

/** A route handler for writing: from our own pages or by a token, once per `Idempotency-Key`, which the input carries as `key`. Who may is the verb's to say. */
export function write<I, O>(
  parse: Parser<I>,
  verb: (ctx: WebCtx, input: I) => Promise<O>,
  { early = false }: Openness = {},
): RouteHandler<O> {
  const handler = (request: Request, route: Route) =>
    answer(request, async () => {
      // No other site can make a browser show a token.
      if (bearerOf(request.headers) === null) refuseForeign(request.headers);
      const ctx = await earlyContextOf(request.headers);
      if (isEarly(ctx, early)) await refuseEarly(ctx, `${request.method} ${new URL(request.url).pathname}`);
      const key = idempotencyKeyOf(request.headers);
      return verb(ctx, parse({ ...(await bodyOf(request)), ...(await route.params), key }));
    });
  return Object.assign(handler, { takes: parse.shape });
}
