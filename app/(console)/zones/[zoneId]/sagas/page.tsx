import { list, one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { valuesOf } from "@/app/_server/values";
import { filterSearch } from "@/components/sagas/filter";
import { sagasQuery, successQuery } from "@/components/sagas/queries";
import { ZoneSagasScreen } from "@/components/zones/zone-sagas-screen";
import { parseSagaFilter, parseSuccess } from "@/lib/sagas/input";
import { listSagas, readSuccess } from "@/lib/sagas/service";
import { zoneNeed } from "../zone-need";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => `Sagas, ${zoneId}`);

export default page<"zoneId">((names, { q = "" }) => {
  const search = filterSearch(q, names.zoneId);
  return {
    needs: [
      zoneNeed(names),
      list(sagasQuery(search), parseSagaFilter, listSagas, valuesOf(new URLSearchParams(search))),
      one(successQuery(names.zoneId, "24h"), parseSuccess, readSuccess, { zone: names.zoneId, span: "24h" }),
    ],
    screen: <ZoneSagasScreen {...names} />,
  };
});
