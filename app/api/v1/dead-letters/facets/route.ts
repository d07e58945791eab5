import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { readFacets } from "@/lib/dead-letters/service";
import { parseNothing } from "@/lib/operators/input";

export const GET = read(parseNothing, shared(readFacets));
