import { write } from "@/app/_server/write";
import { parseAcknowledge } from "@/lib/alerts/input";
import { acknowledgeAlert } from "@/lib/alerts/service";

export const POST = write(parseAcknowledge, acknowledgeAlert);
