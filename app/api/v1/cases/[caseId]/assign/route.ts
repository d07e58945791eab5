import { write } from "@/app/_server/write";
import { parseAssign } from "@/lib/cases/input";
import { assignCase } from "@/lib/cases/service";

export const POST = write(parseAssign, assignCase);
