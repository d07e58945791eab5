import type { Metadata } from "next";
import { ZonesScreen } from "@/components/zones/zones-screen";

export const metadata: Metadata = { title: "Zones" };

export default function ZonesPage() {
  return <ZonesScreen />;
}
