import { read } from "@/app/_server/read";
import { parseGroupId } from "@/lib/dead-letters/input";
import { readReadiness } from "@/lib/operations/readiness";

export const GET = read(parseGroupId, readReadiness);
