import { write } from "@/app/_server/write";
import { parseGroupAssign } from "@/lib/dead-letters/triage/input";
import { assignGroup } from "@/lib/dead-letters/triage/service";

export const POST = write(parseGroupAssign, assignGroup);
