import type { Metadata } from "next";
import { requireContext } from "@/app/_server/page";
import { KeysScreen } from "@/components/zones/keys-screen";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Open keys, ${decodeURIComponent((await params).zoneId)}` };
}

export default async function KeysPage({ params }: Props) {
  await requireContext();
  return <KeysScreen zoneId={decodeURIComponent((await params).zoneId)} />;
}
