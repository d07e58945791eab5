import { read } from "@/app/_server/read";
import { shared } from "@/app/_server/shared";
import { parseNothing } from "@/lib/operators/input";
import { readSources } from "@/lib/zones/sources";

export const GET = read(parseNothing, shared(readSources));
