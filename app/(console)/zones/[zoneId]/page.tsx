import { one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { zoneChartsQuery } from "@/components/zones/queries";
import { usualRange } from "@/components/zones/words";
import { ZoneScreen } from "@/components/zones/zone-screen";
import { rangeOf } from "@/lib/range";
import { readZoneCharts } from "@/lib/zones/charts";
import { parseCharts } from "@/lib/zones/input";
import { zoneNeed } from "./zone-need";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => zoneId);

export default page<"zoneId">((names, search) => ({
  needs: [
    zoneNeed(names, ({ zone, now }) => {
      const range = search.range !== undefined && rangeOf(search.range) ? search.range : usualRange(zone, now);
      return [one(zoneChartsQuery(names.zoneId, range), parseCharts, readZoneCharts, { ...names, range })];
    }),
  ],
  screen: <ZoneScreen {...names} />,
}));
