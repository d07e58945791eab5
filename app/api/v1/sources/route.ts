import { read } from "@/app/_server/read";
import { parseNothing } from "@/lib/operators/input";
import { readSources } from "@/lib/zones/sources";

export const GET = read(parseNothing, readSources);
