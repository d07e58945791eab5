import { read } from "@/app/_server/read";
import { parseCharts } from "@/lib/zones/input";
import { readZoneCharts } from "@/lib/zones/service";

export const GET = read(parseCharts, readZoneCharts);
