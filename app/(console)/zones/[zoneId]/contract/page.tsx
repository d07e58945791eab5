import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { ContractScreen } from "@/components/contracts/contract-screen";
import { contractQuery } from "@/components/contracts/queries";
import { readContractTab } from "@/lib/contracts/service";
import { parseZoneId } from "@/lib/zones/input";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Contract of ${decodeURIComponent((await params).zoneId)}` };
}

export default async function ContractPage({ params }: Props) {
  const zoneId = decodeURIComponent((await params).zoneId);
  const state = await hydrate([
    { queryKey: contractQuery(zoneId).queryKey, run: async (ctx) => readContractTab(ctx, parseZoneId({ zoneId })) },
  ]);
  return (
    <HydrationBoundary state={state}>
      <ContractScreen zoneId={zoneId} />
    </HydrationBoundary>
  );
}
