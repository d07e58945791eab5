import { read } from "@/app/_server/read";
import { parseAlertId } from "@/lib/alerts/input";
import { readAlert } from "@/lib/alerts/listing";

export const GET = read(parseAlertId, readAlert);
