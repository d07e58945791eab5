import { write } from "@/app/_server/write";
import { parseMerge } from "@/lib/dead-letters/regrouping/input";
import { mergeGroups } from "@/lib/dead-letters/regrouping/service";

export const POST = write(parseMerge, mergeGroups);
