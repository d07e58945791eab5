import { read } from "@/app/_server/read";
import { readPaged } from "@/lib/notifications/paged";
import { parseNothing } from "@/lib/operators/input";

export const GET = read(parseNothing, readPaged);
