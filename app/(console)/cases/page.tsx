import type { Metadata } from "next";
import { list } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { CasesScreen } from "@/components/cases/cases-screen";
import { caseFilterOf, caseSearch } from "@/components/cases/filter";
import { casesQuery } from "@/components/cases/queries";
import { parseCases } from "@/lib/cases/input";
import { listCases } from "@/lib/cases/reading";

export const metadata: Metadata = { title: "Cases" };

export default page((_, search) => {
  const filter = caseSearch(caseFilterOf(search));
  return {
    needs: [list(casesQuery(filter.toString()), parseCases, listCases, Object.fromEntries(filter))],
    screen: <CasesScreen />,
  };
});
