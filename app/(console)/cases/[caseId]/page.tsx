import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { CaseScreen } from "@/components/cases/case-screen";
import { caseQuery } from "@/components/cases/queries";
import { parseCaseId } from "@/lib/cases/input";
import { readCase } from "@/lib/cases/reading";

type Props = { params: Promise<{ caseId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `CASE-${decodeURIComponent((await params).caseId)}` };
}

export default async function CasePage({ params }: Props) {
  const caseId = decodeURIComponent((await params).caseId);
  const state = await hydrate([
    { queryKey: caseQuery(caseId).queryKey, run: async (ctx) => readCase(ctx, parseCaseId({ caseId })) },
  ]);
  return (
    <HydrationBoundary state={state}>
      <CaseScreen caseId={caseId} />
    </HydrationBoundary>
  );
}
