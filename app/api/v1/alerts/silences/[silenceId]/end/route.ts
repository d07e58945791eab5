import { write } from "@/app/_server/write";
import { parseSilenceEnd } from "@/lib/alerts/input";
import { endSilence } from "@/lib/alerts/service";

export const POST = write(parseSilenceEnd, endSilence);
