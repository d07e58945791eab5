import { write } from "@/app/_server/write";
import { parseGroupTicket } from "@/lib/dead-letters/triage/input";
import { setGroupTicket } from "@/lib/dead-letters/triage/service";

export const POST = write(parseGroupTicket, setGroupTicket);
