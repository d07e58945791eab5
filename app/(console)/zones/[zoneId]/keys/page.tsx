import { list } from "@/app/_server/needs";
import { page, titled } from "@/app/_server/page";
import { among } from "@/components/ui/among";
import { KeysScreen } from "@/components/zones/keys-screen";
import { keysQuery } from "@/components/zones/queries";
import { unresolvedReasons } from "@/lib/facts/rules";
import { parseKeysPage } from "@/lib/zones/input";
import { readZoneKeys } from "@/lib/zones/service";

export const generateMetadata = titled<"zoneId">(({ zoneId }) => `Open keys, ${zoneId}`);

export default page<"zoneId">((names, search) => {
  const reason = among(unresolvedReasons, search.reason, null);
  return {
    needs: [list(keysQuery(names.zoneId, reason), parseKeysPage, readZoneKeys, { ...names, ...(reason && { reason }) })],
    screen: <KeysScreen {...names} />,
  };
});
