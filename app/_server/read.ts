import { answer } from "./answer";
import { contextOf, type WebCtx } from "./context";

/** What an address says: route and query, texts all of them; a name that is given twice is a list. */
export type Params = Record<string, string | string[]>;
/** What Next hands to a route. */
export type Route = { params: Promise<Params> };

/** A door for reading: who is signed in gets what the verb says, as JSON. */
export function read<I, O>(
  parse: (params: Params) => I,
  verb: (ctx: WebCtx, input: I) => Promise<O>,
): (request: Request, route: Route) => Promise<Response> {
  return (request, route) =>
    answer(request, async () => {
      const ctx = await contextOf(request.headers);
      return verb(ctx, parse({ ...queryOf(request), ...(await route.params) }));
    });
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
