import { list } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { valuesOf } from "@/app/_server/values";
import { groupSearch } from "@/components/dead-letters/filter";
import { groupsQuery } from "@/components/dead-letters/queries";
import { ZoneLettersScreen } from "@/components/zones/zone-letters-screen";
import { parseGroupFilter } from "@/lib/dead-letters/input";
import { listGroups } from "@/lib/dead-letters/service";
import { zoneNeed } from "../zone-need";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => `Dead letters, ${zoneId}`);

export default page<"zoneId">((names, { q = "" }) => {
  const search = groupSearch(q, `zone:${names.zoneId}`);
  return {
    needs: [zoneNeed(names), list(groupsQuery(search), parseGroupFilter, listGroups, valuesOf(new URLSearchParams(search)))],
    screen: <ZoneLettersScreen {...names} />,
  };
});
