import type { z } from "zod";
import type { Parser } from "@/lib/parsing";
import { answer } from "./answer";
import { contextOf, earlyContextOf, type Openness, type WebCtx } from "./context";
import { type Params, valuesOf } from "./values";

/** What Next hands to a route. */
export type Route = { params: Promise<Params> };

/** A route's handler with what the API's document says of it: the shape of its input, and the kind of an answer that is no value in JSON. */
export type RouteHandler<O = unknown> = ((request: Request, route: Route) => Promise<Response>) & {
  readonly takes: z.ZodType;
  readonly gives?: string;
  /** What the verb gives back: for the compiler only, never set. */
  readonly value?: O;
};

/** A route handler for reading: who is signed in gets what the verb says, as JSON. */
export function read<I, O>(
  parse: Parser<I>,
  verb: (ctx: WebCtx, input: I) => Promise<O>,
  { early = false }: Openness = {},
): RouteHandler<O> {
  const handler = (request: Request, route: Route) =>
    answer(request, async () => {
      const ctx = await (early ? earlyContextOf : contextOf)(request.headers);
      return verb(ctx, parse({ ...valuesOf(new URL(request.url).searchParams), ...(await route.params) }));
    });
  return Object.assign(handler, { takes: parse.shape });
}
