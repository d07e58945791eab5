import type { Metadata } from "next";
import { requireContext } from "@/app/_server/page";
import { ZoneSagasScreen } from "@/components/zones/zone-sagas-screen";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Sagas, ${decodeURIComponent((await params).zoneId)}` };
}

export default async function ZoneSagasPage({ params }: Props) {
  await requireContext();
  return <ZoneSagasScreen zoneId={decodeURIComponent((await params).zoneId)} />;
}
