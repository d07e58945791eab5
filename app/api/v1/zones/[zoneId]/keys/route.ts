import { read } from "@/app/_server/read";
import { parseKeysPage } from "@/lib/zones/input";
import { readZoneKeys } from "@/lib/zones/service";

export const GET = read(parseKeysPage, readZoneKeys);
