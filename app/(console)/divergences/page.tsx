import type { Metadata } from "next";
import { list, one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { DivergencesScreen } from "@/components/reconciliation/divergences-screen";
import { divergenceFilterOf, searchOf } from "@/components/reconciliation/filter";
import { divergencesQuery, rulesQuery } from "@/components/reconciliation/queries";
import { parseDivergences, parseRules } from "@/lib/reconciliation/input";
import { readRules } from "@/lib/reconciliation/running";
import { listDivergences } from "@/lib/reconciliation/service";

export const metadata: Metadata = { title: "Divergences" };

export default page((_, search) => {
  const filter = searchOf(divergenceFilterOf(search));
  return {
    needs: [
      list(divergencesQuery(filter.toString()), parseDivergences, listDivergences, Object.fromEntries(filter)),
      one(rulesQuery(null), parseRules, readRules, {}),
    ],
    screen: <DivergencesScreen />,
  };
});
