import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { filterSearch } from "@/components/sagas/filter";
import { sagasQuery } from "@/components/sagas/queries";
import { SagasScreen } from "@/components/sagas/sagas-screen";
import { parseSagaFilter } from "@/lib/sagas/input";
import { listSagas } from "@/lib/sagas/service";

export const metadata: Metadata = { title: "Sagas" };

type Props = { searchParams: Promise<{ q?: string | string[] }> };

export default async function SagasPage({ searchParams }: Props) {
  const { q } = await searchParams;
  const search = filterSearch(typeof q === "string" ? q : "");
  const state = await hydrate([
    {
      queryKey: sagasQuery(search).queryKey,
      run: async (ctx) => ({
        pages: [await listSagas(ctx, parseSagaFilter(Object.fromEntries(new URLSearchParams(search))))],
        pageParams: [null],
      }),
    },
  ]);
  return (
    <HydrationBoundary state={state}>
      <SagasScreen />
    </HydrationBoundary>
  );
}
