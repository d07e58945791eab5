import { one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { DivergenceScreen } from "@/components/reconciliation/divergence-screen";
import { divergenceQuery } from "@/components/reconciliation/queries";
import { parseDivergenceId } from "@/lib/reconciliation/input";
import { readDivergence } from "@/lib/reconciliation/service";

export const generateMetadata = titled<"divergenceId">(({ divergenceId }) => `Divergence ${divergenceId}`);

export default page<"divergenceId">((names) => ({
  needs: [one(divergenceQuery(names.divergenceId), parseDivergenceId, readDivergence, names)],
  screen: <DivergenceScreen {...names} />,
}));
