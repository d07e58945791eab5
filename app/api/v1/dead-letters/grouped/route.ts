import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { sumGroups } from "@/lib/dead-letters/grouped";
import { parseGrouped } from "@/lib/dead-letters/input";

export const GET = read(parseGrouped, shared(sumGroups));
