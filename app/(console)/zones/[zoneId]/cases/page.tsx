import type { Metadata } from "next";
import { requireContext } from "@/app/_server/page";
import { ZoneCasesScreen } from "@/components/zones/zone-cases-screen";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Cases, ${decodeURIComponent((await params).zoneId)}` };
}

export default async function ZoneCasesPage({ params }: Props) {
  await requireContext();
  return <ZoneCasesScreen zoneId={decodeURIComponent((await params).zoneId)} />;
}
