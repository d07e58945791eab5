import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache, type ReactNode } from "react";
import { signedIn } from "./context";
import { refusalOf } from "./fault";
import type { Need, PageCtx } from "./needs";

/** The ctx of the page that is being rendered, one per request; strangers are sent to sign in and back again, and who has no password of their own yet, or lacks a second factor, to get one. */
const requireContext = cache(async (): Promise<PageCtx> => {
  const asked = await headers();
  const ctx = await signedIn(asked).catch((error: unknown) => {
    if (refusalOf(error)?.kind === "unauthenticated") return null;
    throw error;
  });
  const from = encodeURIComponent(asked.get("x-accord-path") ?? "/");
  if (ctx === null) return redirect(`/sign-in?from=${from}`);
  if (ctx.actor.mustChangePassword) return redirect(`/password?from=${from}`);
  return ctx.actor.mustSetSecondFactor ? redirect(`/second-factor?from=${from}`) : ctx;
});

/** What stands in it finds its needs answered. What fails here is asked again by the browser, which shows why. */
export async function Hydrated({ needs, children }: { needs: readonly Need[]; children: ReactNode }) {
  const ctx = await requireContext();
  const client = new QueryClient();
  await Promise.all(needs.map((need) => need(ctx, client)));
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}

type Names<P extends string> = Promise<Record<P, string>>;
/** What follows an address's question mark; of a name that is given twice the first counts, as on the screens. */
type Search = Readonly<Record<string, string | undefined>>;

/** A page of the console: what its screen needs at first paint, by what the address says and who looks, and the screen. */
export function page<P extends string = never>(
  of: (names: Record<P, string>, search: Search, ctx: PageCtx) => { needs: readonly Need[]; screen: ReactNode },
) {
  return async function Page({
    params,
    searchParams,
  }: {
    params: Names<P>;
    searchParams: Promise<Record<string, string | string[] | undefined>>;
  }) {
    const search = Object.entries(await searchParams).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
    const { needs, screen } = of(await decoded(params), Object.fromEntries(search), await requireContext());
    return <Hydrated needs={needs}>{screen}</Hydrated>;
  };
}

/** The title of a page whose address names something. */
export const titled =
  <P extends string>(title: (names: Record<P, string>) => string) =>
  async ({ params }: { params: Names<P> }): Promise<Metadata> => ({ title: title(await decoded(params)) });

async function decoded<P extends string>(params: Names<P>): Promise<Record<P, string>> {
  const pairs = Object.entries<string>(await params).map(([name, value]) => [name, decodeURIComponent(value)]);
  return Object.fromEntries(pairs) as Record<P, string>;
}
