import { write } from "@/app/_server/write";
import { parseAct } from "@/lib/operations/input";
import { requestDiscard } from "@/lib/operations/service";

export const POST = write(parseAct, requestDiscard);
