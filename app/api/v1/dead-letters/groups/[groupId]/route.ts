import { read } from "@/app/_server/read";
import { parseGroupId } from "@/lib/dead-letters/input";
import { readGroup } from "@/lib/dead-letters/service";

export const GET = read(parseGroupId, readGroup);
