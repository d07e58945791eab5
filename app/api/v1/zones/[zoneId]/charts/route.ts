import { read } from "@/app/_server/read";
import { readZoneCharts } from "@/lib/zones/charts";
import { parseCharts } from "@/lib/zones/input";

export const GET = read(parseCharts, readZoneCharts);
