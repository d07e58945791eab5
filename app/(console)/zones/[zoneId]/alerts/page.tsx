import { list } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { alertFilterOf, alertSearch } from "@/components/alerts/filter";
import { alertsQuery } from "@/components/alerts/queries";
import { ZoneAlertsScreen } from "@/components/zones/zone-alerts-screen";
import { parseAlerts } from "@/lib/alerts/input";
import { listAlerts } from "@/lib/alerts/listing";
import { zoneNeed } from "../zone-need";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => `Alerts, ${zoneId}`);

export default page<"zoneId">((names, search) => {
  const filter = alertSearch({ ...alertFilterOf(search), zone: names.zoneId });
  return {
    needs: [zoneNeed(names), list(alertsQuery(filter.toString()), parseAlerts, listAlerts, Object.fromEntries(filter))],
    screen: <ZoneAlertsScreen {...names} />,
  };
});
