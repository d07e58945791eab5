import { type DehydratedState, dehydrate, QueryClient, type QueryKey } from "@tanstack/react-query";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { signedIn, type WebCtx } from "./context";
import { refusalOf } from "./fault";

/** The ctx of the page that is being rendered, one per request; strangers are sent to sign in and back again. */
export const requireContext = cache(async (): Promise<WebCtx> => {
  const asked = await headers();
  const ctx = await signedIn(asked).catch((error: unknown) => {
    if (refusalOf(error)?.kind === "unauthenticated") return null;
    throw error;
  });
  return ctx ?? redirect(`/sign-in?from=${encodeURIComponent(asked.get("x-accord-path") ?? "/")}`);
});

/** One thing a page needs: its query key, and the verb that answers it. */
export type PageQuery = { queryKey: QueryKey; run: (ctx: WebCtx) => Promise<unknown> };

/** Answers a page's queries on the server, for a HydrationBoundary. What fails here is asked again by the browser, which shows why. */
export async function hydrate(queries: readonly PageQuery[]): Promise<DehydratedState> {
  const ctx = await requireContext();
  const client = new QueryClient();
  await Promise.all(queries.map(({ queryKey, run }) => client.prefetchQuery({ queryKey, queryFn: () => run(ctx) })));
  return dehydrate(client);
}
