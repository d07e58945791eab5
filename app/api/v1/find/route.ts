import { read } from "@/app/_server/read";
import { findAnything } from "@/lib/timeline/find";
import { parseFind } from "@/lib/timeline/input";

export const GET = read(parseFind, findAnything);
