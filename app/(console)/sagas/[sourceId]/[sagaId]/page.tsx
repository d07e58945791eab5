import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { sagaQuery } from "@/components/sagas/queries";
import { SagaScreen } from "@/components/sagas/saga-screen";
import { parseSagaId } from "@/lib/sagas/input";
import { readSaga } from "@/lib/sagas/service";

export const metadata: Metadata = { title: "Saga" };

type Props = { params: Promise<{ sourceId: string; sagaId: string }> };

export default async function SagaPage({ params }: Props) {
  const asked = await params;
  const id = { sourceId: decodeURIComponent(asked.sourceId), sagaId: decodeURIComponent(asked.sagaId) };
  const state = await hydrate([{ queryKey: sagaQuery(id).queryKey, run: async (ctx) => readSaga(ctx, parseSagaId(id)) }]);
  return (
    <HydrationBoundary state={state}>
      <SagaScreen id={id} />
    </HydrationBoundary>
  );
}
