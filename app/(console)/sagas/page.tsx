import type { Metadata } from "next";
import { list, one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { valuesOf } from "@/app/_server/values";
import { filterSearch } from "@/components/sagas/filter";
import { sagasQuery, successQuery } from "@/components/sagas/queries";
import { SagasScreen } from "@/components/sagas/sagas-screen";
import { parseSagaFilter, parseSuccess } from "@/lib/sagas/input";
import { listSagas, readSuccess } from "@/lib/sagas/service";

export const metadata: Metadata = { title: "Sagas" };

export default page((_, { q = "" }) => {
  const search = filterSearch(q);
  return {
    needs: [
      list(sagasQuery(search), parseSagaFilter, listSagas, valuesOf(new URLSearchParams(search))),
      one(successQuery(null, "24h"), parseSuccess, readSuccess, { span: "24h" }),
    ],
    screen: <SagasScreen />,
  };
});
