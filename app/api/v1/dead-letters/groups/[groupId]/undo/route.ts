import { write } from "@/app/_server/write";
import { parseUndoRegroup } from "@/lib/dead-letters/regrouping/input";
import { undoRegroup } from "@/lib/dead-letters/regrouping/service";

export const POST = write(parseUndoRegroup, undoRegroup);
