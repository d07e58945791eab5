import { list, one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { OperationScreen } from "@/components/operations/operation-screen";
import { itemsQuery, operationQuery, proofQuery } from "@/components/operations/queries";
import { among } from "@/components/ui/among";
import { parseItems, parseOperationId, parseProof } from "@/lib/operations/input";
import { readProof } from "@/lib/operations/proof";
import { listItems, readOperation } from "@/lib/operations/reading";
import { itemStates } from "@/lib/operations/views";
import { proofStates } from "@/lib/proofs/rules";

export const generateMetadata = titled<"operationId">(({ operationId }) => `OP-${operationId}`);

export default page<"operationId">((names, search) => {
  const outcome = among(itemStates, search.outcome, null);
  const state = among(proofStates, search.proof, null);
  return {
    needs: [
      one(operationQuery(names.operationId), parseOperationId, readOperation, names),
      list(itemsQuery(names.operationId, outcome), parseItems, listItems, { ...names, ...(outcome && { outcome }) }),
      list(proofQuery(names.operationId, state), parseProof, readProof, { ...names, ...(state && { state }) }),
    ],
    screen: <OperationScreen {...names} />,
  };
});
