import { read } from "@/app/_server/read";
import { parseReplay } from "@/lib/alerts/input";
import { replayCondition } from "@/lib/alerts/replay";

export const GET = read(parseReplay, replayCondition);
