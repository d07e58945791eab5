import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { reportQuery, reportSearch } from "@/components/objectives/queries";
import { ReportScreen } from "@/components/objectives/report-screen";
import { parseReport } from "@/lib/objectives/input";
import { readReport } from "@/lib/objectives/report";

export const metadata: Metadata = { title: "Promises" };

export default page((_, { month, owner }) => {
  const search = reportSearch({ ...(month !== undefined && { month }), ...(owner !== undefined && { owner }) });
  return {
    needs: [one(reportQuery(search), parseReport, readReport, Object.fromEntries(new URLSearchParams(search)))],
    screen: <ReportScreen search={search} />,
  };
});
