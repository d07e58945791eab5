import { read } from "@/app/_server/read";
import { parseZoneId } from "@/lib/zones/input";
import { readZone } from "@/lib/zones/service";

export const GET = read(parseZoneId, readZone);
