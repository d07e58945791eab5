import { read } from "@/app/_server/read";
import { readAlert } from "@/lib/alerting/one-alert";
import { parseAlertId } from "@/lib/alerts/input";

export const GET = read(parseAlertId, readAlert);
