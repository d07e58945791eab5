import { one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { CaseScreen } from "@/components/cases/case-screen";
import { caseQuery } from "@/components/cases/queries";
import { parseCaseId } from "@/lib/cases/input";
import { readCase } from "@/lib/cases/reading";

export const generateMetadata = titled<"caseId">(({ caseId }) => `CASE-${caseId}`);

export default page<"caseId">((names) => ({
  needs: [one(caseQuery(names.caseId), parseCaseId, readCase, names)],
  screen: <CaseScreen {...names} />,
}));
