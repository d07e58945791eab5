import type { Metadata } from "next";
import { requireContext } from "@/app/_server/page";
import { ZoneLettersScreen } from "@/components/zones/zone-letters-screen";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Dead letters, ${decodeURIComponent((await params).zoneId)}` };
}

export default async function ZoneLettersPage({ params }: Props) {
  await requireContext();
  return <ZoneLettersScreen zoneId={decodeURIComponent((await params).zoneId)} />;
}
