import { read } from "@/app/_server/read";
import { parseItems } from "@/lib/operations/input";
import { listItems } from "@/lib/operations/reading";

export const GET = read(parseItems, listItems);
