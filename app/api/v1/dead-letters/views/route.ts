import { read } from "@/app/_server/read";
import { write } from "@/app/_server/write";
import { parseSaved } from "@/lib/dead-letters/input";
import { listSaved, saveView } from "@/lib/dead-letters/saved";
import { parseNothing } from "@/lib/operators/input";

export const GET = read(parseNothing, listSaved);
export const POST = write(parseSaved, saveView);
