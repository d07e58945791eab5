import type { Metadata } from "next";
import { list } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { AlertsScreen } from "@/components/alerts/alerts-screen";
import { alertFilterOf, alertSearch } from "@/components/alerts/filter";
import { alertsQuery } from "@/components/alerts/queries";
import { parseAlerts } from "@/lib/alerts/input";
import { listAlerts } from "@/lib/alerts/listing";

export const metadata: Metadata = { title: "Alerts" };

export default page((_, search) => {
  const filter = alertSearch(alertFilterOf(search));
  return {
    needs: [list(alertsQuery(filter.toString()), parseAlerts, listAlerts, Object.fromEntries(filter))],
    screen: <AlertsScreen />,
  };
});
