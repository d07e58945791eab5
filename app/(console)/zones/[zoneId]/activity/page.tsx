import { list } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { activityQuery } from "@/components/zones/queries";
import { ZoneActivityScreen } from "@/components/zones/zone-activity-screen";
import { readZoneActivity } from "@/lib/zones/activity";
import { parseActivity } from "@/lib/zones/input";
import { zoneNeed } from "../zone-need";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => `Activity, ${zoneId}`);

export default page<"zoneId">((names) => ({
  needs: [zoneNeed(names), list(activityQuery(names.zoneId), parseActivity, readZoneActivity, names)],
  screen: <ZoneActivityScreen {...names} />,
}));
