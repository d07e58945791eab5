import { write } from "@/app/_server/write";
import { parseResolve } from "@/lib/operations/input";
import { requestResolve } from "@/lib/operations/service";

export const POST = write(parseResolve, requestResolve);
