import { read } from "@/app/_server/read";
import { readZoneActivity } from "@/lib/zones/activity";
import { parseActivity } from "@/lib/zones/input";

export const GET = read(parseActivity, readZoneActivity);
