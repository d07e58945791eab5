import type { Metadata } from "next";
import { requireContext } from "@/app/_server/page";
import { CasesScreen } from "@/components/cases/cases-screen";

export const metadata: Metadata = { title: "Cases" };

export default async function CasesPage() {
  await requireContext();
  return <CasesScreen />;
}
