import type { Metadata } from "next";
import { requireContext } from "@/app/_server/page";
import { DivergencesScreen } from "@/components/reconciliation/divergences-screen";

export const metadata: Metadata = { title: "Divergences" };

export default async function DivergencesPage() {
  await requireContext();
  return <DivergencesScreen />;
}
