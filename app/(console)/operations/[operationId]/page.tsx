import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { OperationScreen } from "@/components/operations/operation-screen";
import { operationQuery } from "@/components/operations/queries";
import { parseOperationId } from "@/lib/operations/input";
import { readOperation } from "@/lib/operations/reading";

type Props = { params: Promise<{ operationId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `OP-${decodeURIComponent((await params).operationId)}` };
}

export default async function OperationPage({ params }: Props) {
  const operationId = decodeURIComponent((await params).operationId);
  const state = await hydrate([
    { queryKey: operationQuery(operationId).queryKey, run: async (ctx) => readOperation(ctx, parseOperationId({ operationId })) },
  ]);
  return (
    <HydrationBoundary state={state}>
      <OperationScreen operationId={operationId} />
    </HydrationBoundary>
  );
}
