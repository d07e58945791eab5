import { read } from "@/app/_server/read";
import { parseSourceId } from "@/lib/sources/input";
import { readSource } from "@/lib/zones/source";

export const GET = read(parseSourceId, readSource);
