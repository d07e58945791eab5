import { read } from "@/app/_server/read";
import { parseNothing } from "@/lib/operators/input";
import { readZones } from "@/lib/zones/service";

export const GET = read(parseNothing, readZones);
