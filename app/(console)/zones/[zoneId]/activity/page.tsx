import type { Metadata } from "next";
import { requireContext } from "@/app/_server/page";
import { ZoneActivityScreen } from "@/components/zones/zone-activity-screen";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Activity, ${decodeURIComponent((await params).zoneId)}` };
}

export default async function ZoneActivityPage({ params }: Props) {
  await requireContext();
  return <ZoneActivityScreen zoneId={decodeURIComponent((await params).zoneId)} />;
}
