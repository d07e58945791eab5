import type { Metadata } from "next";
import { one } from "@/app/_server/needs";
import { page } from "@/app/_server/page";
import { PersonScreen } from "@/components/operators/person-screen";
import { personQuery } from "@/components/operators/queries";
import { parseOperatorId } from "@/lib/operators/input";
import { readOperator } from "@/lib/operators/service";

export const metadata: Metadata = { title: "Person" };

export default page<"operatorId">(({ operatorId }) => ({
  needs: [one(personQuery(operatorId), parseOperatorId, readOperator, { operatorId })],
  screen: <PersonScreen operatorId={operatorId} />,
}));
