import { read } from "@/app/_server/read";
import { readContractTab } from "@/lib/contracts/service";
import { parseZoneId } from "@/lib/zones/input";

export const GET = read(parseZoneId, readContractTab);
