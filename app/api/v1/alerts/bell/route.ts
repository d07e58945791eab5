import { read } from "@/app/_server/read";
import { readBell } from "@/lib/alerts/listing";
import { parseNothing } from "@/lib/operators/input";

export const GET = read(parseNothing, readBell);
