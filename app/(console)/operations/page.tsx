import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { OperationsScreen } from "@/components/operations/operations-screen";
import { operationsQuery } from "@/components/operations/queries";
import { listOperations } from "@/lib/operations/reading";

export const metadata: Metadata = { title: "Operations" };

export default async function OperationsPage() {
  const state = await hydrate([
    {
      queryKey: operationsQuery().queryKey,
      run: async (ctx) => ({ pages: [await listOperations(ctx, {})], pageParams: [null] }),
    },
  ]);
  return (
    <HydrationBoundary state={state}>
      <OperationsScreen />
    </HydrationBoundary>
  );
}
