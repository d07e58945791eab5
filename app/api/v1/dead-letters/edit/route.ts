import { write } from "@/app/_server/write";
import { parseEdit } from "@/lib/operations/input";
import { requestEdit } from "@/lib/operations/service";

export const POST = write(parseEdit, requestEdit);
