import { me } from "@/app/_server/me";
import { read } from "@/app/_server/read";
import { parseNothing } from "@/lib/operators/input";

export const GET = read(parseNothing, me, { early: true });
