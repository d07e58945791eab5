import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { hydrate } from "@/app/_server/page";
import { zoneQuery } from "@/components/zones/queries";
import { ZoneScreen } from "@/components/zones/zone-screen";
import { parseZoneId } from "@/lib/zones/input";
import { readZone } from "@/lib/zones/service";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).zoneId) };
}

export default async function ZonePage({ params }: Props) {
  const zoneId = decodeURIComponent((await params).zoneId);
  const state = await hydrate([
    { queryKey: zoneQuery(zoneId).queryKey, run: async (ctx) => readZone(ctx, parseZoneId({ zoneId })) },
  ]);
  return (
    <HydrationBoundary state={state}>
      <ZoneScreen zoneId={zoneId} />
    </HydrationBoundary>
  );
}
