import { read } from "@/app/_server/read";
import { parseRules } from "@/lib/reconciliation/input";
import { readRules } from "@/lib/reconciliation/running";

export const GET = read(parseRules, readRules);
