import { read } from "@/app/_server/read";
import { parseSourceId } from "@/lib/sources/input";
import { readSourceCheck } from "@/lib/sources/service";

export const GET = read(parseSourceId, readSourceCheck);
