import { list } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { caseFilterOf, caseSearch } from "@/components/cases/filter";
import { casesQuery } from "@/components/cases/queries";
import { ZoneCasesScreen } from "@/components/zones/zone-cases-screen";
import { parseCases } from "@/lib/cases/input";
import { listCases } from "@/lib/cases/reading";
import { zoneNeed } from "../zone-need";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => `Cases, ${zoneId}`);

export default page<"zoneId">((names, search) => {
  const filter = caseSearch({ ...caseFilterOf(search), zone: names.zoneId });
  return {
    needs: [zoneNeed(names), list(casesQuery(filter.toString()), parseCases, listCases, Object.fromEntries(filter))],
    screen: <ZoneCasesScreen {...names} />,
  };
});
