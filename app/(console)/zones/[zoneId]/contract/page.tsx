import type { Metadata } from "next";
import { ContractScreen } from "@/components/contracts/contract-screen";

type Props = { params: Promise<{ zoneId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Contract of ${decodeURIComponent((await params).zoneId)}` };
}

export default async function ContractPage({ params }: Props) {
  return <ContractScreen zoneId={decodeURIComponent((await params).zoneId)} />;
}
