import { one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { among } from "@/components/ui/among";
import { zoneChartsQuery } from "@/components/zones/queries";
import { defaultRange } from "@/components/zones/range";
import { ZoneScreen } from "@/components/zones/zone-screen";
import { readZoneCharts } from "@/lib/zones/charts";
import { parseCharts } from "@/lib/zones/input";
import { chartRanges } from "@/lib/zones/views";
import { zoneNeed } from "./zone-need";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => zoneId);

export default page<"zoneId">((names, search) => ({
  needs: [
    zoneNeed(names, ({ zone, now }) => {
      const range = among(chartRanges, search.range, defaultRange(zone.verdictSince, now));
      return [one(zoneChartsQuery(names.zoneId, range), parseCharts, readZoneCharts, { ...names, range })];
    }),
  ],
  screen: <ZoneScreen {...names} />,
}));
