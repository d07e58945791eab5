import { read } from "@/app/_server/read";
import { parseSourceLag } from "@/lib/zones/input";
import { readSourceLag } from "@/lib/zones/source";

export const GET = read(parseSourceLag, readSourceLag);
