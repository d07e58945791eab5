import type { DataTag, InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import type { Ctx, Person } from "@/lib/context";
import type { Parser } from "@/lib/parsing";

/** Pages are for people. */
export type PageCtx = Ctx & { actor: Person };

/** One thing that a page shows at its first paint, put into the client that travels with the page. */
export type Need = (ctx: PageCtx, client: QueryClient) => Promise<void>;
type Verb<I, O> = (ctx: PageCtx, input: I) => Promise<O>;
type Query<T> = { queryKey: DataTag<QueryKey, T, Error> };

/** A query, and what answers it on the server: the parser and the verb of its route handler. `then` says what depends on the answer. */
export function one<I, T>(
  query: Query<T>,
  parse: Parser<I>,
  verb: Verb<I, NoInfer<T>>,
  input: unknown,
  then?: (data: T) => Need[],
): Need {
  const { queryKey } = query;
  return async (ctx, client) => {
    await client.prefetchQuery({ queryKey, queryFn: async () => verb(ctx, parse(input)) });
    const data = client.getQueryData<T>(queryKey);
    if (then && data !== undefined) await Promise.all(then(data).map((need) => need(ctx, client)));
  };
}

/** The same for a list of pages, of which the first is shown. */
export function list<I, T>(
  query: Query<InfiniteData<T, unknown>>,
  parse: Parser<I>,
  verb: Verb<I, NoInfer<T>>,
  input: unknown,
): Need {
  const { queryKey } = query;
  return (ctx, client) =>
    client.prefetchQuery({ queryKey, queryFn: async () => ({ pages: [await verb(ctx, parse(input))], pageParams: [null] }) });
}
