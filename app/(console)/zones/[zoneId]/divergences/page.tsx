import { list, one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { divergenceFilterOf, searchOf } from "@/components/reconciliation/filter";
import { divergencesQuery, rulesQuery } from "@/components/reconciliation/queries";
import { ZoneDivergencesScreen } from "@/components/zones/zone-divergences-screen";
import { parseDivergences, parseRules } from "@/lib/reconciliation/input";
import { readRules } from "@/lib/reconciliation/running";
import { listDivergences } from "@/lib/reconciliation/service";
import { zoneNeed } from "../zone-need";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => `Divergences, ${zoneId}`);

export default page<"zoneId">((names, search) => {
  const filter = searchOf({ ...divergenceFilterOf(search), zone: names.zoneId });
  return {
    needs: [
      zoneNeed(names),
      one(rulesQuery(names.zoneId), parseRules, readRules, { zone: names.zoneId }),
      list(divergencesQuery(filter.toString()), parseDivergences, listDivergences, Object.fromEntries(filter)),
    ],
    screen: <ZoneDivergencesScreen {...names} />,
  };
});
