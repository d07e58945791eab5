import { read } from "@/app/_server/read";
import { readWaiting } from "@/lib/cases/waiting";
import { parseNothing } from "@/lib/operators/input";

export const GET = read(parseNothing, readWaiting);
