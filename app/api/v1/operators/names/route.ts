import { read } from "@/app/_server/read";
import { parseNothing } from "@/lib/operators/input";
import { listNames } from "@/lib/operators/service";

export const GET = read(parseNothing, listNames);
