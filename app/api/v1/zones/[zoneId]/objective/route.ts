import { read } from "@/app/_server/read";
import { readObjective } from "@/lib/objectives/service";
import { parseZoneId } from "@/lib/zones/input";

export const GET = read(parseZoneId, readObjective);
