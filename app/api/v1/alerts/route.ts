import { read } from "@/app/_server/read";
import { parseAlerts } from "@/lib/alerts/input";
import { listAlerts } from "@/lib/alerts/listing";

export const GET = read(parseAlerts, listAlerts);
