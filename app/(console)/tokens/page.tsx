import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { tokensQuery } from "@/components/tokens/queries";
import { TokensScreen } from "@/components/tokens/tokens-screen";
import { listTokens } from "@/lib/tokens/service";

export const metadata: Metadata = { title: "Tokens" };

export default async function TokensPage() {
  const state = await hydrate([{ queryKey: tokensQuery().queryKey, run: listTokens }]);
  return (
    <HydrationBoundary state={state}>
      <TokensScreen />
    </HydrationBoundary>
  );
}
