import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { parseGroupFilter } from "@/lib/dead-letters/input";
import { listGroups } from "@/lib/dead-letters/service";

export const GET = read(parseGroupFilter, shared(listGroups));
