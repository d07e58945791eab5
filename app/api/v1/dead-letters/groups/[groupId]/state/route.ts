import { write } from "@/app/_server/write";
import { parseGroupState } from "@/lib/dead-letters/triage/input";
import { setGroupState } from "@/lib/dead-letters/triage/service";

export const POST = write(parseGroupState, setGroupState);
