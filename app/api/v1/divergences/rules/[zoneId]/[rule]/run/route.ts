import { write } from "@/app/_server/write";
import { parseRun } from "@/lib/reconciliation/input";
import { requestRun } from "@/lib/reconciliation/running";

export const POST = write(parseRun, requestRun);
