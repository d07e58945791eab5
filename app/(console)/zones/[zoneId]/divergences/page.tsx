import type { Metadata } from "next";
import { requireContext } from "@/app/_server/page";
import { ZoneDivergencesScreen } from "@/components/zones/zone-divergences-screen";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Divergences, ${decodeURIComponent((await params).zoneId)}` };
}

export default async function ZoneDivergencesPage({ params }: Props) {
  await requireContext();
  return <ZoneDivergencesScreen zoneId={decodeURIComponent((await params).zoneId)} />;
}
