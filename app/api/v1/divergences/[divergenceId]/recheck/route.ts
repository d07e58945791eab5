import { write } from "@/app/_server/write";
import { parseRecheck } from "@/lib/reconciliation/input";
import { requestRecheck } from "@/lib/reconciliation/service";

export const POST = write(parseRecheck, requestRecheck);
