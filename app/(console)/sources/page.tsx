import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { sourcesQuery } from "@/components/sources/queries";
import { SourcesScreen } from "@/components/sources/sources-screen";
import { readSources } from "@/lib/sources/service";

export const metadata: Metadata = { title: "Sources" };

export default async function SourcesPage() {
  const state = await hydrate([{ queryKey: sourcesQuery().queryKey, run: readSources }]);
  return (
    <HydrationBoundary state={state}>
      <SourcesScreen />
    </HydrationBoundary>
  );
}
