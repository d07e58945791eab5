import { list, one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { OperationScreen } from "@/components/operations/operation-screen";
import { itemsQuery, operationQuery } from "@/components/operations/queries";
import { among } from "@/components/ui/among";
import { parseItems, parseOperationId } from "@/lib/operations/input";
import { listItems, readOperation } from "@/lib/operations/reading";
import { itemStates } from "@/lib/operations/views";

export const generateMetadata = titled<"operationId">(({ operationId }) => `OP-${operationId}`);

export default page<"operationId">((names, search) => {
  const outcome = among(itemStates, search.outcome, null);
  return {
    needs: [
      one(operationQuery(names.operationId), parseOperationId, readOperation, names),
      list(itemsQuery(names.operationId, outcome), parseItems, listItems, { ...names, ...(outcome && { outcome }) }),
    ],
    screen: <OperationScreen {...names} />,
  };
});
