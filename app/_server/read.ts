import type { z } from "zod";
import type { Parser } from "@/lib/parsing";
import { answer } from "./answer";
import { contextOf, type WebCtx } from "./context";

/** What an address says: route and query, texts all of them; a name that is given twice is a list. */
export type Params = Record<string, string | string[]>;
/** What Next hands to a route. */
export type Route = { params: Promise<Params> };

/** A route's handler with what the API's document says of it: the shape of its input, and the kind of an answer that is no value in JSON. */
export type Door = ((request: Request, route: Route) => Promise<Response>) & {
  readonly takes: z.ZodType;
  readonly gives?: string;
};

/** A door for reading: who is signed in gets what the verb says, as JSON. */
export function read<I, O>(parse: Parser<I>, verb: (ctx: WebCtx, input: I) => Promise<O>): Door {
  const door = (request: Request, route: Route) =>
    answer(request, async () => {
      const ctx = await contextOf(request.headers);
      return verb(ctx, parse({ ...queryOf(request), ...(await route.params) }));
    });
  return Object.assign(door, { takes: parse.shape });
}

function queryOf(request: Request): Params {
  const query = new URL(request.url).searchParams;
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name);
      return [name, values.length > 1 ? values : values[0]!];
    }),
  );
}
