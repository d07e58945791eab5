import { one } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { ContractScreen } from "@/components/contracts/contract-screen";
import { contractQuery } from "@/components/contracts/queries";
import { readZoneContract } from "@/lib/zones/contract-tab";
import { parseZoneId } from "@/lib/zones/input";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => `Contract of ${zoneId}`);

export default page<"zoneId">((names) => ({
  needs: [one(contractQuery(names.zoneId), parseZoneId, readZoneContract, names)],
  screen: <ContractScreen {...names} />,
}));
