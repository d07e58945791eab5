import { write } from "@/app/_server/write";
import { parseGroupNote } from "@/lib/dead-letters/triage/input";
import { noteGroup } from "@/lib/dead-letters/triage/service";

export const POST = write(parseGroupNote, noteGroup);
