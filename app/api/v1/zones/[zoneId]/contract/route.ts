import { read } from "@/app/_server/read";
import { readZoneContract } from "@/lib/zones/contract-tab";
import { parseZoneId } from "@/lib/zones/input";

export const GET = read(parseZoneId, readZoneContract);
