import { read } from "@/app/_server/read";
import { write } from "@/app/_server/write";
import { parseSplit, parseSplitPreview } from "@/lib/dead-letters/regrouping/input";
import { previewSplit } from "@/lib/dead-letters/regrouping/reading";
import { splitGroup } from "@/lib/dead-letters/regrouping/service";

export const GET = read(parseSplitPreview, previewSplit);
export const POST = write(parseSplit, splitGroup);
