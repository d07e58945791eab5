import type { Metadata } from "next";
import { list } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { valuesOf } from "@/app/_server/values";
import { groupSearch } from "@/components/dead-letters/filter";
import { GroupsScreen } from "@/components/dead-letters/groups-screen";
import { groupsQuery } from "@/components/dead-letters/queries";
import { parseGroupFilter } from "@/lib/dead-letters/input";
import { listGroups } from "@/lib/dead-letters/service";

export const metadata: Metadata = { title: "Dead letters" };

export default page((_, { q = "" }) => {
  const search = groupSearch(q);
  return {
    needs: [list(groupsQuery(search), parseGroupFilter, listGroups, valuesOf(new URLSearchParams(search)))],
    screen: <GroupsScreen />,
  };
});
