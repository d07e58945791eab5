import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { sumGroups } from "@/lib/dead-letters/grouped";
import { parseGrouped } from "@/lib/dead-letters/input";
import { asksMe } from "@/lib/dead-letters/triage/query.rules";

export const GET = read(parseGrouped, shared(sumGroups, asksMe));
