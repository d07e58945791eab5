import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { parseNothing } from "@/lib/operators/input";
import { readZones } from "@/lib/zones/service";

export const GET = read(parseNothing, shared(readZones));
