import { read } from "@/app/_server/read";
import { parseDivergences } from "@/lib/reconciliation/input";
import { listDivergences } from "@/lib/reconciliation/service";

export const GET = read(parseDivergences, listDivergences);
