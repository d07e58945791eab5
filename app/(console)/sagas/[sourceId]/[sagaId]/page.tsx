import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { sagaQuery } from "@/components/sagas/queries";
import { SagaScreen } from "@/components/sagas/saga-screen";
import { parseSagaId } from "@/lib/sagas/input";
import { readSaga } from "@/lib/sagas/service";

export const metadata: Metadata = { title: "Saga" };

export default page<"sourceId" | "sagaId">((id) => ({
  needs: [one(sagaQuery(id), parseSagaId, readSaga, id)],
  screen: <SagaScreen id={id} />,
}));
