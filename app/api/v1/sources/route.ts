import { read } from "@/app/_server/read";
import { parseNothing } from "@/lib/operators/input";
import { readSources } from "@/lib/sources/service";

export const GET = read(parseNothing, readSources);
