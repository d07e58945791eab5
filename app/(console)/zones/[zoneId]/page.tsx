import type { Metadata } from "next";
import { ZoneScreen } from "@/components/zones/zone-screen";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).zoneId) };
}

export default async function ZonePage({ params }: Props) {
  return <ZoneScreen zoneId={decodeURIComponent((await params).zoneId)} />;
}
