import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { parseGroupFilter } from "@/lib/dead-letters/input";
import { listGroups } from "@/lib/dead-letters/service";
import { asksMe } from "@/lib/dead-letters/triage/query.rules";

export const GET = read(parseGroupFilter, shared(listGroups, asksMe));
