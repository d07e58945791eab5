import { read } from "@/app/_server/read";
import { parseDivergenceId } from "@/lib/reconciliation/input";
import { readDivergence } from "@/lib/reconciliation/service";

export const GET = read(parseDivergenceId, readDivergence);
