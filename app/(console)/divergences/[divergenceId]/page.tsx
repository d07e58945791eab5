import type { Metadata } from "next";
import { requireContext } from "@/app/_server/page";
import { DivergenceScreen } from "@/components/reconciliation/divergence-screen";

type Props = { params: Promise<{ divergenceId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Divergence ${decodeURIComponent((await params).divergenceId)}` };
}

export default async function DivergencePage({ params }: Props) {
  await requireContext();
  return <DivergenceScreen divergenceId={decodeURIComponent((await params).divergenceId)} />;
}
