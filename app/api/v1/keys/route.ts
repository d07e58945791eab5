import { read } from "@/app/_server/read";
import { parseKey } from "@/lib/timeline/input";
import { readKey } from "@/lib/timeline/service";

export const GET = read(parseKey, readKey);
